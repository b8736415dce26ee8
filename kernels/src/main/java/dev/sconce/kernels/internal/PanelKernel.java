package dev.sconce.kernels.internal;

/**
 * The inner loop of every float matrix product of several rows.
 *
 * <p>It works on arrays, which the caller fills with a part of the operands that stays in cache:
 * the compiler inlines array accesses more cheaply than those of segments, and so keeps whole
 * register tiles in registers.
 */
public interface PanelKernel {

  /** The number of columns of a panel and of the sums. */
  int COLUMNS = 32;

  /** The greatest number of rows of one call. */
  int ROWS = 8;

  /**
   * Computes {@code sums[r][c] = Σ_k x[r][k] · panel[k][c]} for 32 columns.
   *
   * @param x rows
   * @param xOffset the index of the first element of the first row
   * @param xStride the distance of two rows
   * @param panel [inputs, 32]
   * @param panelOffset the index of its first element
   * @param inputs how many k
   * @param rows how many rows, at most 8
   * @param sums [rows, 32]
   */
  void multiply(
      float[] x,
      int xOffset,
      int xStride,
      float[] panel,
      int panelOffset,
      int inputs,
      int rows,
      float[] sums);
}
