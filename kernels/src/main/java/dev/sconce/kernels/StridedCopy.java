package dev.sconce.kernels;

import dev.sconce.kernels.internal.Memory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * A copy of a box of elements between two tensors that lie in memory in different ways: what
 * transposing, slicing, joining and padding come down to. Immutable; made once for given sizes.
 */
public final class StridedCopy {

  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
  private static final long GRAIN = 65_536;
  // Square tiles keep both sides' cache lines while rows and columns change roles.
  private static final int TILE = 16;

  private final int elementSize;
  // Innermost dimension of the result first; strides in bytes. Two dimensions at least.
  private final long[] sizes;
  private final long[] fromStrides;
  private final long[] toStrides;

  private StridedCopy(int elementSize, long[] sizes, long[] fromStrides, long[] toStrides) {
    this.elementSize = elementSize;
    this.sizes = sizes;
    this.fromStrides = fromStrides;
    this.toStrides = toStrides;
  }

  /**
   * Prepares a copy.
   *
   * @param elementSize 1, 2, 4 or 8 bytes
   * @param sizes the sizes of the box
   * @param fromStrides how many elements to step in the source, by dimension
   * @param toStrides how many elements to step in the target, by dimension
   */
  public static StridedCopy of(int elementSize, int[] sizes, long[] fromStrides, long[] toStrides) {
    long[] merged = new long[sizes.length + 2];
    long[] from = new long[sizes.length + 2];
    long[] to = new long[sizes.length + 2];
    int dims = 0;
    for (int i = sizes.length - 1; i >= 0; i--) {
      if (sizes[i] == 1) {
        continue;
      }
      long fromStep = fromStrides[i] * elementSize;
      long toStep = toStrides[i] * elementSize;
      if (dims > 0
          && fromStep == from[dims - 1] * merged[dims - 1]
          && toStep == to[dims - 1] * merged[dims - 1]) {
        merged[dims - 1] *= sizes[i];
      } else {
        merged[dims] = sizes[i];
        from[dims] = fromStep;
        to[dims] = toStep;
        dims++;
      }
    }
    while (dims < 2) {
      merged[dims] = 1;
      from[dims] = elementSize;
      to[dims] = elementSize;
      dims++;
    }
    return new StridedCopy(
        elementSize,
        Arrays.copyOf(merged, dims),
        Arrays.copyOf(from, dims),
        Arrays.copyOf(to, dims));
  }

  /** Returns the strides of a contiguous tensor, in elements. */
  public static long[] contiguousStrides(int... sizes) {
    long[] strides = new long[sizes.length];
    long stride = 1;
    for (int i = sizes.length - 1; i >= 0; i--) {
      strides[i] = stride;
      stride *= sizes[i];
    }
    return strides;
  }

  /**
   * Copies.
   *
   * @param pool whose threads copy
   * @param from the source
   * @param fromOffset where the box starts in it, in bytes
   * @param to the target, which does not overlap the source
   * @param toOffset where the box starts in it, in bytes
   */
  public void run(
      ComputePool pool, MemorySegment from, long fromOffset, MemorySegment to, long toOffset) {
    long planes = 1;
    for (int i = 2; i < sizes.length; i++) {
      planes *= sizes[i];
    }
    if (planes * sizes[0] * sizes[1] == 0) {
      return;
    }
    // Work is split into strips of rows of planes.
    long rowsPerPart = Math.clamp(GRAIN / (sizes[0] * elementSize), 1, sizes[1]);
    long strips = Math.ceilDiv(sizes[1], rowsPerPart);
    pool.run(
        Math.toIntExact(planes * strips),
        (part, slot) -> {
          long plane = part / strips;
          long first = part % strips * rowsPerPart;
          long end = Math.min(sizes[1], first + rowsPerPart);
          long fromAt = fromOffset + start(plane, fromStrides);
          long toAt = toOffset + start(plane, toStrides);
          copy(from, fromAt, to, toAt, first, end);
        });
  }

  private long start(long plane, long[] strides) {
    long rest = plane;
    long start = 0;
    for (int i = 2; i < sizes.length; i++) {
      start += rest % sizes[i] * strides[i];
      rest /= sizes[i];
    }
    return start;
  }

  private void copy(
      MemorySegment from, long fromAt, MemorySegment to, long toAt, long first, long end) {
    if (fromStrides[0] == elementSize && toStrides[0] == elementSize) {
      long bytes = sizes[0] * elementSize;
      for (long row = first; row < end; row++) {
        MemorySegment.copy(
            from, fromAt + row * fromStrides[1], to, toAt + row * toStrides[1], bytes);
      }
      return;
    }
    for (long row = first; row < end; row += TILE) {
      int rows = (int) Math.min(TILE, end - row);
      for (long column = 0; column < sizes[0]; column += TILE) {
        int columns = (int) Math.min(TILE, sizes[0] - column);
        long fromTile = fromAt + row * fromStrides[1] + column * fromStrides[0];
        long toTile = toAt + row * toStrides[1] + column * toStrides[0];
        switch (elementSize) {
          case 1 -> tile8(from, fromTile, to, toTile, rows, columns);
          case 2 -> tile16(from, fromTile, to, toTile, rows, columns);
          case 4 -> tile32(from, fromTile, to, toTile, rows, columns);
          default -> tile64(from, fromTile, to, toTile, rows, columns);
        }
      }
    }
  }

  private void tile8(
      MemorySegment from, long fromAt, MemorySegment to, long toAt, int rows, int columns) {
    for (int row = 0; row < rows; row++) {
      long a = fromAt + row * fromStrides[1];
      long b = toAt + row * toStrides[1];
      for (int i = 0; i < columns; i++) {
        Memory.setByte(to, b + i * toStrides[0], Memory.getByte(from, a + i * fromStrides[0]));
      }
    }
  }

  private void tile16(
      MemorySegment from, long fromAt, MemorySegment to, long toAt, int rows, int columns) {
    for (int row = 0; row < rows; row++) {
      long a = fromAt + row * fromStrides[1];
      long b = toAt + row * toStrides[1];
      for (int i = 0; i < columns; i++) {
        Memory.setShort(to, b + i * toStrides[0], Memory.getShort(from, a + i * fromStrides[0]));
      }
    }
  }

  private void tile32(
      MemorySegment from, long fromAt, MemorySegment to, long toAt, int rows, int columns) {
    for (int row = 0; row < rows; row++) {
      long a = fromAt + row * fromStrides[1];
      long b = toAt + row * toStrides[1];
      for (int i = 0; i < columns; i++) {
        Memory.setInt(to, b + i * toStrides[0], Memory.getInt(from, a + i * fromStrides[0]));
      }
    }
  }

  private void tile64(
      MemorySegment from, long fromAt, MemorySegment to, long toAt, int rows, int columns) {
    for (int row = 0; row < rows; row++) {
      long a = fromAt + row * fromStrides[1];
      long b = toAt + row * toStrides[1];
      for (int i = 0; i < columns; i++) {
        to.set(LONG, b + i * toStrides[0], from.get(LONG, a + i * fromStrides[0]));
      }
    }
  }
}
