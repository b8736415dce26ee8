package dev.sconce.ops;

import java.util.Arrays;

/** The sizes of a tensor; immutable. */
public final class Shape {

  /** The shape of a tensor without dimensions, which has one element. */
  public static final Shape SCALAR = new Shape(new long[0]);

  private final long[] sizes;

  private Shape(long[] sizes) {
    this.sizes = sizes;
  }

  /** Returns the shape with the given sizes, outermost first. */
  public static Shape of(long... sizes) {
    return sizes.length == 0 ? SCALAR : new Shape(sizes.clone());
  }

  /** Returns the number of dimensions. */
  public int rank() {
    return sizes.length;
  }

  /** Returns the size of a dimension. */
  public long size(int dimension) {
    return sizes[dimension];
  }

  /** Returns a copy of the sizes. */
  public long[] toArray() {
    return sizes.clone();
  }

  /**
   * Returns the number of elements.
   *
   * @throws ArithmeticException if it does not fit a long
   */
  public long elements() {
    long count = 1;
    for (long size : sizes) {
      count = Math.multiplyExact(count, size);
    }
    return count;
  }

  /** Returns this shape with another size in one dimension. */
  public Shape with(int dimension, long size) {
    long[] copy = sizes.clone();
    copy[dimension] = size;
    return new Shape(copy);
  }

  /** Returns this shape without one dimension. */
  public Shape without(int dimension) {
    long[] copy = new long[sizes.length - 1];
    System.arraycopy(sizes, 0, copy, 0, dimension);
    System.arraycopy(sizes, dimension + 1, copy, dimension, copy.length - dimension);
    return new Shape(copy);
  }

  /** Returns this shape with one more dimension before the given one. */
  public Shape insert(int dimension, long size) {
    long[] copy = new long[sizes.length + 1];
    System.arraycopy(sizes, 0, copy, 0, dimension);
    copy[dimension] = size;
    System.arraycopy(sizes, dimension, copy, dimension + 1, sizes.length - dimension);
    return new Shape(copy);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape shape && Arrays.equals(sizes, shape.sizes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(sizes);
  }

  @Override
  public String toString() {
    return Arrays.toString(sizes);
  }
}
