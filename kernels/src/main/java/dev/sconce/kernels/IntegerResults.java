package dev.sconce.kernels;

import static dev.sconce.kernels.internal.PanelKernel.COLUMNS;
import static dev.sconce.kernels.internal.PanelProduct.MAX_ROWS;

import dev.sconce.kernels.internal.PanelJob;
import java.lang.foreign.MemorySegment;

/** Exact sums of integers, then bytes. Belongs to one task. */
final class IntegerResults implements PanelJob.Results {

  private final Requantization requantization;
  private final int outputs;
  private final MemorySegment y;
  private final long yOffset;
  private final long yStride;
  // Rows of a part are neighbours, MAX_ROWS at most; created when sums come in several chunks.
  private int[] sums = new int[0];

  IntegerResults(
      Requantization requantization, int outputs, MemorySegment y, long yOffset, long yStride) {
    this.requantization = requantization;
    this.outputs = outputs;
    this.y = y;
    this.yOffset = yOffset;
    this.yStride = yStride;
  }

  @Override
  public void add(int row, int block, float[] part, int offset, boolean first, boolean last) {
    int output = block * COLUMNS;
    int count = Math.min(COLUMNS, outputs - output);
    long to = yOffset + row * yStride + output;
    if (first && last) {
      for (int i = 0; i < count; i++) {
        requantization.store((int) part[offset + i], output + i, y, to + i);
      }
      return;
    }
    if (sums.length == 0) {
      sums = new int[MAX_ROWS * COLUMNS];
    }
    int at = row % MAX_ROWS * COLUMNS;
    for (int i = 0; i < COLUMNS; i++) {
      sums[at + i] = (first ? 0 : sums[at + i]) + (int) part[offset + i];
    }
    if (last) {
      for (int i = 0; i < count; i++) {
        requantization.store(sums[at + i], output + i, y, to + i);
      }
    }
  }
}
