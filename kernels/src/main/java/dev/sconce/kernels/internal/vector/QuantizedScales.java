package dev.sconce.kernels.internal.vector;

import static dev.sconce.kernels.PackedWeights.BLOCK;
import static dev.sconce.kernels.internal.Memory.offHeap;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import dev.sconce.kernels.PackedWeights;
import dev.sconce.kernels.WeightEncoding;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Scales of quantized weights, whichever type they are stored in. */
final class QuantizedScales {

  private static final VectorSpecies<Float> F = VectorUnit.FLOAT;

  private QuantizedScales() {}

  /** Writes the scales of a block, 32 a group. */
  static void load(PackedWeights weights, int block, float[] scales) {
    int count = weights.inputs() / weights.groupSize() * BLOCK;
    for (int i = 0; i < count; i += F.length()) {
      scale(weights, (long) block * count + i).intoArray(scales, i);
    }
  }

  /** Multiplies a vector of sums with the scales of weights that have one an output. */
  static void multiply(PackedWeights weights, int block, int lane, float[] sums, int at) {
    FloatVector scale = scale(weights, (long) block * BLOCK + lane);
    FloatVector.fromArray(F, sums, at).mul(scale).intoArray(sums, at);
  }

  private static FloatVector scale(PackedWeights weights, long index) {
    return weights.encoding() == WeightEncoding.INT4_PER_GROUP
        ? VectorDecoder.brain(weights.scales(), 2 * index)
        : FloatVector.fromMemorySegment(F, offHeap(weights.scales()), 4 * index, LITTLE_ENDIAN);
  }
}
