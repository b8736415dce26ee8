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

  private static float join(float[] sums, int start) {
    for (int width = LANES / 2; width > 0; width /= 2) {
      for (int i = start; i < start + width; i++) {
        sums[i] += sums[i + width];
      }
    }
    return sums[start];
  }

  /**
   * The bounds of integers.
   *
   * @param min the smallest
   * @param max the largest
   */
  public record IntegerRange(float min, float max) {}
}
