package dev.sconce.runtime;

import dev.sconce.base.DType;
import dev.sconce.base.InvalidInputException;
import dev.sconce.runtime.internal.memory.ElementAccess;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A dense array of numbers off the Java heap: an element type, a shape, and memory.
 *
 * <p>The factories that take arrays copy them; {@link #ofSegment} shares the caller's memory.
 * Memory made by a factory is freed when nothing refers to it any more. A tensor that a {@link
 * Method} returned is a view of the method's memory: it shows what the next execution writes there,
 * and reading it after the method was closed throws {@link InvalidInputException}; {@link #copy}
 * makes it independent.
 *
 * <p>Shape and element type never change. Any thread may read; writes through {@link #memory} are
 * the writer's to synchronise.
 *
 * <p>Elements are numbered in row-major order of the shape whatever the {@linkplain #dimOrder()
 * order in memory} is.
 */
public final class Tensor {

  private static final long ALIGNMENT = 64;

  private final DType dtype;
  private final long[] shape;
  private final int[] dimOrder;
  private final MemorySegment memory;

  private Tensor(DType dtype, long[] shape, int[] dimOrder, MemorySegment memory) {
    this.dtype = dtype;
    this.shape = shape;
    this.dimOrder = dimOrder;
    this.memory = memory;
  }

  /** Returns a float32 tensor with one dimension. */
  public static Tensor of(float[] data) {
    return of(data, data.length);
  }

  /** Returns a float32 tensor of the given shape; no sizes mean a tensor without dimensions. */
  public static Tensor of(float[] data, long... shape) {
    return copyOf(DType.FLOAT32, MemorySegment.ofArray(data), data.length, shape);
  }

  /** Returns a float64 tensor with one dimension. */
  public static Tensor of(double[] data) {
    return of(data, data.length);
  }

  /** Returns a float64 tensor of the given shape. */
  public static Tensor of(double[] data, long... shape) {
    return copyOf(DType.FLOAT64, MemorySegment.ofArray(data), data.length, shape);
  }

  /** Returns an int64 tensor with one dimension. */
  public static Tensor of(long[] data) {
    return of(data, data.length);
  }

  /** Returns an int64 tensor of the given shape. */
  public static Tensor of(long[] data, long... shape) {
    return copyOf(DType.INT64, MemorySegment.ofArray(data), data.length, shape);
  }

  /** Returns an int32 tensor with one dimension. */
  public static Tensor of(int[] data) {
    return of(data, data.length);
  }

  /** Returns an int32 tensor of the given shape. */
  public static Tensor of(int[] data, long... shape) {
    return copyOf(DType.INT32, MemorySegment.ofArray(data), data.length, shape);
  }

  /** Returns an int8 tensor of the given shape. */
  public static Tensor of(byte[] data, long... shape) {
    return copyOf(DType.INT8, MemorySegment.ofArray(data), data.length, shape);
  }

  /** Returns a uint8 tensor of the given shape. */
  public static Tensor ofUnsigned(byte[] data, long... shape) {
    return copyOf(DType.UINT8, MemorySegment.ofArray(data), data.length, shape);
  }

  /** Returns a bool tensor of the given shape. */
  public static Tensor of(boolean[] data, long... shape) {
    byte[] bytes = new byte[data.length];
    for (int i = 0; i < data.length; i++) {
      bytes[i] = (byte) (data[i] ? 1 : 0);
    }
    return copyOf(DType.BOOL, MemorySegment.ofArray(bytes), data.length, shape);
  }

  /** Returns an int64 tensor without dimensions. */
  public static Tensor scalar(long value) {
    return of(new long[] {value}, new long[0]);
  }

  /** Returns a float32 tensor without dimensions. */
  public static Tensor scalar(float value) {
    return of(new float[] {value}, new long[0]);
  }

  /**
   * Returns a tensor of any type of numbers, each rounded from a double.
   *
   * @throws InvalidInputException if the type is not one of numbers or bools, or the shape does not
   *     suit the number of values
   */
  public static Tensor of(DType dtype, double[] data, long... shape) {
    Tensor tensor = zeros(dtype, shape);
    tensor.requireCount(data.length);
    for (int i = 0; i < data.length; i++) {
      ElementAccess.store(tensor.memory, dtype, i, data[i]);
    }
    return tensor;
  }

  /** Returns a tensor of zeros. */
  public static Tensor zeros(DType dtype, long... shape) {
    long[] checked = checkShape(dtype, shape);
    return new Tensor(dtype, checked, rowMajor(shape.length), allocate(dtype, checked));
  }

  /**
   * Returns a tensor over the caller's memory, which is shared, not copied. Off-heap memory that
   * any thread may access and that is aligned to the element size reaches programs without a copy.
   *
   * @param memory at least as many bytes as the shape needs
   * @throws InvalidInputException if the memory is too small
   */
  public static Tensor ofSegment(DType dtype, MemorySegment memory, long... shape) {
    return ofSegment(dtype, memory, shape, rowMajor(shape.length));
  }

  /**
   * Returns a tensor over the caller's memory in a given dim order.
   *
   * @param dimOrder the dimensions, outermost in memory first: {@code 0, 2, 3, 1} is channels-last
   * @throws InvalidInputException if the memory is too small or the order is no permutation
   */
  public static Tensor ofSegment(DType dtype, MemorySegment memory, long[] shape, int[] dimOrder) {
    long[] checked = checkShape(dtype, shape);
    int[] sorted = dimOrder.clone();
    Arrays.sort(sorted);
    if (!Arrays.equals(sorted, rowMajor(shape.length))) {
      throw new InvalidInputException(
          "Tensor",
          "dimOrder",
          "a permutation of 0 … " + (shape.length - 1),
          Arrays.toString(dimOrder));
    }
    long bytes = dtype.byteSize(numelOf(checked));
    if (memory.byteSize() < bytes) {
      throw new InvalidInputException(
          "Tensor",
          "memory",
          bytes + " bytes for " + dtype + Arrays.toString(shape),
          memory.byteSize() + " bytes");
    }
    return new Tensor(dtype, checked, dimOrder.clone(), memory.asSlice(0, bytes));
  }

  private static Tensor copyOf(DType dtype, MemorySegment source, long count, long... shape) {
    Tensor tensor = zeros(dtype, shape);
    tensor.requireCount(count);
    tensor.memory.copyFrom(source);
    return tensor;
  }

  private void requireCount(long count) {
    if (count != numel()) {
      throw new InvalidInputException(
          "Tensor", "data", numel() + " elements for " + this.describe(), count + " elements");
    }
  }

  private static long[] checkShape(DType dtype, long[] shape) {
    long[] copy = shape.clone();
    try {
      long numel = 1;
      for (long size : copy) {
        if (size < 0 || size > Integer.MAX_VALUE) {
          throw new InvalidInputException(
              "Tensor", "shape", "sizes from 0 to 2^31-1", Arrays.toString(shape));
        }
        numel = Math.multiplyExact(numel, Math.max(size, 1));
      }
      dtype.byteSize(numel);
      return copy;
    } catch (ArithmeticException e) {
      throw new InvalidInputException(
          "Tensor", "shape", "fewer than 2^63 bytes", Arrays.toString(shape));
    }
  }

  private static MemorySegment allocate(DType dtype, long[] shape) {
    return Arena.ofAuto().allocate(dtype.byteSize(numelOf(shape)), ALIGNMENT);
  }

  private static long numelOf(long[] shape) {
    long numel = 1;
    for (long size : shape) {
      numel *= size;
    }
    return numel;
  }

  private static int[] rowMajor(int rank) {
    return IntStream.range(0, rank).toArray();
  }

  /** Returns the element type. */
  public DType dtype() {
    return dtype;
  }

  /** Returns a copy of the shape. */
  public long[] shape() {
    return shape.clone();
  }

  /** Returns the number of dimensions. */
  public int rank() {
    return shape.length;
  }

  /** Returns the size of one dimension. */
  public long size(int dim) {
    return shape[dim];
  }

  /** Returns the number of elements. */
  public long numel() {
    return numelOf(shape);
  }

  /** Returns a copy of the dim order: the dimensions, outermost in memory first. */
  public int[] dimOrder() {
    return dimOrder.clone();
  }

  /** Returns whether the elements lie in row-major order. */
  public boolean isContiguous() {
    return Arrays.equals(dimOrder, rowMajor(shape.length));
  }

  /**
   * Returns the memory, in dim order: a view, not a copy.
   *
   * @throws InvalidInputException if its owner was closed
   */
  public MemorySegment memory() {
    if (!memory.scope().isAlive()) {
      throw new InvalidInputException(
          "Tensor", describe(), "a tensor whose owner is open", "one whose method was closed");
    }
    return memory;
  }

  /**
   * Returns the elements of a float32 tensor in row-major order.
   *
   * @throws InvalidInputException if it has another type
   */
  public float[] toFloatArray() {
    return ordered(DType.FLOAT32).toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
  }

  /**
   * Returns the elements of a float64 tensor in row-major order; any other type of numbers with
   * {@link #toDoubles}.
   *
   * @throws InvalidInputException if it has another type
   */
  public double[] toDoubleArray() {
    return ordered(DType.FLOAT64).toArray(ValueLayout.JAVA_DOUBLE_UNALIGNED);
  }

  /**
   * Returns the elements of an int64 tensor in row-major order.
   *
   * @throws InvalidInputException if it has another type
   */
  public long[] toLongArray() {
    return ordered(DType.INT64).toArray(ValueLayout.JAVA_LONG_UNALIGNED);
  }

  /**
   * Returns the elements of an int32 tensor in row-major order.
   *
   * @throws InvalidInputException if it has another type
   */
  public int[] toIntArray() {
    return ordered(DType.INT32).toArray(ValueLayout.JAVA_INT_UNALIGNED);
  }

  /** Returns the bytes in row-major order, little-endian, whatever the type. */
  public byte[] toByteArray() {
    return copy(rowMajor(shape.length)).memory.toArray(ValueLayout.JAVA_BYTE);
  }

  /**
   * Returns the elements of a bool tensor in row-major order.
   *
   * @throws InvalidInputException if it has another type
   */
  public boolean[] toBooleanArray() {
    byte[] bytes = ordered(DType.BOOL).toArray(ValueLayout.JAVA_BYTE);
    boolean[] result = new boolean[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      result[i] = bytes[i] != 0;
    }
    return result;
  }

  /** Returns the elements of any type of numbers as doubles, in row-major order. */
  public double[] toDoubles() {
    double[] result = new double[Math.toIntExact(numel())];
    MemorySegment ordered = copyIfReordered().memory();
    for (int i = 0; i < result.length; i++) {
      result[i] = ElementAccess.load(ordered, dtype, i);
    }
    return result;
  }

  /** Returns one element of any type of numbers as a double. */
  public double get(long... index) {
    return ElementAccess.load(memory(), dtype, offsetOf(index));
  }

  /**
   * Returns one element of an integer or bool type.
   *
   * @throws InvalidInputException if it has another type, or there is no such element
   */
  public long getLong(long... index) {
    return ElementAccess.loadLong(memory(), dtype, offsetOf(index));
  }

  private long offsetOf(long[] index) {
    if (index.length != shape.length) {
      throw new InvalidInputException(
          "Tensor.get", "index", shape.length + " numbers", Arrays.toString(index));
    }
    long[] strides = strides();
    long offset = 0;
    for (int i = 0; i < index.length; i++) {
      if (index[i] < 0 || index[i] >= shape[i]) {
        throw new InvalidInputException(
            "Tensor.get", "index", "an element of " + describe(), Arrays.toString(index));
      }
      offset += index[i] * strides[i];
    }
    return offset;
  }

  /** Returns a copy with memory of its own, in the same dim order. */
  public Tensor copy() {
    MemorySegment target = allocate(dtype, shape);
    target.copyFrom(memory());
    return new Tensor(dtype, shape, dimOrder, target);
  }

  /**
   * Returns a copy with memory of its own in another dim order, with the same logical elements.
   *
   * @throws InvalidInputException if the order is no permutation of the dimensions
   */
  public Tensor copy(int... order) {
    Tensor target = ofSegment(dtype, allocate(dtype, shape), shape, order);
    copyTo(target.memory, order);
    return target;
  }

  /** Copies the elements into memory in a given dim order. */
  void copyTo(MemorySegment target, int[] order) {
    MemorySegment source = memory();
    if (Arrays.equals(order, dimOrder)) {
      MemorySegment.copy(source, 0, target, 0, source.byteSize());
    } else {
      ElementAccess.reorder(
          source, strides(), target, stridesOf(shape, order), shape, dtype.size());
    }
  }

  private MemorySegment ordered(DType expected) {
    if (dtype != expected) {
      throw new InvalidInputException(
          "Tensor", "dtype", expected.toString(), describe() + "; toDoubles() reads any type");
    }
    return copyIfReordered().memory();
  }

  private Tensor copyIfReordered() {
    return isContiguous() ? this : copy(rowMajor(shape.length));
  }

  private long[] strides() {
    return stridesOf(shape, dimOrder);
  }

  private static long[] stridesOf(long[] shape, int[] dimOrder) {
    long[] strides = new long[shape.length];
    long stride = 1;
    for (int i = dimOrder.length - 1; i >= 0; i--) {
      strides[dimOrder[i]] = stride;
      stride *= shape[dimOrder[i]];
    }
    return strides;
  }

  private String describe() {
    return dtype + Arrays.toString(shape);
  }

  /** Returns type, shape and the first elements, on several lines for two dimensions and more. */
  @Override
  public String toString() {
    return memory.scope().isAlive()
        ? TensorPrinter.print(this)
        : describe() + " (its owner was closed)";
  }
}
