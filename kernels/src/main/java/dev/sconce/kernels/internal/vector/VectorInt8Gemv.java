package dev.sconce.kernels.internal.vector;

import static dev.sconce.kernels.PackedWeights.BLOCK;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.B2F;

import dev.sconce.kernels.PackedWeights;
import dev.sconce.kernels.QuantizedRows;
import dev.sconce.kernels.internal.LinearJob;
import dev.sconce.kernels.internal.LinearKernel;
import dev.sconce.kernels.internal.Memory;
import dev.sconce.kernels.internal.Scratch;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Few quantized rows times int8 weights, in floats: products of 8-bit integers need 16 bits, so
 * that an integer sum would have to be widened at every step, which costs more than converting.
 */
final class VectorInt8Gemv implements LinearKernel {

  private static final VectorSpecies<Byte> B = VectorUnit.BYTE_QUARTER;
  private static final VectorSpecies<Float> F = VectorUnit.FLOAT;
  private static final int LANES = F.length();

  private final Scratch scratch;

  VectorInt8Gemv(Scratch scratch) {
    this.scratch = scratch;
  }

  @Override
  public void run(LinearJob job, int firstBlock, int endBlock, int firstRow, int endRow) {
    float[] sums = scratch.floats(Scratch.Use.ACCUMULATORS, BLOCK);
    PackedWeights weights = job.weights();
    QuantizedRows x = job.activations();
    int inputs = weights.inputs();
    for (int block = firstBlock; block < endBlock; block++) {
      long values = (long) block * inputs * BLOCK;
      for (int row = firstRow; row < endRow; row++) {
        for (int lane = 0; lane < BLOCK; lane += 2 * LANES) {
          sum(
              weights.values(),
              values + lane,
              x.memory(),
              x.valuesOffset(row),
              inputs,
              weights.scales(),
              4L * (block * BLOCK + lane),
              sums,
              lane);
        }
        QuantizedEpilogue.store(job, block, row, sums, 0, 1);
      }
    }
  }

  private static void sum(
      MemorySegment values,
      long valuesAt,
      MemorySegment x,
      long xAt,
      int inputs,
      MemorySegment scales,
      long scalesAt,
      float[] sums,
      int sumsAt) {
    FloatVector a0 = FloatVector.zero(F);
    FloatVector a1 = a0;
    FloatVector b0 = a0;
    FloatVector b1 = a0;
    long w = valuesAt;
    int k = 0;
    for (; k + 2 <= inputs; k += 2, w += 2 * BLOCK) {
      FloatVector v = FloatVector.broadcast(F, Memory.getByte(x, xAt + k));
      a0 = load(values, w).fma(v, a0);
      a1 = load(values, w + LANES).fma(v, a1);
      FloatVector u = FloatVector.broadcast(F, Memory.getByte(x, xAt + k + 1));
      b0 = load(values, w + BLOCK).fma(u, b0);
      b1 = load(values, w + BLOCK + LANES).fma(u, b1);
    }
    if (k < inputs) {
      FloatVector v = FloatVector.broadcast(F, Memory.getByte(x, xAt + k));
      a0 = load(values, w).fma(v, a0);
      a1 = load(values, w + LANES).fma(v, a1);
    }
    a0.add(b0)
        .mul(FloatVector.fromMemorySegment(F, scales, scalesAt, LITTLE_ENDIAN))
        .intoArray(sums, sumsAt);
    a1.add(b1)
        .mul(FloatVector.fromMemorySegment(F, scales, scalesAt + 4L * LANES, LITTLE_ENDIAN))
        .intoArray(sums, sumsAt + LANES);
  }

  private static FloatVector load(MemorySegment values, long offset) {
    return (FloatVector)
        ByteVector.fromMemorySegment(B, values, offset, LITTLE_ENDIAN).convertShape(B2F, F, 0);
  }
}
