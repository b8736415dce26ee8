package dev.sconce.kernels;

import static dev.sconce.kernels.internal.PanelKernel.COLUMNS;

import dev.sconce.kernels.internal.Memory;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** Panels of a variable right-hand matrix. */
final class BatchPanels {

  private BatchPanels() {}

  static void fill(BatchShape shape, MemorySegment b, long offset, int block, float[] panel) {
    int first = block * COLUMNS;
    int count = Math.min(COLUMNS, shape.columns() - first);
    int inputs = shape.inputs();
    long rowBytes = 4 * shape.b().rows();
    if (!shape.transposed()) {
      for (int k = 0; k < inputs; k++) {
        long from = offset + k * rowBytes + 4L * first;
        MemorySegment.copy(b, Memory.FLOAT, from, panel, k * COLUMNS, count);
        Arrays.fill(panel, k * COLUMNS + count, (k + 1) * COLUMNS, 0);
      }
      return;
    }
    if (count < COLUMNS) {
      Arrays.fill(panel, 0, inputs * COLUMNS, 0);
    }
    for (int i = 0; i < count; i++) {
      long from = offset + (first + i) * rowBytes;
      for (int k = 0; k < inputs; k++) {
        panel[k * COLUMNS + i] = Memory.getFloat(b, from + 4L * k);
      }
    }
  }
}
