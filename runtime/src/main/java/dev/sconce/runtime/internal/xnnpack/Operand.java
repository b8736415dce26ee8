package dev.sconce.runtime.internal.xnnpack;

import dev.sconce.kernels.QuantizedRows;
import dev.sconce.kernels.StridedCopy;
import dev.sconce.runtime.internal.execution.OperatorFailure;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A value of a bound call: its sizes and its memory now. Elements are row-major, except those of a
 * {@link TransposedViews transposed view}.
 */
final class Operand {

  private final PlannedValue value;
  private int[] shape;
  private long @Nullable [] strides;
  private long count;
  private MemorySegment data = MemorySegment.NULL;
  private @Nullable QuantizedRows rows;

  Operand(PlannedValue value) {
    this.value = value;
    this.shape = value.dims();
    this.count = count(shape);
    if (value.role() instanceof PlannedValue.Role.Constant(MemorySegment bytes)) {
      this.data = bytes;
    }
  }

  PlannedValue value() {
    return value;
  }

  /** Returns the sizes; do not write to it. */
  int[] shape() {
    return shape;
  }

  int rank() {
    return shape.length;
  }

  int size(int dim) {
    return shape[dim];
  }

  /** Returns the size of the last dimension; 1 of a scalar. */
  int lastSize() {
    return shape.length == 0 ? 1 : shape[shape.length - 1];
  }

  /** Returns the number of elements. */
  long count() {
    return count;
  }

  /** Returns the product of the sizes from a dimension up to another, excluded. */
  int count(int from, int to) {
    long product = 1;
    for (int i = from; i < to; i++) {
      product *= shape[i];
    }
    return (int) product;
  }

  /**
   * Sets the sizes.
   *
   * @throws OperatorFailure if that are more than 2³¹ - 1 elements
   */
  void reshape(int... sizes) {
    long product = count(sizes);
    if (product < 0) {
      throw OperatorFailure.of(
          "expected %s to have at most %d elements, found shape %s",
          value.name(), Integer.MAX_VALUE, Arrays.toString(sizes));
    }
    shape = sizes.clone();
    strides = null;
    count = product;
  }

  /** Sets the sizes and how many elements to step for each dimension. */
  void reshapeAsView(int[] sizes, long[] steps) {
    reshape(sizes);
    strides = steps.clone();
  }

  /** Returns how many elements to step for each dimension; do not write to it. */
  long[] strides() {
    long[] own = strides;
    return own == null ? StridedCopy.contiguousStrides(shape) : own;
  }

  private static long count(int[] sizes) {
    long product = 1;
    for (int size : sizes) {
      product *= size;
      if (size < 0 || product > Integer.MAX_VALUE) {
        return -1;
      }
    }
    return product;
  }

  /** Returns the size in bytes. */
  long byteSize() {
    if (value.storage() == Storage.QUANTIZED_ROWS) {
      return QuantizedRows.byteSize(rowCount(), rowLength());
    }
    return count * value.storage().bytes();
  }

  private int rowCount() {
    return count(0, shape.length - value.rowDims());
  }

  private int rowLength() {
    return Math.max(1, count(shape.length - value.rowDims(), shape.length));
  }

  /** Returns the memory, at least {@link #byteSize} long. */
  MemorySegment data() {
    return data;
  }

  void seat(MemorySegment memory) {
    data = memory;
    if (value.storage() == Storage.QUANTIZED_ROWS) {
      rows = new QuantizedRows(memory, rowCount(), rowLength());
    }
  }

  /** Returns the memory of a {@link Storage#QUANTIZED_ROWS} value. */
  QuantizedRows rows() {
    QuantizedRows view = rows;
    if (view == null) {
      throw new IllegalStateException(value.name() + " has no rows");
    }
    return view;
  }

  /** Checks a rule about this operand's shape. */
  void require(boolean holds, String expected) {
    if (!holds) {
      throw OperatorFailure.of(
          "expected %s to have %s, found shape %s", value.name(), expected, Arrays.toString(shape));
    }
  }

  @Override
  public String toString() {
    return value.name() + Arrays.toString(shape);
  }
}
