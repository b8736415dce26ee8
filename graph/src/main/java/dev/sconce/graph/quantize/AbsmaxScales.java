package dev.sconce.graph.quantize;

import dev.sconce.kernels.Kernels;
import dev.sconce.kernels.WeightSums;
import java.lang.foreign.MemorySegment;

/** Scale = largest magnitude / ((max - min) / 2), as torchao's symmetric affine quantisation. */
final class AbsmaxScales implements GroupScales {

  private final int columns;
  private final int group;
  private final float halfRange;
  private final WeightSums sums = Kernels.shared().weightSums();
  private final MemorySegment scales;

  AbsmaxScales(WeightScheme scheme, int columns, MemorySegment scales) {
    this.columns = columns;
    this.group = scheme.groupLength(columns);
    this.halfRange = (scheme.max() - scheme.min()) / 2f;
    this.scales = scales;
  }

  @Override
  public Blocks.Worker worker() {
    return this::add;
  }

  private void add(float[] weights, int firstRow, int rows) {
    long target = (long) firstRow * (columns / group) * Float.BYTES;
    for (int start = 0; start < rows * columns; start += group) {
      float largest = sums.absmax(weights, start, group);
      scales.set(FLOAT, target, Math.max(largest / halfRange, SMALLEST));
      target += Float.BYTES;
    }
  }

  @Override
  public void finish() {}
}
