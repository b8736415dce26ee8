package dev.sconce.kernels.internal;

import dev.sconce.kernels.WeightSums.IntegerRange;

/** Sums over groups of weights, and their integers. */
public interface SumKernel {

  /** How many groups are summed side by side. */
  int LANES = 16;

  /**
   * 1.5·2^23: adding it to a float of magnitude below 2^22 leaves no fraction bits, so that it is
   * rounded to the nearest integer, ties to even; subtracting it again is exact, and the bits are
   * {@link #MAGIC_BITS} plus the integer.
   */
  float MAGIC = 0x1.8p23f;

  /** The bits of {@link #MAGIC}. */
  int MAGIC_BITS = 0x4B400000;

  /** How many floats torch adds at a time, and how many such vectors side by side. */
  int TORCH_VECTOR = 8;

  int TORCH_ROWS = 4;

  /** After how many additions torch puts a partial sum aside, at two levels. */
  int TORCH_STEP = 16;

  int TORCH_LEVEL = TORCH_STEP * TORCH_STEP;

  /** Returns the largest magnitude of a group. */
  float absmax(float[] weights, int start, int length);

  /**
   * Sums w·q and q² of {@link #LANES} groups in torch's order.
   *
   * @param columns weight k of group g at k · LANES + g
   * @param sums receives Σ w·q of each group, then Σ q²
   */
  void products(float[] columns, int length, float[] scales, IntegerRange bounds, float[] sums);

  /**
   * Rounds a group; element i of the group adds to chain i mod {@link #LANES}.
   *
   * @param chains partial sums of (w - q·scale)², then of w²
   */
  void round(
      float[] weights,
      int start,
      int length,
      float scale,
      IntegerRange bounds,
      int[] integers,
      int at,
      float[] chains);
}
