package dev.sconce.kernels.internal;

import dev.sconce.kernels.Clamp;
import java.lang.foreign.MemorySegment;

/** Takes the sums of a panel to memory. */
public interface PanelEpilogue {

  /**
   * y[i] = clamp(sums[i] + y[i]) for up to 32 results, which hold what is to be added.
   *
   * @param sums the sums
   * @param sumsOffset the index of the first
   * @param count how many results
   * @param clamp the bounds
   * @param y the results
   * @param yOffset their byte offset
   */
  void add(float[] sums, int sumsOffset, int count, Clamp clamp, MemorySegment y, long yOffset);
}
