package dev.sconce.kernels;

import dev.sconce.kernels.internal.SumKernel;

/**
 * Sums over groups of weights that the choice of their scale needs.
 *
 * <p>Results have the same bits whatever computes them: sums are kept in {@value #LANES} chains and
 * joined in one order. Stateless: any thread may call.
 */
public final class WeightSums {

  /** How many chains of sums there are. */
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
   * Computes Σ w·q and Σ q² with q = clamp(rint(w / scale), min, max), ties to even.
   *
   * @param bounds the smallest and the largest integer
   * @param sums receives both sums at 0 and 1; room for the chains, at least 2 · {@link #LANES}
   */
  public void products(
      float[] weights, int start, int length, float scale, IntegerRange bounds, float[] sums) {
    kernel.products(weights, start, length, scale, bounds, sums);
    float numerator = join(sums, 0);
    float denominator = join(sums, LANES);
    sums[0] = numerator;
    sums[1] = denominator;
  }

  /**
   * Returns the sum of the squares of a row.
   *
   * @param sums room for the chains, at least {@link #LANES}
   */
  public float squares(float[] values, int start, int length, float[] sums) {
    kernel.squares(values, start, length, sums);
    return join(sums, 0);
  }

  // Written out, so that the halves stay in registers: this is called for every group and round.
  private static float join(float[] sums, int start) {
    float sum0 = (sums[start] + sums[start + 8]) + (sums[start + 4] + sums[start + 12]);
    float sum1 = (sums[start + 1] + sums[start + 9]) + (sums[start + 5] + sums[start + 13]);
    float sum2 = (sums[start + 2] + sums[start + 10]) + (sums[start + 6] + sums[start + 14]);
    float sum3 = (sums[start + 3] + sums[start + 11]) + (sums[start + 7] + sums[start + 15]);
    return (sum0 + sum2) + (sum1 + sum3);
  }

  /**
   * The bounds of integers.
   *
   * @param min the smallest
   * @param max the largest
   */
  public record IntegerRange(float min, float max) {}
}
