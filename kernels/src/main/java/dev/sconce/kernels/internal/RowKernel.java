package dev.sconce.kernels.internal;

import dev.sconce.kernels.QuantizedRows;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Functions of one contiguous float32 row; offsets are in bytes, counts in elements. */
public interface RowKernel {

  /** Returns the sum of the row. */
  float sum(MemorySegment x, long offset, int count);

  /** Returns the greatest element; NaN if there is one, -∞ for an empty row. */
  float max(MemorySegment x, long offset, int count);

  /** y = softmax(x). */
  void softmax(MemorySegment x, long xOffset, MemorySegment y, long yOffset, int count);

  /** y = log(softmax(x)). */
  void logSoftmax(MemorySegment x, long xOffset, MemorySegment y, long yOffset, int count);

  /**
   * y = (x - mean) / √(variance + epsilon) · weight + bias, with the variance about the mean.
   *
   * @param statistics where mean and 1/√(variance + epsilon) go
   */
  void layerNorm(
      MemorySegment x,
      long xOffset,
      MemorySegment y,
      long yOffset,
      int count,
      @Nullable MemorySegment weight,
      @Nullable MemorySegment bias,
      double epsilon,
      float[] statistics);

  /** y = x / √(mean(x²) + epsilon) · (weight + weightShift). */
  void rmsNorm(
      MemorySegment x,
      long xOffset,
      MemorySegment y,
      long yOffset,
      int count,
      @Nullable MemorySegment weight,
      float weightShift,
      double epsilon);

  /** Quantizes one row dynamically. */
  void quantize(MemorySegment x, long xOffset, QuantizedRows to, int row);

  /** Writes the float values of one quantized row. */
  void dequantize(QuantizedRows from, int row, MemorySegment y, long yOffset);
}
