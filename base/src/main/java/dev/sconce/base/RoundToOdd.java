package dev.sconce.base;

/**
 * Narrowing that never loses the knowledge that something was cut off.
 *
 * <p>A value that is not a float becomes the neighbour whose last bit is 1. A later rounding to a
 * type with at least two bits less then gives what a single rounding of the double would give
 * (Boldo and Melquiond, "Emulation of FMA and correctly rounded sums", 2008).
 */
final class RoundToOdd {

  private RoundToOdd() {}

  static float toFloat(double value) {
    float nearest = (float) value;
    if (nearest == value || Float.isNaN(nearest)) {
      return nearest;
    }
    int bits = Float.floatToRawIntBits(nearest);
    if ((bits & 1) != 0) {
      return nearest;
    }
    // The nearest float is even: take the neighbour on the other side of the value.
    boolean towardsZero = Math.abs((double) nearest) > Math.abs(value);
    return Float.intBitsToFloat(towardsZero ? bits - 1 : bits + 1);
  }
}
