package dev.sconce.kernels.internal;

import dev.sconce.kernels.ComputePool;

/** The product of rows with weights, for one weight encoding. */
public interface LinearKernel {

  /** Computes all results in parallel. */
  void run(LinearJob job, int rows, ComputePool pool);

  /** A product whose results are computed rectangle by rectangle. */
  interface ByRectangle extends LinearKernel {

    /**
     * Computes the results of the rows {@code firstRow … endRow-1} and of the outputs in the blocks
     * {@code firstBlock … endBlock-1}.
     */
    void run(LinearJob job, int firstBlock, int endBlock, int firstRow, int endRow);

    @Override
    default void run(LinearJob job, int rows, ComputePool pool) {
      Partition partition = Partition.of(job.weights().blocks(), rows, pool.size());
      pool.run(
          partition.tasks(),
          (index, slot) ->
              run(
                  job,
                  partition.firstBlock(index),
                  partition.endBlock(index),
                  partition.firstRow(index),
                  partition.endRow(index)));
    }
  }
}
