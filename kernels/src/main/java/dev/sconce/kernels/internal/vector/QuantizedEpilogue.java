package dev.sconce.kernels.internal.vector;

import static dev.sconce.kernels.PackedWeights.BLOCK;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import dev.sconce.kernels.PackedWeights;
import dev.sconce.kernels.QuantizedRows;
import dev.sconce.kernels.internal.LinearJob;
import dev.sconce.kernels.internal.Memory;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** y = clamp(scale · (sum - zeroPoint · offset) + bias). */
final class QuantizedEpilogue {

  private static final VectorSpecies<Float> F = VectorUnit.FLOAT;
  private static final int LANES = F.length();

  private QuantizedEpilogue() {}

  static void store(LinearJob job, int block, int row, MemorySegment sums) {
    PackedWeights weights = job.weights();
    QuantizedRows x = job.activations();
    float scale = Memory.getFloat(x.memory(), x.scaleOffset(row));
    float zeroPoint = Memory.getInt(x.memory(), x.zeroPointOffset(row));
    int count = Math.min(BLOCK, weights.outputs() - block * BLOCK);
    long column = 4L * block * BLOCK;
    long to = row * job.yStride() + column;
    finish(sums, weights.offsets(), column, scale, zeroPoint);
    MemorySegment bias = weights.bias();
    int i = 0;
    if (job.clamp().isNone() && bias == null) {
      for (; i + LANES <= count; i += LANES) {
        load(sums, 4L * i).intoMemorySegment(job.y(), to + 4L * i, LITTLE_ENDIAN);
      }
    }
    for (; i < count; i++) {
      float sum = Memory.getFloat(sums, 4L * i);
      if (bias != null) {
        sum += Memory.getFloat(bias, column + 4L * i);
      }
      Memory.setFloat(job.y(), to + 4L * i, job.clamp().apply(sum));
    }
  }

  private static void finish(
      MemorySegment sums, MemorySegment offsets, long column, float scale, float zeroPoint) {
    for (int i = 0; i < BLOCK; i += LANES) {
      FloatVector offset = load(offsets, column + 4L * i);
      FloatVector sum = load(sums, 4L * i);
      offset.mul(-zeroPoint).add(sum).mul(scale).intoMemorySegment(sums, 4L * i, LITTLE_ENDIAN);
    }
  }

  private static FloatVector load(MemorySegment memory, long offset) {
    return FloatVector.fromMemorySegment(F, memory, offset, LITTLE_ENDIAN);
  }
}
