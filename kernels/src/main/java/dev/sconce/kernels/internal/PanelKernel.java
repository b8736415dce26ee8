package dev.sconce.kernels.internal;

/**
 * The inner loop of every float matrix product of several rows.
 *
 * <p>It works on arrays, which the caller fills with a part of the operands that stays in cache:
 * the compiler inlines array accesses more cheaply than those of segments, and so keeps whole
 * register tiles in registers. Rows lie in turns, so that a tile reads one stream and not one for
 * each row.
 */
public interface PanelKernel {

  /** The number of columns of a panel and of the sums. */
  int COLUMNS = 32;

  /** The greatest number of rows of one call; a multiple of what {@link #tile} answers for it. */
  int ROWS = 12;

  /** Returns how many rows are best taken at once where so many are left. */
  int tile(int rows);

  /**
   * Computes {@code sums[r][c] = Σ_k x[k][r] · panel[k][c]} for 32 columns.
   *
   * @param x [inputs, rows]
   * @param xOffset the index of its first element
   * @param panel [inputs, 32]
   * @param panelOffset the index of its first element
   * @param inputs how many k
   * @param rows how many rows, as {@link #tile} said
   * @param sums [rows, 32]
   */
  void multiply(
      float[] x, int xOffset, float[] panel, int panelOffset, int inputs, int rows, float[] sums);
}
