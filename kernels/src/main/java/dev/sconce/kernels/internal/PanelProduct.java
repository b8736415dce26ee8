package dev.sconce.kernels.internal;

import static dev.sconce.kernels.internal.PanelKernel.COLUMNS;
import static dev.sconce.kernels.internal.PanelKernel.ROWS;

/**
 * The loops around the panel kernel.
 *
 * <p>Rows are taken in parts that stay in the second-level cache; for each part, every block's
 * panel is filled once and multiplied with all rows.
 */
public final class PanelProduct {

  private static final int MAX_ROWS = 256;
  private static final int MAX_ELEMENTS = 1 << 18;

  private final PanelKernel kernel;
  private final Scratch scratch;

  /** Creates the loops around the given kernel. */
  public PanelProduct(PanelKernel kernel, Scratch scratch) {
    this.kernel = kernel;
    this.scratch = scratch;
  }

  /** Computes a rectangle of results. */
  public void run(PanelJob job, int firstBlock, int endBlock, int firstRow, int endRow) {
    int inputs = job.inputs();
    int step = Math.clamp(MAX_ELEMENTS / Math.max(1, inputs), ROWS, MAX_ROWS) & -ROWS;
    int capacity = Math.min(step, endRow - firstRow);
    float[] x = scratch.floats(Scratch.Use.ACTIVATIONS, Math.multiplyExact(capacity, inputs));
    float[] panel = scratch.floats(Scratch.Use.PANEL, Math.multiplyExact(inputs, COLUMNS));
    float[] sums = scratch.floats(Scratch.Use.ACCUMULATORS, ROWS * COLUMNS);
    for (int row = firstRow; row < endRow; row += step) {
      int lastRow = Math.min(endRow, row + step);
      job.rows().fill(row, lastRow, x);
      for (int block = firstBlock; block < endBlock; block++) {
        job.panels().fill(block, panel);
        multiply(job, block, row, lastRow, x, panel, sums);
      }
    }
  }

  private void multiply(
      PanelJob job, int block, int firstRow, int endRow, float[] x, float[] panel, float[] sums) {
    int inputs = job.inputs();
    // Without inputs there still are results: empty sums.
    for (int input = 0; input == 0 || input < inputs; input += job.chunk()) {
      int length = Math.min(job.chunk(), inputs - input);
      boolean last = input + length == inputs;
      for (int row = firstRow; row < endRow; row += ROWS) {
        int rows = Math.min(ROWS, endRow - row);
        int from = (row - firstRow) * inputs + input;
        kernel.multiply(x, from, inputs, panel, input * COLUMNS, length, rows, sums);
        for (int i = 0; i < rows; i++) {
          job.results().add(row + i, block, sums, i * COLUMNS, input == 0, last);
        }
      }
    }
  }
}
