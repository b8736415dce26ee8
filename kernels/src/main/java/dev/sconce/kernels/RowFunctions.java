package dev.sconce.kernels;

import dev.sconce.kernels.internal.ArrayKernel;
import dev.sconce.kernels.internal.Memory;
import dev.sconce.kernels.internal.RowKernel;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Functions of the rows of contiguous float32 matrices [M, N].
 *
 * <p>Results may lie where the operand lies, but not overlap it otherwise.
 */
public final class RowFunctions {

  // Below this many elements a task costs more to hand over than to do.
  private static final int GRAIN = 16_384;

  private final RowKernel kernel;
  private final ArrayKernel arrays;
  private final ComputePool pool;

  RowFunctions(RowKernel kernel, ArrayKernel arrays, ComputePool pool) {
    this.kernel = kernel;
    this.arrays = arrays;
    this.pool = pool;
  }

  /** y[m,n] = softmax over n. */
  public void softmax(MemorySegment x, MemorySegment y, int rows, int columns) {
    require("softmax", x, y, rows, columns);
    forRows(
        rows,
        columns,
        row -> kernel.softmax(x, 4L * columns * row, y, 4L * columns * row, columns));
  }

  /** y[m,n] = log(softmax over n). */
  public void logSoftmax(MemorySegment x, MemorySegment y, int rows, int columns) {
    require("logSoftmax", x, y, rows, columns);
    forRows(
        rows,
        columns,
        row -> kernel.logSoftmax(x, 4L * columns * row, y, 4L * columns * row, columns));
  }

  /**
   * y = (x - mean) / √(variance + epsilon) · weight + bias.
   *
   * @param x [M, N]
   * @param y [M, N]
   * @param rows M
   * @param columns N
   * @param weight [N], or null for ones
   * @param bias [N], or null for zeros
   * @param epsilon added to the variance
   * @param mean [M] where the means go, or null
   * @param reciprocalDeviation [M] where 1/√(variance + epsilon) goes, or null
   */
  public void layerNorm(
      MemorySegment x,
      MemorySegment y,
      int rows,
      int columns,
      @Nullable MemorySegment weight,
      @Nullable MemorySegment bias,
      double epsilon,
      @Nullable MemorySegment mean,
      @Nullable MemorySegment reciprocalDeviation) {
    require("layerNorm", x, y, rows, columns);
    forRows(
        rows,
        columns,
        row -> {
          float[] statistics = new float[2];
          long at = 4L * columns * row;
          kernel.layerNorm(x, at, y, at, columns, weight, bias, epsilon, statistics);
          if (mean != null) {
            Memory.setFloat(mean, 4L * row, statistics[0]);
          }
          if (reciprocalDeviation != null) {
            Memory.setFloat(reciprocalDeviation, 4L * row, statistics[1]);
          }
        });
  }

  /**
   * y = x / √(mean(x²) + epsilon) · (weight + weightShift).
   *
   * @param x [M, N]
   * @param y [M, N]
   * @param rows M
   * @param columns N
   * @param weight [N], or null for no factor at all
   * @param weightShift added to the weights: 1 for zero-centred weights, otherwise 0
   * @param epsilon added to the mean square
   */
  public void rmsNorm(
      MemorySegment x,
      MemorySegment y,
      int rows,
      int columns,
      @Nullable MemorySegment weight,
      float weightShift,
      double epsilon) {
    require("rmsNorm", x, y, rows, columns);
    forRows(
        rows,
        columns,
        row -> {
          long at = 4L * columns * row;
          kernel.rmsNorm(x, at, y, at, columns, weight, weightShift, epsilon);
        });
  }

  /** y[m] = Σ over n of x[m,n]. */
  public void sum(MemorySegment x, MemorySegment y, int rows, int columns) {
    MatrixProducts.requireBytes("sum", "x", x, 4L * rows * columns);
    MatrixProducts.requireBytes("sum", "y", y, 4L * rows);
    forRows(
        rows,
        columns,
        row -> Memory.setFloat(y, 4L * row, kernel.sum(x, 4L * columns * row, columns)));
  }

  /** y[m] = the mean over n of x[m,n]; NaN if there are no columns. */
  public void mean(MemorySegment x, MemorySegment y, int rows, int columns) {
    MatrixProducts.requireBytes("mean", "x", x, 4L * rows * columns);
    MatrixProducts.requireBytes("mean", "y", y, 4L * rows);
    forRows(
        rows,
        columns,
        row -> Memory.setFloat(y, 4L * row, kernel.sum(x, 4L * columns * row, columns) / columns));
  }

  /** y[m] = the maximum over n of x[m,n]; NaN if one is NaN, -∞ if there are no columns. */
  public void max(MemorySegment x, MemorySegment y, int rows, int columns) {
    MatrixProducts.requireBytes("max", "x", x, 4L * rows * columns);
    MatrixProducts.requireBytes("max", "y", y, 4L * rows);
    forRows(
        rows,
        columns,
        row -> Memory.setFloat(y, 4L * row, kernel.max(x, 4L * columns * row, columns)));
  }

  /** Returns Σ exp(x[i] - greatest), where no element is above the greatest. */
  public double sumOfExponentials(float[] x, float greatest) {
    return arrays.sumOfExponentials(x, greatest);
  }

  /** Work on one row. */
  @FunctionalInterface
  private interface RowTask {
    void run(int row);
  }

  private void forRows(int rows, int columns, RowTask task) {
    int rowsPerPart = Math.max(1, GRAIN / Math.max(1, columns));
    int parts = Math.ceilDiv(rows, rowsPerPart);
    pool.run(
        parts,
        (part, slot) -> {
          int end = (int) Math.min(rows, (part + 1L) * rowsPerPart);
          for (int row = part * rowsPerPart; row < end; row++) {
            task.run(row);
          }
        });
  }

  private static void require(
      String where, MemorySegment x, MemorySegment y, int rows, int columns) {
    MatrixProducts.requireBytes(where, "x", x, 4L * rows * columns);
    MatrixProducts.requireBytes(where, "y", y, 4L * rows * columns);
  }
}
