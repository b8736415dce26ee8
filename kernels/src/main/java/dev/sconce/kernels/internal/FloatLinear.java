package dev.sconce.kernels.internal;

import static dev.sconce.kernels.internal.PanelKernel.COLUMNS;
import static dev.sconce.kernels.internal.PanelKernel.ROWS;

import dev.sconce.kernels.Clamp;
import dev.sconce.kernels.PackedWeights;
import java.lang.foreign.MemorySegment;

/**
 * Float activations times weights of any encoding.
 *
 * <p>Rows and inputs are taken in parts that stay in the second-level cache. For each part, every
 * block's weights are decoded into a panel, which the panel kernel multiplies with all rows.
 */
public final class FloatLinear implements LinearKernel {

  private static final int MAX_ROWS = 256;
  private static final int MAX_INPUTS = 512;

  private final PanelKernel kernel;
  private final PanelDecoder decoder;
  private final PanelEpilogue epilogue;
  private final Scratch scratch;

  /** Creates the kernel from its parts. */
  public FloatLinear(
      PanelKernel kernel, PanelDecoder decoder, PanelEpilogue epilogue, Scratch scratch) {
    this.kernel = kernel;
    this.decoder = decoder;
    this.epilogue = epilogue;
    this.scratch = scratch;
  }

  @Override
  public void run(LinearJob job, int firstBlock, int endBlock, int firstRow, int endRow) {
    int inputs = job.weights().inputs();
    preset(job, firstBlock, endBlock, firstRow, endRow);
    for (int row = firstRow; row < endRow; row += MAX_ROWS) {
      int lastRow = Math.min(endRow, row + MAX_ROWS);
      for (int input = 0; input < inputs; input += MAX_INPUTS) {
        int endInput = Math.min(inputs, input + MAX_INPUTS);
        part(job, firstBlock, endBlock, row, lastRow, input, endInput);
      }
    }
  }

  /** Sets the results to the bias or zero: sums are added part by part. */
  private static void preset(
      LinearJob job, int firstBlock, int endBlock, int firstRow, int endRow) {
    MemorySegment bias = job.weights().bias();
    long column = 4L * firstBlock * COLUMNS;
    long bytes = 4L * Math.min(job.weights().outputs(), endBlock * COLUMNS) - column;
    for (int row = firstRow; row < endRow; row++) {
      long at = row * job.yStride() + column;
      if (bias == null) {
        job.y().asSlice(at, bytes).fill((byte) 0);
      } else {
        MemorySegment.copy(bias, column, job.y(), at, bytes);
      }
    }
  }

  private void part(
      LinearJob job,
      int firstBlock,
      int endBlock,
      int firstRow,
      int endRow,
      int firstInput,
      int endInput) {
    PackedWeights weights = job.weights();
    int inputs = endInput - firstInput;
    float[] x = scratch.floats(Scratch.Use.ACTIVATIONS, (endRow - firstRow) * inputs);
    float[] panel = scratch.floats(Scratch.Use.PANEL, inputs * COLUMNS);
    float[] sums = scratch.floats(Scratch.Use.ACCUMULATORS, ROWS * COLUMNS);
    for (int row = firstRow; row < endRow; row++) {
      long from = row * job.xStride() + 4L * firstInput;
      MemorySegment.copy(job.x(), Memory.FLOAT, from, x, (row - firstRow) * inputs, inputs);
    }
    Clamp clamp = endInput == weights.inputs() ? job.clamp() : Clamp.NONE;
    for (int block = firstBlock; block < endBlock; block++) {
      decoder.decode(weights, block, firstInput, endInput, panel);
      int column = block * COLUMNS;
      int count = Math.min(COLUMNS, weights.outputs() - column);
      for (int row = firstRow; row < endRow; row += ROWS) {
        int rows = Math.min(ROWS, endRow - row);
        kernel.multiply(x, (row - firstRow) * inputs, inputs, panel, inputs, rows, sums);
        for (int i = 0; i < rows; i++) {
          long to = (row + i) * job.yStride() + 4L * column;
          epilogue.add(sums, i * COLUMNS, count, clamp, job.y(), to);
        }
      }
    }
  }
}
