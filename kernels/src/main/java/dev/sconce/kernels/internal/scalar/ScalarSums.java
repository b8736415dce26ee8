package dev.sconce.kernels.internal.scalar;

import dev.sconce.kernels.WeightSums.IntegerRange;
import dev.sconce.kernels.internal.SumKernel;
import java.util.Arrays;

/** Sums over groups of weights, one weight after the other. */
public final class ScalarSums implements SumKernel {

  @Override
  public float absmax(float[] weights, int start, int length) {
    float max = 0;
    for (int i = start; i < start + length; i++) {
      max = Math.max(max, Math.abs(weights[i]));
    }
    return max;
  }

  @Override
  public void products(
      float[] weights, int start, int length, float scale, IntegerRange bounds, float[] sums) {
    Arrays.fill(sums, 0, 2 * LANES, 0);
    addTail(weights, start, 0, length, scale, bounds, sums);
  }

  /** Adds the elements of a group from a given one on. */
  public static void addTail(
      float[] weights,
      int start,
      int from,
      int length,
      float scale,
      IntegerRange bounds,
      float[] sums) {
    for (int i = from; i < length; i++) {
      float w = weights[start + i];
      float clamped = Math.min(Math.max(w / scale, bounds.min()), bounds.max());
      float q = (clamped + MAGIC) - MAGIC;
      sums[i % LANES] += w * q;
      sums[LANES + i % LANES] += q * q;
    }
  }

  @Override
  public void squares(float[] values, int start, int length, float[] sums) {
    Arrays.fill(sums, 0, LANES, 0);
    addSquares(values, start, 0, length, sums);
  }

  /** Adds the squares of the elements of a row from a given one on. */
  public static void addSquares(float[] values, int start, int from, int length, float[] sums) {
    for (int i = from; i < length; i++) {
      sums[i % LANES] += values[start + i] * values[start + i];
    }
  }
}
