package dev.sconce.kernels.internal.vector;

import static dev.sconce.kernels.PackedWeights.BLOCK;
import static dev.sconce.kernels.internal.Memory.offHeap;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.B2F;

import dev.sconce.kernels.PackedWeights;
import dev.sconce.kernels.QuantizedRows;
import dev.sconce.kernels.internal.LinearJob;
import dev.sconce.kernels.internal.LinearKernel;
import dev.sconce.kernels.internal.Scratch;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Few quantized rows times int8 weights, in floats: products of 8-bit integers need 16 bits, so
 * that an integer sum would have to be widened at every step, which costs more than converting.
 */
final class VectorInt8Gemv implements LinearKernel.ByRectangle {

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
    QuantizedRows rows = job.activations();
    int inputs = weights.inputs();
    float[] x = scratch.floats(Scratch.Use.ACTIVATIONS, rows.stride());
    for (int row = firstRow; row < endRow; row++) {
      activations(rows, row, x);
      for (int block = firstBlock; block < endBlock; block++) {
        long values = (long) block * inputs * BLOCK;
        for (int lane = 0; lane < BLOCK; lane += 2 * LANES) {
          multiply(weights.values(), values + lane, x, inputs, sums, lane);
          QuantizedScales.multiply(weights, block, lane, sums, lane);
          QuantizedScales.multiply(weights, block, lane + LANES, sums, lane + LANES);
        }
        QuantizedEpilogue.store(job, block, row, sums, 0, 1);
      }
    }
  }

  private static void activations(QuantizedRows rows, int row, float[] x) {
    long from = rows.valuesOffset(row);
    // The stride is a multiple of 32, more than a vector of floats has.
    for (int k = 0; k < rows.stride(); k += LANES) {
      load(rows.memory(), from + k).intoArray(x, k);
    }
  }

  /**
   * Sums the products of two vectors of outputs, of both halves of the inputs at once: memory is
   * read ahead faster in two places than in one.
   */
  private static void multiply(
      MemorySegment values, long valuesAt, float[] x, int inputs, float[] sums, int sumsAt) {
    FloatVector a0 = FloatVector.zero(F);
    FloatVector a1 = a0;
    FloatVector b0 = a0;
    FloatVector b1 = a0;
    int half = inputs / 2;
    long w = valuesAt;
    long z = valuesAt + (long) half * BLOCK;
    for (int k = 0; k < half; k++, w += BLOCK, z += BLOCK) {
      FloatVector v = FloatVector.broadcast(F, x[k]);
      a0 = load(values, w).fma(v, a0);
      a1 = load(values, w + LANES).fma(v, a1);
      FloatVector u = FloatVector.broadcast(F, x[half + k]);
      b0 = load(values, z).fma(u, b0);
      b1 = load(values, z + LANES).fma(u, b1);
    }
    if (inputs % 2 == 1) {
      FloatVector v = FloatVector.broadcast(F, x[inputs - 1]);
      a0 = load(values, z).fma(v, a0);
      a1 = load(values, z + LANES).fma(v, a1);
    }
    a0.add(b0).intoArray(sums, sumsAt);
    a1.add(b1).intoArray(sums, sumsAt + LANES);
  }

  private static FloatVector load(MemorySegment values, long offset) {
    return (FloatVector)
        ByteVector.fromMemorySegment(B, offHeap(values), offset, LITTLE_ENDIAN)
            .convertShape(B2F, F, 0);
  }
}
