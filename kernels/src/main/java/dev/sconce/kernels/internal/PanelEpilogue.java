package dev.sconce.kernels.internal;

import dev.sconce.kernels.Clamp;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Takes the sums of a panel to memory, up to 32 of a row. */
public interface PanelEpilogue {

  /**
   * y[i] = clamp(sums[i] + bias[i]).
   *
   * @param sums the sums
   * @param sumsOffset the index of the first
   * @param count how many results
   * @param bias what is added, or null
   * @param biasOffset its byte offset
   * @param clamp the bounds
   * @param y the results
   * @param yOffset their byte offset
   */
  void store(
      float[] sums,
      int sumsOffset,
      int count,
      @Nullable MemorySegment bias,
      long biasOffset,
      Clamp clamp,
      MemorySegment y,
      long yOffset);

  /** y[i] = clamp(sums[i] + y[i]): the results hold what earlier chunks of the inputs made. */
  default void add(
      float[] sums, int sumsOffset, int count, Clamp clamp, MemorySegment y, long yOffset) {
    store(sums, sumsOffset, count, y, yOffset, clamp, y, yOffset);
  }
}
