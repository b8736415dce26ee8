package dev.sconce.graph;

import dev.sconce.base.DType;
import java.util.List;
import java.util.stream.Collectors;

/** The type of a {@link Value}. */
public sealed interface Type {

  /**
   * A tensor of one element type; its rank is fixed, its dimensions may be symbolic.
   *
   * @param dtype the element type
   * @param shape the dimensions, outermost first
   */
  record TensorType(DType dtype, List<Dim> shape) implements Type {

    /** Creates a tensor type. */
    public TensorType {
      shape = List.copyOf(shape);
    }

    /** Returns a tensor type with fixed dimensions. */
    public static TensorType of(DType dtype, long... shape) {
      return new TensorType(dtype, java.util.Arrays.stream(shape).mapToObj(Dim::of).toList());
    }

    /** Returns the number of dimensions. */
    public int rank() {
      return shape.size();
    }

    /** Returns a dimension; negative indices count from the end. */
    public Dim dim(int index) {
      return shape.get(index < 0 ? index + shape.size() : index);
    }

    /** Returns whether every dimension is fixed. */
    public boolean isFixed() {
      return shape.stream().allMatch(Dim::isFixed);
    }

    /** Returns the number of elements. */
    public Dim elements() {
      return shape.stream().reduce(Dim.ONE, Dim::times);
    }

    /** Returns the largest sizes that the symbols allow. */
    public long[] maxShape() {
      return shape.stream().mapToLong(Dim::max).toArray();
    }

    /** Returns the bytes that the largest value takes. */
    public long maxBytes() {
      long elements = 1;
      for (long size : maxShape()) {
        elements = Math.multiplyExact(elements, size);
      }
      return dtype.byteSize(elements);
    }

    @Override
    public String toString() {
      return dtype.torchName()
          + shape.stream().map(Dim::toString).collect(Collectors.joining(", ", "[", "]"));
    }
  }

  /**
   * A list of tensors, the result of operators such as split.
   *
   * @param elements the types of the tensors
   */
  record TensorListType(List<TensorType> elements) implements Type {

    /** Creates a list type. */
    public TensorListType {
      elements = List.copyOf(elements);
    }

    @Override
    public String toString() {
      return elements.stream().map(Type::toString).collect(Collectors.joining(", ", "(", ")"));
    }
  }

  /**
   * An integer outside of tensors; what is known of it is a polynomial over symbols.
   *
   * @param value the value
   */
  record IntType(Dim value) implements Type {
    @Override
    public String toString() {
      return "int(" + value + ")";
    }
  }

  /** A double outside of tensors. */
  enum DoubleType implements Type {
    /** The one double type. */
    DOUBLE;

    @Override
    public String toString() {
      return "double";
    }
  }

  /** A boolean outside of tensors. */
  enum BoolType implements Type {
    /** The one boolean type. */
    BOOL;

    @Override
    public String toString() {
      return "bool";
    }
  }
}
