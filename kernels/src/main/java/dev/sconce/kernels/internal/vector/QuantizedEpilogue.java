package dev.sconce.kernels.internal.vector;

import static dev.sconce.kernels.PackedWeights.BLOCK;
import static dev.sconce.kernels.internal.Memory.offHeap;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import dev.sconce.kernels.Clamp;
import dev.sconce.kernels.PackedWeights;
import dev.sconce.kernels.QuantizedRows;
import dev.sconce.kernels.internal.LinearJob;
import dev.sconce.kernels.internal.Memory;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** y = clamp(scale · (unit · sum - zeroPoint · offset) + bias). */
final class QuantizedEpilogue {

  private static final VectorSpecies<Float> F = VectorUnit.FLOAT;
  private static final int LANES = F.length();

  private QuantizedEpilogue() {}

  /** Stores a row of a block; its sums are overwritten. */
  static void store(LinearJob job, int block, int row, float[] sums, int at, float unit) {
    PackedWeights weights = job.weights();
    QuantizedRows x = job.activations();
    float scale = Memory.getFloat(x.memory(), x.scaleOffset(row));
    float zeroPoint = Memory.getInt(x.memory(), x.zeroPointOffset(row));
    long column = 4L * block * BLOCK;
    finish(sums, at, unit, weights.offsets(), column, scale, zeroPoint);
    MemorySegment bias = weights.bias();
    if (bias != null) {
      add(sums, at, bias, column);
    }
    Clamp clamp = job.clamp();
    if (!clamp.isNone()) {
      for (int i = at; i < at + BLOCK; i++) {
        sums[i] = clamp.apply(sums[i]);
      }
    }
    int count = Math.min(BLOCK, weights.outputs() - block * BLOCK);
    MemorySegment.copy(sums, at, job.y(), Memory.FLOAT, row * job.yStride() + column, count);
  }

  private static void finish(
      float[] sums,
      int at,
      float unit,
      MemorySegment offsets,
      long column,
      float scale,
      float zeroPoint) {
    for (int i = 0; i < BLOCK; i += LANES) {
      FloatVector offset = load(offsets, column + 4L * i);
      FloatVector sum = FloatVector.fromArray(F, sums, at + i).mul(unit);
      offset.mul(-zeroPoint).add(sum).mul(scale).intoArray(sums, at + i);
    }
  }

  private static void add(float[] sums, int at, MemorySegment bias, long column) {
    for (int i = 0; i < BLOCK; i += LANES) {
      FloatVector sum = FloatVector.fromArray(F, sums, at + i);
      sum.add(load(bias, column + 4L * i)).intoArray(sums, at + i);
    }
  }

  private static FloatVector load(MemorySegment memory, long offset) {
    return FloatVector.fromMemorySegment(F, offHeap(memory), offset, LITTLE_ENDIAN);
  }
}
