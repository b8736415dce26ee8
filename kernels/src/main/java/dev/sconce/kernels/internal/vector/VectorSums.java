package dev.sconce.kernels.internal.vector;

import dev.sconce.kernels.WeightSums.IntegerRange;
import dev.sconce.kernels.internal.SumKernel;
import dev.sconce.kernels.internal.scalar.ScalarSums;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Sums over groups of weights, a vector of chains at a time. */
final class VectorSums implements SumKernel {

  // Never wider than the chains, and a divisor of their number.
  private static final VectorSpecies<Float> SPECIES =
      FloatVector.SPECIES_PREFERRED.length() <= LANES
          ? FloatVector.SPECIES_PREFERRED
          : FloatVector.SPECIES_512;

  private static final int WIDTH = SPECIES.length();

  @Override
  public float absmax(float[] weights, int start, int length) {
    int whole = length - length % WIDTH;
    FloatVector max = FloatVector.zero(SPECIES);
    for (int i = 0; i < whole; i += WIDTH) {
      max = max.max(FloatVector.fromArray(SPECIES, weights, start + i).abs());
    }
    float result = max.reduceLanes(VectorOperators.MAX);
    for (int i = start + whole; i < start + length; i++) {
      result = Math.max(result, Math.abs(weights[i]));
    }
    return result;
  }

  @Override
  public void products(
      float[] weights, int start, int length, float scale, IntegerRange bounds, float[] sums) {
    int whole = length - length % LANES;
    if (whole == 0) {
      Arrays.fill(sums, 0, 2 * LANES, 0);
    }
    for (int chain = 0; chain < LANES && whole > 0; chain += WIDTH) {
      chains(weights, start + chain, start + whole, scale, bounds, sums, chain);
    }
    ScalarSums.addTail(weights, start, whole, length, scale, bounds, sums);
  }

  private static void chains(
      float[] weights,
      int start,
      int end,
      float scale,
      IntegerRange bounds,
      float[] sums,
      int chain) {
    FloatVector numerator = FloatVector.zero(SPECIES);
    FloatVector denominator = FloatVector.zero(SPECIES);
    float min = bounds.min();
    float max = bounds.max();
    for (int i = start; i < end; i += LANES) {
      FloatVector w = FloatVector.fromArray(SPECIES, weights, i);
      FloatVector q = w.div(scale).max(min).min(max).add(MAGIC).sub(MAGIC);
      numerator = numerator.add(w.mul(q));
      denominator = denominator.add(q.mul(q));
    }
    numerator.intoArray(sums, chain);
    denominator.intoArray(sums, LANES + chain);
  }

  @Override
  public void squares(float[] values, int start, int length, float[] sums) {
    int whole = length - length % LANES;
    for (int chain = 0; chain < LANES; chain += WIDTH) {
      squaresOf(values, start + chain, start + whole, sums, chain);
    }
    ScalarSums.addSquares(values, start, whole, length, sums);
  }

  private static void squaresOf(float[] values, int start, int end, float[] sums, int chain) {
    FloatVector sum = FloatVector.zero(SPECIES);
    for (int i = start; i < end; i += LANES) {
      FloatVector value = FloatVector.fromArray(SPECIES, values, i);
      sum = sum.add(value.mul(value));
    }
    sum.intoArray(sums, chain);
  }
}
