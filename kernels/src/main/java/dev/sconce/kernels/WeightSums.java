package dev.sconce.kernels;

import dev.sconce.kernels.internal.SumKernel;

/**
 * Sums over groups of weights, and integers of them, as the choice of scales and the quantisation
 * need them.
 *
 * <p>Results have the same bits whatever computes them. Stateless: any thread may call.
 */
public final class WeightSums {

  /** How many groups are summed side by side. */
  public static final int LANES = SumKernel.LANES;

  private final SumKernel kernel;

  WeightSums(SumKernel kernel) {
    this.kernel = kernel;
  }

  /** Returns the largest magnitude of a group; NaN if there is one. */
  public float absmax(float[] weights, int start, int length) {
    return kernel.absmax(weights, start, length);
  }

  /**
   * Computes Σ w·q and Σ q² of {@value #LANES} groups, with q = clamp(rint(w / scale), min, max),
   * ties to even.
   *
   * <p>Float sums depend on their order, and an iteration on sums may end elsewhere for the last
   * bit of one of them. So the order is that of {@code torch.sum} over the last dimension, on
   * processors where torch takes eight floats at a time (x86): four times eight chains, whose
   * partial sums are put aside every 16 steps, are added up by fours, and the eight then one after
   * the other, behind what is left over at the end of the group.
   *
   * @param columns weight k of group g at k · {@value #LANES} + g
   * @param length how many weights a group has
   * @param scales the scale of each group
   * @param bounds the smallest and the largest integer
   * @param sums receives Σ w·q of each group, and behind them Σ q² of each
   */
  public void products(
      float[] columns, int length, float[] scales, IntegerRange bounds, float[] sums) {
    kernel.products(columns, length, scales, bounds, sums);
  }

  /**
   * Rounds a group to integers: clamp(rint(w / scale), min, max), ties to even; adds up how far
   * they are off.
   *
   * @param bounds the smallest and the largest integer
   * @param integers receives the integers
   * @param at where the first goes
   * @param chains partial sums of (w - q·scale)² and of w², for {@link #joined}; 2 · {@value
   *     #LANES}, zeros at first
   */
  public void round(
      float[] weights,
      int start,
      int length,
      float scale,
      IntegerRange bounds,
      int[] integers,
      int at,
      float[] chains) {
    kernel.round(weights, start, length, scale, bounds, integers, at, chains);
  }

  /** Returns the sum of {@value #LANES} chains. */
  public static float joined(float[] chains, int start) {
    float sum = 0;
    for (int i = start; i < start + LANES; i++) {
      sum += chains[i];
    }
    return sum;
  }

  /**
   * The bounds of integers.
   *
   * @param min the smallest
   * @param max the largest
   */
  public record IntegerRange(float min, float max) {}
}
