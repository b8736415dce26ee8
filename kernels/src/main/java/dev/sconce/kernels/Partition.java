package dev.sconce.kernels;

/**
 * Splits a matrix of results into rectangles for the pool.
 *
 * <p>Blocks of outputs are split first, because a block's weights are then read and decoded once;
 * rows are split as well when there are not enough blocks to occupy the threads.
 */
record Partition(int blocks, int rows, int blockParts, int rowParts) {

  // More parts than threads, so that a slow thread's share can be taken over.
  private static final int PARTS_PER_THREAD = 4;
  private static final int MIN_ROWS = 32;

  static Partition of(int blocks, int rows, int threads) {
    if (rows == 0) {
      return new Partition(blocks, 0, 0, 0);
    }
    int wanted = threads == 1 ? 1 : threads * PARTS_PER_THREAD;
    int blockParts = Math.min(blocks, wanted);
    int rowParts = Math.clamp(rows / MIN_ROWS, 1, Math.ceilDiv(wanted, blockParts));
    return new Partition(blocks, rows, blockParts, rowParts);
  }

  int tasks() {
    return blockParts * rowParts;
  }

  int firstBlock(int index) {
    return share(index / rowParts, blocks, blockParts);
  }

  int endBlock(int index) {
    return share(index / rowParts + 1, blocks, blockParts);
  }

  int firstRow(int index) {
    return share(index % rowParts, rows, rowParts);
  }

  int endRow(int index) {
    return share(index % rowParts + 1, rows, rowParts);
  }

  private static int share(int part, int total, int parts) {
    return (int) ((long) total * part / parts);
  }
}
