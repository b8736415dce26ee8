package dev.sconce.kernels;

import dev.sconce.base.BFloat16;
import dev.sconce.kernels.internal.Memory;
import java.lang.foreign.MemorySegment;

/**
 * Conversions between float32 and the narrower types that tensors are stored in.
 *
 * <p>Operands are contiguous; results may lie where operands of the same element size lie.
 */
public final class Conversions {

  private static final int GRAIN = 16_384;

  private final ComputePool pool;

  Conversions(ComputePool pool) {
    this.pool = pool;
  }

  /** Converts the elements {@code first … end-1}. */
  @FunctionalInterface
  private interface Part {
    void run(long first, long end);
  }

  private void forParts(long count, Part part) {
    pool.run(
        Math.toIntExact(Math.ceilDiv(count, (long) GRAIN)),
        (index, slot) -> part.run((long) index * GRAIN, Math.min(count, (index + 1L) * GRAIN)));
  }

  private static void require(MemorySegment x, int xSize, MemorySegment y, int ySize, long count) {
    MatrixProducts.requireBytes("convert", "x", x, xSize * count);
    MatrixProducts.requireBytes("convert", "y", y, ySize * count);
  }

  /** float16 → float32. */
  public void halfToFloat(MemorySegment x, MemorySegment y, long count) {
    require(x, 2, y, 4, count);
    forParts(
        count,
        (first, end) -> {
          for (long i = first; i < end; i++) {
            Memory.setFloat(y, 4 * i, Float.float16ToFloat(Memory.getShort(x, 2 * i)));
          }
        });
  }

  /** float32 → float16, to nearest, ties to even. */
  public void floatToHalf(MemorySegment x, MemorySegment y, long count) {
    require(x, 4, y, 2, count);
    forParts(
        count,
        (first, end) -> {
          for (long i = first; i < end; i++) {
            Memory.setShort(y, 2 * i, Float.floatToFloat16(Memory.getFloat(x, 4 * i)));
          }
        });
  }

  /** bfloat16 → float32. */
  public void bfloat16ToFloat(MemorySegment x, MemorySegment y, long count) {
    require(x, 2, y, 4, count);
    forParts(
        count,
        (first, end) -> {
          for (long i = first; i < end; i++) {
            Memory.setFloat(y, 4 * i, BFloat16.toFloat(Memory.getShort(x, 2 * i)));
          }
        });
  }

  /** float32 → bfloat16, to nearest, ties to even. */
  public void floatToBfloat16(MemorySegment x, MemorySegment y, long count) {
    require(x, 4, y, 2, count);
    forParts(
        count,
        (first, end) -> {
          for (long i = first; i < end; i++) {
            Memory.setShort(y, 2 * i, BFloat16.fromFloat(Memory.getFloat(x, 4 * i)));
          }
        });
  }

  /** float32 → the float32 that float16 would keep. */
  public void roundToHalf(MemorySegment x, MemorySegment y, long count) {
    require(x, 4, y, 4, count);
    forParts(
        count,
        (first, end) -> {
          for (long i = first; i < end; i++) {
            short half = Float.floatToFloat16(Memory.getFloat(x, 4 * i));
            Memory.setFloat(y, 4 * i, Float.float16ToFloat(half));
          }
        });
  }

  /** float32 → the float32 that bfloat16 would keep. */
  public void roundToBfloat16(MemorySegment x, MemorySegment y, long count) {
    require(x, 4, y, 4, count);
    forParts(
        count,
        (first, end) -> {
          for (long i = first; i < end; i++) {
            short half = BFloat16.fromFloat(Memory.getFloat(x, 4 * i));
            Memory.setFloat(y, 4 * i, BFloat16.toFloat(half));
          }
        });
  }

  /** y = (x - zero point) · scale. */
  public void dequantize(QuantizedType type, MemorySegment x, MemorySegment y, long count) {
    require(x, 1, y, 4, count);
    float scale = type.scale();
    int zeroPoint = type.zeroPoint();
    forParts(
        count,
        (first, end) -> {
          for (long i = first; i < end; i++) {
            Memory.setFloat(y, 4 * i, (type.value(Memory.getByte(x, i)) - zeroPoint) * scale);
          }
        });
  }

  /**
   * y = clamp(rint(x · (1 / scale)) + zero point), as XNNPACK does it: with the reciprocal rounded
   * to float32. NaN becomes the zero point.
   */
  public void quantize(QuantizedType type, MemorySegment x, MemorySegment y, long count) {
    require(x, 4, y, 1, count);
    float reciprocal = 1 / type.scale();
    int zeroPoint = type.zeroPoint();
    int min = type.min();
    int max = type.max();
    forParts(
        count,
        (first, end) -> {
          for (long i = first; i < end; i++) {
            long rounded = (long) Math.rint(Memory.getFloat(x, 4 * i) * reciprocal);
            int value = (int) Math.max(min - zeroPoint, Math.min(max - zeroPoint, rounded));
            Memory.setByte(y, i, (byte) (value + zeroPoint));
          }
        });
  }

  /** y = (x - zero point) · scale, row by row. */
  public void dequantize(QuantizedRows x, MemorySegment y) {
    int columns = x.columns();
    MatrixProducts.requireBytes("convert", "y", y, 4L * x.rows() * columns);
    pool.run(
        x.rows(),
        (row, slot) -> {
          float scale = Memory.getFloat(x.memory(), x.scaleOffset(row));
          int zeroPoint = Memory.getInt(x.memory(), x.zeroPointOffset(row));
          long from = x.valuesOffset(row);
          long to = 4L * row * columns;
          for (int i = 0; i < columns; i++) {
            int value = Memory.getByte(x.memory(), from + i) - zeroPoint;
            Memory.setFloat(y, to + 4L * i, value * scale);
          }
        });
  }

  /** int32 → int64, where the int64 shall lie. */
  public static void widenInPlace(MemorySegment memory, long count) {
    MatrixProducts.requireBytes("convert", "memory", memory, 8 * count);
    // From the last to the first: nothing is overwritten that is still to be read.
    for (long i = count - 1; i >= 0; i--) {
      int value = Memory.getInt(memory, 4 * i);
      Memory.setInt(memory, 8 * i, value);
      Memory.setInt(memory, 8 * i + 4, value >> 31);
    }
  }
}
