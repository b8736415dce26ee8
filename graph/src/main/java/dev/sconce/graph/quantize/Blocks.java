package dev.sconce.graph.quantize;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Blocks of rows of a matrix, read and worked on by all processors. */
final class Blocks {

  // 128 KB: a thread's block stays in the second-level cache, and so small arrays die young.
  private static final int WEIGHTS = 1 << 15;

  // Where a row is one group, as many are looked at side by side.
  private static final int FEWEST_ROWS = 16;

  private Blocks() {}

  /** What is done with blocks by one thread. */
  @FunctionalInterface
  interface Worker {

    /**
     * Works on a block.
     *
     * @param block its weights, row after row
     * @param firstRow the index of its first row
     * @param rows how many rows it has
     */
    void work(float[] block, int firstRow, int rows);
  }

  /** Shows every block to one of some workers, which are made as there are threads. */
  static void forEach(WeightRows weights, Supplier<Worker> workers) {
    int columns = weights.columns();
    int blockRows = Math.min(weights.rows(), Math.max(FEWEST_ROWS, WEIGHTS / Math.max(1, columns)));
    int blocks = Math.ceilDiv(weights.rows(), Math.max(1, blockRows));
    AtomicInteger next = new AtomicInteger();
    IntStream.range(0, Math.min(blocks, ForkJoinPool.getCommonPoolParallelism() + 1))
        .parallel()
        .forEach(
            _ -> {
              Worker worker = workers.get();
              float[] block = new float[blockRows * columns];
              for (int b = next.getAndIncrement(); b < blocks; b = next.getAndIncrement()) {
                int first = b * blockRows;
                int count = Math.min(blockRows, weights.rows() - first);
                weights.read(first, count, block);
                worker.work(block, first, count);
              }
            });
  }
}
