package dev.sconce.kernels.internal.scalar;

import dev.sconce.kernels.internal.PanelKernel;
import java.util.Arrays;

/** The panel kernel in plain Java; the compiler turns the innermost loop into vector code. */
final class ScalarPanel implements PanelKernel {

  @Override
  public int tile(int rows) {
    return Math.min(rows, ROWS);
  }

  @Override
  public void multiply(
      float[] x, int xOffset, float[] panel, int panelOffset, int inputs, int rows, float[] sums) {
    for (int row = 0; row < rows; row++) {
      int to = row * COLUMNS;
      Arrays.fill(sums, to, to + COLUMNS, 0);
      for (int k = 0; k < inputs; k++) {
        float a = x[xOffset + k * rows + row];
        int from = panelOffset + k * COLUMNS;
        for (int i = 0; i < COLUMNS; i++) {
          sums[to + i] += a * panel[from + i];
        }
      }
    }
  }
}
