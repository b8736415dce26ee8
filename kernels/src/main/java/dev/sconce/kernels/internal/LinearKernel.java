package dev.sconce.kernels.internal;

/** The product of a rectangle of results, for one weight encoding. */
public interface LinearKernel {

  /**
   * Computes the results of the rows {@code firstRow … endRow-1} and of the outputs in the blocks
   * {@code firstBlock … endBlock-1}.
   */
  void run(LinearJob job, int firstBlock, int endBlock, int firstRow, int endRow);
}
