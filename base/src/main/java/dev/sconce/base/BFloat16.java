package dev.sconce.base;

/**
 * Conversion between bfloat16 bits and float.
 *
 * <pre>
 * ┌──────┬─────────────────┬──────────────┐
 * │ sign │ exponent (8)    │ fraction (7) │   the upper half of a binary32
 * └──────┴─────────────────┴──────────────┘
 *    15     14 … 7            6 … 0
 * </pre>
 */
public final class BFloat16 {

  private static final short QUIET_NAN = 0x7FC0;

  private BFloat16() {}

  /** Returns the float with exactly the value of the given bfloat16. */
  public static float toFloat(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }

  /** Returns the bits of the bfloat16 nearest to the given float, ties to even; NaN is 0x7FC0. */
  public static short fromFloat(float value) {
    if (Float.isNaN(value)) {
      return QUIET_NAN;
    }
    int bits = Float.floatToRawIntBits(value);
    int roundingBias = 0x7FFF + ((bits >>> 16) & 1);
    return (short) ((bits + roundingBias) >>> 16);
  }

  /** Returns the bits of the bfloat16 nearest to the given double, ties to even, rounded once. */
  public static short fromDouble(double value) {
    return fromFloat(RoundToOdd.toFloat(value));
  }
}
