package dev.sconce.graph.quantize;

/** Rounding and clamping of quotients, written so that the JIT compiles them to vector code. */
final class Rounding {

  /**
   * 1.5·2^23: adding it to a float of magnitude below 2^22 leaves no fraction bits, so that the
   * hardware rounds to the nearest integer, ties to even; subtracting it again is exact.
   */
  private static final float MAGIC = 0x1.8p23f;

  private Rounding() {}

  /** Returns the integer nearest to a value inside the given bounds, ties to even. */
  static float roundClamped(float value, float min, float max) {
    // Clamping first keeps the magnitude small; the bounds are integers, so the order is free.
    float clamped = Math.min(Math.max(value, min), max);
    return (clamped + MAGIC) - MAGIC;
  }
}
