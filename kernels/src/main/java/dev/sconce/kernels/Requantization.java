package dev.sconce.kernels;

import dev.sconce.kernels.internal.Memory;
import java.lang.foreign.MemorySegment;

/**
 * From int32 sums to bytes, as XNNPACK's float32 requantization does it:
 *
 * <pre>  y = clamp(rint((sum + bias) · (xScale · weightScale / yScale)) + yZeroPoint, min, max)
 * </pre>
 *
 * <p>Ties are rounded to even; the scale is computed in float32.
 */
final class Requantization {

  private final float[] factors;
  private final int[] bias;
  private final int zeroPoint;
  private final int min;
  private final int max;

  Requantization(
      QuantizedType x, QuantizedType y, float[] weightScales, int[] bias, int min, int max) {
    this.factors = new float[weightScales.length];
    for (int i = 0; i < factors.length; i++) {
      factors[i] = x.scale() * weightScales[i] / y.scale();
    }
    this.bias = bias;
    this.zeroPoint = y.zeroPoint();
    this.min = Math.max(min, y.min());
    this.max = Math.min(max, y.max());
  }

  void store(int sum, int output, MemorySegment y, long offset) {
    float scaled = (float) (sum + bias[output]) * factors[factors.length == 1 ? 0 : output];
    long rounded = (long) Math.rint(scaled) + zeroPoint;
    Memory.setByte(y, offset, (byte) Math.clamp(rounded, min, max));
  }
}
