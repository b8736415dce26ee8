package dev.sconce.kernels.internal.vector;

import static dev.sconce.kernels.PackedWeights.BLOCK;
import static dev.sconce.kernels.internal.Memory.offHeap;
import static dev.sconce.kernels.internal.vector.VectorNibbles.CHUNK;
import static dev.sconce.kernels.internal.vector.VectorNibbles.NIBBLES;
import static dev.sconce.kernels.internal.vector.VectorNibbles.PAIRS;
import static dev.sconce.kernels.internal.vector.VectorNibbles.chunkSum;
import static dev.sconce.kernels.internal.vector.VectorNibbles.nibbles;
import static dev.sconce.kernels.internal.vector.VectorNibbles.pair;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.LSHR;

import dev.sconce.kernels.PackedWeights;
import dev.sconce.kernels.internal.LinearJob;
import dev.sconce.kernels.internal.LinearKernel;
import dev.sconce.kernels.internal.Scratch;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Few quantized rows times int4 weights, straight from the packed weights: the exact sums of all
 * chunks first, then their scaled sum. Two methods, because one would be too large to be compiled
 * to vector instructions.
 */
final class VectorInt4Gemv implements LinearKernel.ByRectangle {

  private static final VectorSpecies<Integer> I = VectorUnit.INT;
  private static final VectorSpecies<Float> F = VectorUnit.FLOAT;
  private static final int LANES = I.length();
  private static final long STEP_BYTES = 4L * BLOCK;
  private static final int STEPS = PAIRS / NIBBLES;

  private final Scratch scratch;

  VectorInt4Gemv(Scratch scratch) {
    this.scratch = scratch;
  }

  @Override
  public void run(LinearJob job, int firstBlock, int endBlock, int firstRow, int endRow) {
    PackedWeights weights = job.weights();
    int chunks = weights.storedInputs() / CHUNK;
    // Pairs, and behind them the chunks' corrections.
    int[] x = scratch.ints(Scratch.Use.ACTIVATIONS, chunks * (PAIRS + 1));
    int[] chunkSums = scratch.ints(Scratch.Use.ACCUMULATORS, chunks * 2 * LANES);
    float[] sums = scratch.floats(Scratch.Use.ACCUMULATORS, BLOCK);
    for (int row = firstRow; row < endRow; row++) {
      VectorNibbles.pairs(job.activations(), row, x, 0);
      VectorNibbles.corrections(x, chunks, x, chunks * PAIRS);
      for (int block = firstBlock; block < endBlock; block++) {
        long at = (long) block * chunks * STEPS * STEP_BYTES;
        for (int lane = 0; lane < BLOCK; lane += 2 * LANES) {
          multiply(weights.values(), at + 4L * lane, x, chunks, chunkSums);
          scale(weights, block, lane, chunkSums, chunks, sums);
        }
        QuantizedEpilogue.store(job, block, row, sums, 0, VectorNibbles.UNIT);
      }
    }
  }

  private static void scale(
      PackedWeights weights, int block, int lane, int[] chunkSums, int chunks, float[] sums) {
    if (VectorNibbles.uniform(weights)) {
      for (int i = 0; i < 2 * LANES; i += LANES) {
        add(chunkSums, i, chunks, sums, lane + i);
        QuantizedScales.multiply(weights, block, lane + i, sums, lane + i);
      }
      return;
    }
    int groups = weights.inputs() / weights.groupSize();
    long scales = 2L * ((long) block * groups * BLOCK + lane);
    addScaled(chunkSums, groups, chunks / groups, weights.scales(), scales, sums, lane);
  }

  /** Sums the products of each chunk for two vectors of outputs. */
  private static void multiply(
      MemorySegment values, long valuesAt, int[] x, int chunks, int[] chunkSums) {
    long at = valuesAt;
    int p = 0;
    for (int chunk = 0; chunk < chunks; chunk++) {
      ShortVector a = pair(x, chunks * PAIRS + chunk);
      ShortVector b = a;
      for (int step = 0; step < STEPS; step++, at += STEP_BYTES, p += NIBBLES) {
        ShortVector v = weights(values, at);
        ShortVector w = weights(values, at + 4L * LANES);
        ShortVector q = pair(x, p);
        a = a.add(v.and((short) 15).mul(q));
        b = b.add(w.and((short) 15).mul(q));
        q = pair(x, p + 1);
        a = a.add(nibbles(v, 4).mul(q));
        b = b.add(nibbles(w, 4).mul(q));
        q = pair(x, p + 2);
        a = a.add(nibbles(v, 8).mul(q));
        b = b.add(nibbles(w, 8).mul(q));
        q = pair(x, p + 3);
        a = a.add(v.lanewise(LSHR, 12).mul(q));
        b = b.add(w.lanewise(LSHR, 12).mul(q));
      }
      a.reinterpretAsInts().intoArray(chunkSums, chunk * 2 * LANES);
      b.reinterpretAsInts().intoArray(chunkSums, chunk * 2 * LANES + LANES);
    }
  }

  private static ShortVector weights(MemorySegment values, long offset) {
    return IntVector.fromMemorySegment(I, offHeap(values), offset, LITTLE_ENDIAN)
        .reinterpretAsShorts();
  }

  private static void add(int[] chunkSums, int from, int chunks, float[] sums, int to) {
    FloatVector sum = FloatVector.zero(F);
    for (int chunk = 0; chunk < chunks; chunk++) {
      sum = sum.add(chunkSum(IntVector.fromArray(I, chunkSums, from + chunk * 2 * LANES)));
    }
    sum.intoArray(sums, to);
  }

  private static void addScaled(
      int[] chunkSums,
      int groups,
      int chunksPerGroup,
      MemorySegment scales,
      long scalesAt,
      float[] sums,
      int to) {
    FloatVector low = FloatVector.zero(F);
    FloatVector high = low;
    int from = 0;
    long at = scalesAt;
    for (int group = 0; group < groups; group++, at += 2L * BLOCK) {
      FloatVector lowScale = VectorDecoder.brain(scales, at);
      FloatVector highScale = VectorDecoder.brain(scales, at + 2L * LANES);
      for (int i = 0; i < chunksPerGroup; i++, from += 2 * LANES) {
        low = chunkSum(IntVector.fromArray(I, chunkSums, from)).fma(lowScale, low);
        high = chunkSum(IntVector.fromArray(I, chunkSums, from + LANES)).fma(highScale, high);
      }
    }
    low.intoArray(sums, to);
    high.intoArray(sums, to + LANES);
  }
}
