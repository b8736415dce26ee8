package dev.sconce.kernels.internal.vector;

import static jdk.incubator.vector.VectorOperators.LSHL;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Functions of vectors that give the same bits whether they are interpreted or compiled.
 *
 * <p>{@code lanewise(EXP)} and {@code reduceLanes(ADD)} do not: compiled, they are other code than
 * interpreted, so that results would depend on how long a process has run. Everything here is made
 * of operations that are rounded exactly once.
 */
final class VectorMath {

  private static final VectorSpecies<Float> F = VectorUnit.FLOAT;
  private static final int LANES = F.length();

  private static final VectorShuffle<Float> BY_8 = rotation(8);
  private static final VectorShuffle<Float> BY_4 = rotation(4);
  private static final VectorShuffle<Float> BY_2 = rotation(2);
  private static final VectorShuffle<Float> BY_1 = rotation(1);

  /** What {@link #scaledExp} multiplies its results by, so that all are normal floats. */
  static final float SCALE = 0x1p24f;

  // e^x is 0 below.
  private static final float LEAST = -104;

  private static final float LOG2_E = 1.442695f;
  private static final float LN_2_HIGH = 6.931472e-1f;
  private static final float LN_2_LOW = -1.9046542e-9f;

  // Adding it rounds to an integer, which is then in the lowest bits.
  private static final float ROUNDING = 0x1.8p23f;

  private static final int FRACTION_BITS = 23;

  // From the bits of an integer plus ROUNDING to the biased exponent of 2 to its power, times
  // SCALE.
  private static final int TO_EXPONENT = 127 + 24 - Float.floatToRawIntBits(ROUNDING);

  private VectorMath() {}

  private static VectorShuffle<Float> rotation(int lanes) {
    return VectorShuffle.iota(F, lanes, 1, true);
  }

  /** Returns the sum of the lanes: of halves, of their halves, and so on. */
  static float sum(FloatVector v) {
    FloatVector sum = v;
    if (LANES >= 16) {
      sum = sum.add(sum.rearrange(BY_8));
    }
    if (LANES >= 8) {
      sum = sum.add(sum.rearrange(BY_4));
    }
    sum = sum.add(sum.rearrange(BY_2));
    return sum.add(sum.rearrange(BY_1)).lane(0);
  }

  /** Returns e^x for x ≤ 0. */
  static FloatVector expOfNegative(FloatVector x) {
    return scaledExp(x).mul(1 / SCALE);
  }

  /**
   * Returns 2²⁴ · e^x for x ≤ 0 as 2²⁴ · 2ⁿ · e^r, where n is the integer nearest to x/ln 2 and r
   * what is left; within two units of the last place. The polynomial is that of Cephes' expf.
   */
  static FloatVector scaledExp(FloatVector x) {
    FloatVector clamped = x.max(LEAST);
    FloatVector shifted = clamped.fma(broadcast(LOG2_E), broadcast(ROUNDING));
    FloatVector n = shifted.sub(ROUNDING);
    FloatVector r = n.fma(broadcast(-LN_2_HIGH), clamped);
    r = n.fma(broadcast(-LN_2_LOW), r);
    FloatVector e = polynomial(r).fma(r.mul(r), r).add(1f);
    IntVector exponent = shifted.reinterpretAsInts().add(TO_EXPONENT);
    return e.mul(exponent.lanewise(LSHL, FRACTION_BITS).reinterpretAsFloats());
  }

  private static FloatVector polynomial(FloatVector r) {
    return broadcast(1.9875691e-4f)
        .fma(r, broadcast(1.3981999e-3f))
        .fma(r, broadcast(8.333452e-3f))
        .fma(r, broadcast(4.1665796e-2f))
        .fma(r, broadcast(1.6666666e-1f))
        .fma(r, broadcast(5e-1f));
  }

  private static FloatVector broadcast(float value) {
    return FloatVector.broadcast(F, value);
  }
}
