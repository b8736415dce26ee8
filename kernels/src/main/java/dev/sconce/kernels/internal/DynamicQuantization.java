package dev.sconce.kernels.internal;

/**
 * The parameters of a dynamically quantized row, as XNNPACK computes them, all in float32.
 *
 * <pre>
 *   rmin = min(0, min x)      rmax = max(0, max x)
 *   scale = rmin == rmax ? 1 : 255 / (rmax - rmin)
 *   zero point = rint(clamp((-128 + rmin·scale) + (127 + rmax·scale) > 0
 *                           ? -128 - rmin·scale : 127 - rmax·scale, -128, 127))
 *   q = clamp(rint(x·scale) + zero point, -128, 127);   x ≈ (q - zero point) / scale
 * </pre>
 *
 * @param scale what x is multiplied with
 * @param zeroPoint what is added then
 */
public record DynamicQuantization(float scale, int zeroPoint) {

  /** Returns the parameters for a row with the given extremes. */
  public static DynamicQuantization of(float min, float max) {
    float rowMin = Math.min(0, min);
    float rowMax = Math.max(0, max);
    float scale = rowMin == rowMax ? 1 : 255f / (rowMax - rowMin);
    float scaledMin = rowMin * scale;
    float scaledMax = rowMax * scale;
    float zeroPoint =
        (-128 + scaledMin) + (127 + scaledMax) > 0 ? -128 - scaledMin : 127 - scaledMax;
    return new DynamicQuantization(
        scale, (int) Math.rint(Math.max(-128, Math.min(127, zeroPoint))));
  }
}
