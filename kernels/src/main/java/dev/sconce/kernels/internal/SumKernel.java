package dev.sconce.kernels.internal;

import dev.sconce.kernels.WeightSums.IntegerRange;

/** Sums over groups of weights. */
public interface SumKernel {

  /** How many chains of sums there are. */
  int LANES = 16;

  /**
   * 1.5·2^23: adding it to a float of magnitude below 2^22 leaves no fraction bits, so that it is
   * rounded to the nearest integer, ties to even; subtracting it again is exact.
   */
  float MAGIC = 0x1.8p23f;

  /** Returns the largest magnitude of a group. */
  float absmax(float[] weights, int start, int length);

  /**
   * Sums w·q and q²; element i of the group goes to chain i mod {@link #LANES}.
   *
   * @param sums receives the chains of w·q, then those of q²
   */
  void products(
      float[] weights, int start, int length, float scale, IntegerRange bounds, float[] sums);

  /**
   * Sums squares; element i of the row goes to chain i mod {@link #LANES}.
   *
   * @param sums receives the chains
   */
  void squares(float[] values, int start, int length, float[] sums);
}
