package dev.sconce.format.npy;

import dev.sconce.base.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;

/**
 * An array as it stands in an npy file.
 *
 * @param dtype the element type
 * @param shape the sizes, outermost first
 * @param order the byte order of the elements; without meaning for one-byte types
 * @param columnMajor whether the first dimension varies fastest in memory ("Fortran order")
 * @param data the elements
 */
public record NpyArray(
    DType dtype, List<Long> shape, ByteOrder order, boolean columnMajor, MemorySegment data) {

  /** Creates the record with a copy of the shape; the data are not copied. */
  public NpyArray {
    shape = List.copyOf(shape);
  }

  /** Returns an array in the layout that Sconce uses everywhere: row-major, little-endian. */
  public static NpyArray of(DType dtype, List<Long> shape, MemorySegment data) {
    return new NpyArray(dtype, shape, ByteOrder.LITTLE_ENDIAN, false, data);
  }

  /**
   * Returns the same values row-major and little-endian: this array if it is so already, else a
   * copy that lasts as long as something refers to it.
   */
  public NpyArray canonical() {
    boolean swap = order == ByteOrder.BIG_ENDIAN && scalarSize() > 1;
    boolean reorder = columnMajor && shape.size() > 1;
    if (!swap && !reorder) {
      return of(dtype, shape, data);
    }
    MemorySegment copy = Arena.ofAuto().allocate(data.byteSize());
    if (reorder) {
      copyRowMajor(copy);
    } else {
      copy.copyFrom(data);
    }
    if (swap) {
      swap(copy, scalarSize());
    }
    return of(dtype, shape, copy);
  }

  /** The size of what has a byte order: a complex element is two scalars. */
  private int scalarSize() {
    return switch (dtype) {
      case COMPLEX32, COMPLEX64, COMPLEX128 -> dtype.size() / 2;
      default -> dtype.size();
    };
  }

  private void copyRowMajor(MemorySegment target) {
    int size = dtype.size();
    int rank = shape.size();
    long[] stride = new long[rank];
    long step = size;
    for (int i = 0; i < rank; i++) {
      stride[i] = step;
      step *= shape.get(i);
    }
    // Counts through the indices in row-major order; "from" follows by the column-major strides.
    long[] index = new long[rank];
    long from = 0;
    for (long to = 0; to < target.byteSize(); to += size) {
      MemorySegment.copy(data, from, target, to, size);
      for (int i = rank - 1; i >= 0; i--) {
        from += stride[i];
        if (++index[i] < shape.get(i)) {
          break;
        }
        from -= stride[i] * index[i];
        index[i] = 0;
      }
    }
  }

  private static void swap(MemorySegment bytes, int size) {
    for (long start = 0; start < bytes.byteSize(); start += size) {
      for (long low = start, high = start + size - 1; low < high; low++, high--) {
        byte b = bytes.get(ValueLayout.JAVA_BYTE, low);
        bytes.set(ValueLayout.JAVA_BYTE, low, bytes.get(ValueLayout.JAVA_BYTE, high));
        bytes.set(ValueLayout.JAVA_BYTE, high, b);
      }
    }
  }
}
