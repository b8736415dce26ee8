package dev.sconce.kernels.internal.vector;

import static dev.sconce.kernels.PackedWeights.BLOCK;
import static dev.sconce.kernels.internal.Memory.offHeap;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import dev.sconce.kernels.PackedWeights;
import dev.sconce.kernels.internal.LinearJob;
import dev.sconce.kernels.internal.LinearKernel;
import dev.sconce.kernels.internal.Memory;
import dev.sconce.kernels.internal.PanelEpilogue;
import dev.sconce.kernels.internal.Scratch;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Few float rows times float weights, which are read once, straight from memory. */
final class VectorFloatGemv implements LinearKernel.ByRectangle {

  private static final VectorSpecies<Float> F = VectorUnit.FLOAT;
  private static final int LANES = F.length();
  private static final long VECTOR = 4L * LANES;
  private static final long STEP = 4L * BLOCK;

  private final PanelEpilogue epilogue = new VectorEpilogue();
  private final Scratch scratch;

  VectorFloatGemv(Scratch scratch) {
    this.scratch = scratch;
  }

  @Override
  public void run(LinearJob job, int firstBlock, int endBlock, int firstRow, int endRow) {
    PackedWeights weights = job.weights();
    int inputs = weights.inputs();
    float[] sums = scratch.floats(Scratch.Use.ACCUMULATORS, BLOCK);
    float[] x = scratch.floats(Scratch.Use.ACTIVATIONS, inputs);
    for (int row = firstRow; row < endRow; row++) {
      MemorySegment.copy(job.x(), Memory.FLOAT, row * job.xStride(), x, 0, inputs);
      for (int block = firstBlock; block < endBlock; block++) {
        for (int lane = 0; lane < BLOCK; lane += 2 * LANES) {
          sum(weights, (long) block * inputs * BLOCK + lane, x, inputs, sums, lane);
        }
        int column = block * BLOCK;
        int count = Math.min(BLOCK, weights.outputs() - column);
        long to = row * job.yStride() + 4L * column;
        MemorySegment bias = weights.bias();
        if (bias == null) {
          job.y().asSlice(to, 4L * count).fill((byte) 0);
        } else {
          MemorySegment.copy(bias, 4L * column, job.y(), to, 4L * count);
        }
        epilogue.add(sums, 0, count, job.clamp(), job.y(), to);
      }
    }
  }

  private static void sum(
      PackedWeights weights, long first, float[] x, int inputs, float[] sums, int lane) {
    switch (weights.encoding()) {
      case FLOAT32 -> singles(weights.values(), 4 * first, x, inputs, sums, lane);
      case FLOAT16 -> halves(weights.values(), 2 * first, x, inputs, sums, lane);
      case BFLOAT16 -> brains(weights.values(), 2 * first, x, inputs, sums, lane);
      case INT8_PER_CHANNEL, INT4_PER_CHANNEL, INT4_PER_GROUP ->
          throw new IllegalArgumentException(weights.encoding().toString());
    }
  }

  private static void singles(
      MemorySegment values, long from, float[] x, int inputs, float[] sums, int lane) {
    FloatVector a0 = FloatVector.zero(F);
    FloatVector a1 = a0;
    FloatVector b0 = a0;
    FloatVector b1 = a0;
    long w = from;
    int k = 0;
    for (; k + 2 <= inputs; k += 2, w += 2 * STEP) {
      a0 = load(values, w).fma(FloatVector.broadcast(F, x[k]), a0);
      a1 = load(values, w + VECTOR).fma(FloatVector.broadcast(F, x[k]), a1);
      b0 = load(values, w + STEP).fma(FloatVector.broadcast(F, x[k + 1]), b0);
      b1 = load(values, w + STEP + VECTOR).fma(FloatVector.broadcast(F, x[k + 1]), b1);
    }
    if (k < inputs) {
      a0 = load(values, w).fma(FloatVector.broadcast(F, x[k]), a0);
      a1 = load(values, w + VECTOR).fma(FloatVector.broadcast(F, x[k]), a1);
    }
    a0.add(b0).intoArray(sums, lane);
    a1.add(b1).intoArray(sums, lane + LANES);
  }

  private static void halves(
      MemorySegment values, long from, float[] x, int inputs, float[] sums, int lane) {
    FloatVector a0 = FloatVector.zero(F);
    FloatVector a1 = a0;
    long w = from;
    for (int k = 0; k < inputs; k++, w += STEP / 2) {
      FloatVector v = FloatVector.broadcast(F, x[k]);
      a0 = VectorDecoder.half(values, w).fma(v, a0);
      a1 = VectorDecoder.half(values, w + VECTOR / 2).fma(v, a1);
    }
    a0.intoArray(sums, lane);
    a1.intoArray(sums, lane + LANES);
  }

  private static void brains(
      MemorySegment values, long from, float[] x, int inputs, float[] sums, int lane) {
    FloatVector a0 = FloatVector.zero(F);
    FloatVector a1 = a0;
    long w = from;
    for (int k = 0; k < inputs; k++, w += STEP / 2) {
      FloatVector v = FloatVector.broadcast(F, x[k]);
      a0 = VectorDecoder.brain(values, w).fma(v, a0);
      a1 = VectorDecoder.brain(values, w + VECTOR / 2).fma(v, a1);
    }
    a0.intoArray(sums, lane);
    a1.intoArray(sums, lane + LANES);
  }

  private static FloatVector load(MemorySegment memory, long offset) {
    return FloatVector.fromMemorySegment(F, offHeap(memory), offset, LITTLE_ENDIAN);
  }
}
