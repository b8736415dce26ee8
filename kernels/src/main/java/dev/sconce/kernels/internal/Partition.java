package dev.sconce.kernels.internal;

/**
 * Splits a matrix of results into rectangles for the pool.
 *
 * <p>Blocks of outputs are split first, because a block's weights are then read and decoded once;
 * rows are split as well when there are not enough blocks to occupy the threads.
 */
public record Partition(int blocks, int rows, int blockParts, int rowParts) {

  // More parts than threads, so that a slow thread's share can be taken over.
  private static final int PARTS_PER_THREAD = 4;
  private static final int MIN_ROWS = 32;

  /** Splits results for so many threads. */
  public static Partition of(int blocks, int rows, int threads) {
    if (rows == 0) {
      return new Partition(blocks, 0, 0, 0);
    }
    int wanted = threads == 1 ? 1 : threads * PARTS_PER_THREAD;
    int blockParts = Math.min(blocks, wanted);
    int rowParts = Math.clamp(rows / MIN_ROWS, 1, Math.ceilDiv(wanted, blockParts));
    return new Partition(blocks, rows, blockParts, rowParts);
  }

  /** Returns how many rectangles there are. */
  public int tasks() {
    return blockParts * rowParts;
  }

  /** Returns where a rectangle begins. */
  public int firstBlock(int index) {
    return share(index / rowParts, blocks, blockParts);
  }

  /** Returns where a rectangle ends. */
  public int endBlock(int index) {
    return share(index / rowParts + 1, blocks, blockParts);
  }

  /** Returns the first row of a rectangle. */
  public int firstRow(int index) {
    return share(index % rowParts, rows, rowParts);
  }

  /** Returns the row after the last one of a rectangle. */
  public int endRow(int index) {
    return share(index % rowParts + 1, rows, rowParts);
  }

  private static int share(int part, int total, int parts) {
    return (int) ((long) total * part / parts);
  }
}
