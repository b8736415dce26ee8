package dev.sconce.base;

/**
 * Conversion between IEEE 754 binary16 bits and float.
 *
 * <pre>
 * ┌──────┬─────────────────┬───────────────────┐
 * │ sign │ exponent (5)    │ fraction (10)     │
 * └──────┴─────────────────┴───────────────────┘
 *    15     14 … 10           9 … 0
 * </pre>
 */
public final class HalfFloat {

  private HalfFloat() {}

  /** Returns the float with exactly the value of the given half; a NaN stays a NaN. */
  public static float toFloat(short bits) {
    return Float.float16ToFloat(bits);
  }

  /** Returns the bits of the half nearest to the given float, ties to even. */
  public static short fromFloat(float value) {
    return Float.floatToFloat16(value);
  }

  /**
   * Returns the bits of the half nearest to the given double, ties to even, rounded once.
   *
   * <p>Rounding to float first would round twice; instead the intermediate float is rounded to odd,
   * which keeps enough information for the second rounding to be right.
   */
  public static short fromDouble(double value) {
    return fromFloat(RoundToOdd.toFloat(value));
  }
}
