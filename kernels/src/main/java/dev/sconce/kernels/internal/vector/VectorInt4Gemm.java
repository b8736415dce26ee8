package dev.sconce.kernels.internal.vector;

import static dev.sconce.kernels.PackedWeights.BLOCK;
import static dev.sconce.kernels.internal.Memory.offHeap;
import static dev.sconce.kernels.internal.vector.VectorNibbles.NIBBLES;
import static dev.sconce.kernels.internal.vector.VectorNibbles.PAIRS;
import static dev.sconce.kernels.internal.vector.VectorNibbles.weights;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import dev.sconce.kernels.PackedWeights;
import dev.sconce.kernels.internal.LinearJob;
import dev.sconce.kernels.internal.LinearKernel;
import dev.sconce.kernels.internal.Scratch;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Many quantized rows times int4 weights: a block's weights are spread to 16 bits once, then used
 * by all rows. Results are those of {@link VectorInt4Gemv}, bit by bit.
 */
final class VectorInt4Gemm implements LinearKernel.ByRectangle {

  // Rows whose sums stay in the first-level cache while the panel passes by.
  private static final int ROWS = 32;
  private static final int MAX_ELEMENTS = 1 << 18;
  private static final int MAX_ROWS = 256;
  private static final int PANEL_CHUNK = PAIRS * BLOCK;

  private static final VectorSpecies<Integer> I = VectorUnit.INT;

  private final Scratch scratch;

  VectorInt4Gemm(Scratch scratch) {
    this.scratch = scratch;
  }

  @Override
  public void run(LinearJob job, int firstBlock, int endBlock, int firstRow, int endRow) {
    int inputs = job.weights().storedInputs();
    int step = Math.clamp(MAX_ELEMENTS / inputs, ROWS, MAX_ROWS);
    for (int row = firstRow; row < endRow; row += step) {
      part(job, firstBlock, endBlock, row, Math.min(endRow, row + step));
    }
  }

  private void part(LinearJob job, int firstBlock, int endBlock, int firstRow, int endRow) {
    Part part = new Part(job, firstRow, endRow);
    for (int block = firstBlock; block < endBlock; block++) {
      part.spread(block);
      for (int row = firstRow; row < endRow; row += ROWS) {
        int rows = Math.min(ROWS, endRow - row);
        part.multiply(row, rows);
        part.store(block, row, rows);
      }
    }
  }

  /** Some rows, and what is needed to multiply them by one block after the other. */
  private final class Part {
    private final LinearJob job;
    private final PackedWeights weights;
    private final int firstRow;
    private final int pairs;
    private final int chunks;
    private final boolean uniform;
    private final int chunksPerGroup;
    private final int[] x;
    private final int[] panel;
    private final float[] scales;
    private final int[] chunkSums = scratch.ints(Scratch.Use.ACCUMULATORS, ROWS * BLOCK);
    private final float[] sums = scratch.floats(Scratch.Use.ACCUMULATORS, ROWS * BLOCK);

    Part(LinearJob job, int firstRow, int endRow) {
      this.job = job;
      this.weights = job.weights();
      this.firstRow = firstRow;
      this.pairs = weights.storedInputs() / 2;
      this.chunks = pairs / PAIRS;
      int groups = weights.inputs() / weights.groupSize();
      this.uniform = VectorNibbles.uniform(weights);
      this.chunksPerGroup = uniform ? chunks : chunks / groups;
      this.x = rows(job, firstRow, endRow, pairs);
      this.panel = scratch.ints(Scratch.Use.PANEL, Math.multiplyExact(pairs, BLOCK));
      this.scales = scratch.floats(Scratch.Use.PANEL, groups * BLOCK);
    }

    void spread(int block) {
      VectorInt4Gemm.spread(weights.values(), (long) block * pairs * BLOCK, pairs / NIBBLES, panel);
      QuantizedScales.load(weights, block, scales);
    }

    /** Multiplies rows by the block that was spread. */
    void multiply(int row, int rows) {
      int padded = padded(rows);
      Arrays.fill(sums, 0, padded * BLOCK, 0);
      for (int chunk = 0; chunk < chunks; chunk++) {
        int from = (row - firstRow) * pairs + chunk * PAIRS;
        for (int i = 0; i < padded; i += VectorInt4Tile.ROWS) {
          VectorInt4Tile.multiply(
              panel, chunk * PANEL_CHUNK, x, from + i * pairs, pairs, chunkSums, i * BLOCK);
        }
        if (uniform) {
          VectorInt4Tile.add(chunkSums, padded, sums);
        } else {
          int scale = chunk / chunksPerGroup * BLOCK;
          VectorInt4Tile.addScaled(chunkSums, padded, scales, scale, sums);
        }
      }
    }

    void store(int block, int row, int rows) {
      for (int i = 0; i < rows; i++) {
        if (uniform) {
          for (int lane = 0; lane < BLOCK; lane += I.length()) {
            QuantizedScales.multiply(weights, block, lane, sums, i * BLOCK + lane);
          }
        }
        QuantizedEpilogue.store(job, block, row + i, sums, i * BLOCK, VectorNibbles.UNIT);
      }
    }
  }

  /** Returns a number of rows rounded up to whole tiles. */
  private static int padded(int rows) {
    return (rows + VectorInt4Tile.ROWS - 1) & -VectorInt4Tile.ROWS;
  }

  /** Returns the activations as pairs, with rows of zeros up to a whole tile. */
  private int[] rows(LinearJob job, int firstRow, int endRow, int pairs) {
    int rows = endRow - firstRow;
    int padded = padded(rows);
    int[] x = scratch.ints(Scratch.Use.ACTIVATIONS, Math.multiplyExact(padded, pairs));
    for (int i = 0; i < rows; i++) {
      VectorNibbles.pairs(job.activations(), firstRow + i, x, i * pairs);
    }
    Arrays.fill(x, rows * pairs, padded * pairs, 0);
    return x;
  }

  /** Spreads a block's nibbles to pairs of 16 bits. */
  private static void spread(MemorySegment values, long from, int steps, int[] panel) {
    for (int step = 0; step < steps; step++) {
      for (int lane = 0; lane < BLOCK; lane += I.length()) {
        long at = from + 4L * (step * BLOCK + lane);
        int to = step * NIBBLES * BLOCK + lane;
        ShortVector packed =
            IntVector.fromMemorySegment(I, offHeap(values), at, LITTLE_ENDIAN)
                .reinterpretAsShorts();
        for (int i = 0; i < NIBBLES; i++) {
          weights(packed, 4 * i).reinterpretAsInts().intoArray(panel, to + i * BLOCK);
        }
      }
    }
  }
}
