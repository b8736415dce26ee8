package dev.sconce.format.pte;

import dev.sconce.base.DType;
import dev.sconce.format.Ints;
import dev.sconce.format.Longs;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A value of a method ({@code EValue} of the schema), as the file describes it. */
public sealed interface PteValue {

  /** None. */
  record NullValue() implements PteValue {}

  /**
   * An integer.
   *
   * @param value its initial value
   */
  record IntValue(long value) implements PteValue {}

  /**
   * A bool.
   *
   * @param value its initial value
   */
  record BoolValue(boolean value) implements PteValue {}

  /**
   * A floating-point number.
   *
   * @param value its initial value
   */
  record DoubleValue(double value) implements PteValue {}

  /**
   * A string.
   *
   * @param value its value
   */
  record StringValue(String value) implements PteValue {}

  /**
   * A list of integers, boxed: the items are indices of {@link IntValue}s, which instructions may
   * change.
   *
   * @param items indices of values
   */
  record IntListValue(Longs items) implements PteValue {}

  /**
   * A list of floating-point numbers, literally.
   *
   * @param items the numbers
   */
  record DoubleListValue(List<Double> items) implements PteValue {
    /** Copies the list. */
    public DoubleListValue {
      items = List.copyOf(items);
    }
  }

  /**
   * A list of bools, literally.
   *
   * @param items the bools
   */
  record BoolListValue(List<Boolean> items) implements PteValue {
    /** Copies the list. */
    public BoolListValue {
      items = List.copyOf(items);
    }
  }

  /**
   * A list of tensors.
   *
   * @param items indices of {@link TensorValue}s
   */
  record TensorListValue(Ints items) implements PteValue {}

  /**
   * A list of tensors, some of which may be absent.
   *
   * @param items indices of {@link TensorValue}s, or -1 for none
   */
  record OptionalTensorListValue(Ints items) implements PteValue {}

  /**
   * A tensor. Where its data comes from follows from {@code dataBufferIndex}, {@code allocation}
   * and {@code extra} together; see {@link #dataSource}.
   *
   * @param dtype the element type
   * @param storageOffset 0 in every valid file
   * @param sizes the sizes; upper bounds if the tensor is dynamic
   * @param dimOrder the dimensions from outermost to innermost in memory
   * @param requiresGrad whether training asks for a gradient
   * @param dataBufferIndex index of the constant or the initial value; 0 for none
   * @param allocation the place in the planned memory, or null
   * @param layout 0, strided, in every valid file
   * @param dynamism whether the sizes may change at run time
   * @param extra what most tensors do not need, or null
   */
  record TensorValue(
      DType dtype,
      int storageOffset,
      Ints sizes,
      Ints dimOrder,
      boolean requiresGrad,
      int dataBufferIndex,
      @Nullable Allocation allocation,
      int layout,
      ShapeDynamism dynamism,
      @Nullable ExtraTensorInfo extra)
      implements PteValue {

    /** Returns a static, row-major tensor whose data is set at run time. */
    public static TensorValue of(DType dtype, int... sizes) {
      int[] order = new int[sizes.length];
      for (int i = 0; i < order.length; i++) {
        order[i] = i;
      }
      return new TensorValue(
          dtype, 0, Ints.of(sizes), Ints.of(order), false, 0, null, 0, ShapeDynamism.STATIC, null);
    }

    /** Returns the tensor with sizes that may change, up to the recorded ones. */
    public TensorValue bounded() {
      return with(dataBufferIndex, allocation, ShapeDynamism.DYNAMIC_BOUND);
    }

    /** Returns the tensor with data of the file: a constant, or the initial value if planned. */
    public TensorValue withData(int newDataBufferIndex) {
      return with(newDataBufferIndex, allocation, dynamism);
    }

    /** Returns the tensor in planned memory. */
    public TensorValue at(int memoryId, long offset) {
      return with(dataBufferIndex, new Allocation(memoryId, offset), dynamism);
    }

    private TensorValue with(
        int newIndex, @Nullable Allocation newAllocation, ShapeDynamism newDynamism) {
      return new TensorValue(
          dtype,
          storageOffset,
          sizes,
          dimOrder,
          requiresGrad,
          newIndex,
          newAllocation,
          layout,
          newDynamism,
          extra);
    }

    /** Returns where the tensor's data comes from. */
    public DataSource dataSource() {
      boolean external = extra != null && extra.location() == TensorDataLocation.EXTERNAL;
      if (allocation == null) {
        if (external) {
          return DataSource.EXTERNAL;
        }
        return dataBufferIndex > 0 ? DataSource.CONSTANT : DataSource.CALLER;
      }
      if (external) {
        return DataSource.PLANNED_FROM_EXTERNAL;
      }
      return dataBufferIndex > 0 ? DataSource.PLANNED_WITH_INITIAL_VALUE : DataSource.PLANNED;
    }

    /**
     * Returns the number of elements, at their upper bound if the tensor is dynamic.
     *
     * @throws ArithmeticException if it does not fit a long; in a verified program it does
     */
    public long elementCount() {
      long count = 1;
      for (int i = 0; i < sizes.size(); i++) {
        count = Math.multiplyExact(count, (long) sizes.at(i));
      }
      return count;
    }

    /**
     * Returns the size of the data in bytes, at its upper bound if the tensor is dynamic.
     *
     * @throws ArithmeticException if it does not fit a long; in a verified program it does
     */
    public long byteSize() {
      return dtype.byteSize(elementCount());
    }
  }

  /** Where a tensor's data comes from. */
  enum DataSource {
    /** A constant of the file. */
    CONSTANT,
    /** Set at run time: an unplanned input or output. */
    CALLER,
    /** Planned memory: an activation or a mutable buffer without initial value. */
    PLANNED,
    /** Planned memory that starts with a value of the mutable data segment. */
    PLANNED_WITH_INITIAL_VALUE,
    /** A constant that is looked up by name, in a {@code .ptd} file or among the named data. */
    EXTERNAL,
    /** Planned memory that starts with a value that is looked up by name. */
    PLANNED_FROM_EXTERNAL
  }

  /**
   * A place in the planned memory.
   *
   * @param memoryId which arena: the index in {@link ExecutionPlan#plannedBufferSizes}, from 1
   * @param offset where in it, in bytes
   */
  record Allocation(int memoryId, long offset) {}

  /** Whether a tensor's sizes may change. */
  enum ShapeDynamism implements SchemaEnum {
    /** They never change. */
    STATIC(0),
    /** They may change, within the bytes of the recorded sizes. */
    DYNAMIC_BOUND(1),
    /** They may grow without bound. */
    DYNAMIC_UNBOUND(2);

    private final int code;

    ShapeDynamism(int code) {
      this.code = code;
    }

    @Override
    public int code() {
      return code;
    }
  }

  /** Where a tensor's data lies. */
  enum TensorDataLocation implements SchemaEnum {
    /** In this file. */
    SEGMENT(0),
    /** In another file, by name. */
    EXTERNAL(1);

    private final int code;

    TensorDataLocation(int code) {
      this.code = code;
    }

    @Override
    public int code() {
      return code;
    }
  }

  /**
   * What most tensors do not need.
   *
   * @param mutableDataSegmentsIndex index in {@link PteProgram#mutableDataSegments}; runtimes
   *     always use 0
   * @param fullyQualifiedName the name in the model, or null
   * @param location where the data lies
   * @param deviceType the schema's device code: 0 CPU, 1 CUDA
   * @param deviceIndex which device of that type
   */
  record ExtraTensorInfo(
      long mutableDataSegmentsIndex,
      @Nullable String fullyQualifiedName,
      TensorDataLocation location,
      int deviceType,
      int deviceIndex) {}
}
