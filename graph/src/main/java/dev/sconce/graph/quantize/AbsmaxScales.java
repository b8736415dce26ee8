package dev.sconce.graph.quantize;

import dev.sconce.kernels.Kernels;
import dev.sconce.kernels.WeightSums;

/** Scale = largest magnitude / ((max - min) / 2), as torchao's symmetric affine quantisation. */
final class AbsmaxScales implements GroupScales {

  private final int columns;
  private final int group;
  private final float halfRange;
  private final WeightSums sums = Kernels.shared().weightSums();
  private final float[] scales;

  AbsmaxScales(WeightScheme scheme, int rows, int columns) {
    this.columns = columns;
    this.group = scheme.groupLength(columns);
    this.halfRange = (scheme.max() - scheme.min()) / 2f;
    this.scales = new float[Math.multiplyExact(rows, columns / group)];
  }

  @Override
  public void add(float[] weights, int firstRow, int rows) {
    int target = firstRow * (columns / group);
    for (int start = 0; start < rows * columns; start += group) {
      scales[target++] = Math.max(sums.absmax(weights, start, group) / halfRange, SMALLEST);
    }
  }

  @Override
  public float[] finish() {
    return scales;
  }
}
