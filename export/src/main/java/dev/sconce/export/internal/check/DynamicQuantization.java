package dev.sconce.export.internal.check;

/**
 * What XNNPACK makes of a row before it meets quantised weights: integers of 8 bits with a scale
 * and a zero point of the row's own, and back. All in float32.
 *
 * <pre>
 * low = min(0, min x)    high = max(0, max x)    s = 255 / (high - low)
 * z = -128 - low·s  or  127 - high·s, whichever side errs less, clamped and rounded
 * x' = (clamp(rint(x·s) + z) - z) / s
 * </pre>
 */
final class DynamicQuantization {

  private static final float MIN = -128;
  private static final float MAX = 127;

  private DynamicQuantization() {}

  /** Replaces rows by what their quantised form stands for. */
  static void apply(float[] values, int columns) {
    for (int start = 0; start < values.length; start += columns) {
      row(values, start, start + columns);
    }
  }

  private static void row(float[] values, int start, int end) {
    float low = 0;
    float high = 0;
    for (int i = start; i < end; i++) {
      low = Math.min(low, values[i]);
      high = Math.max(high, values[i]);
    }
    float scale = low == high ? 1 : (MAX - MIN) / (high - low);
    float inverse = 1 / scale;
    float scaledLow = low * scale;
    float scaledHigh = high * scale;
    float zero = (MIN + scaledLow) + (MAX + scaledHigh) > 0 ? MIN - scaledLow : MAX - scaledHigh;
    float rounded = (float) Math.rint(Math.clamp(zero, MIN, MAX));
    for (int i = start; i < end; i++) {
      float q = Math.clamp((float) Math.rint(values[i] * scale) + rounded, MIN, MAX);
      values[i] = (q - rounded) * inverse;
    }
  }
}
