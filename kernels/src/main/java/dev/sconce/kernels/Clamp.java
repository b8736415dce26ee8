package dev.sconce.kernels;

/**
 * Bounds that a result is clamped to; NaN passes.
 *
 * @param min the lower bound
 * @param max the upper bound
 */
public record Clamp(float min, float max) {

  /** No bounds. */
  public static final Clamp NONE = new Clamp(Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY);

  /** The bounds of a rectified linear unit. */
  public static final Clamp RELU = new Clamp(0, Float.POSITIVE_INFINITY);

  /** Returns the value within the bounds. */
  public float apply(float value) {
    return value < min ? min : value > max ? max : value;
  }

  /** Returns whether there are no bounds. */
  public boolean isNone() {
    return min == Float.NEGATIVE_INFINITY && max == Float.POSITIVE_INFINITY;
  }
}
