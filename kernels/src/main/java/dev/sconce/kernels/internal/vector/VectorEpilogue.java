package dev.sconce.kernels.internal.vector;

import static dev.sconce.kernels.internal.Memory.offHeap;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import dev.sconce.kernels.Clamp;
import dev.sconce.kernels.internal.Memory;
import dev.sconce.kernels.internal.PanelEpilogue;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Adds and clamps, a vector at a time. */
final class VectorEpilogue implements PanelEpilogue {

  private static final VectorSpecies<Float> F = VectorUnit.FLOAT;
  private static final int LANES = F.length();

  @Override
  public void add(
      float[] sums, int sumsOffset, int count, Clamp clamp, MemorySegment y, long yOffset) {
    int i = 0;
    if (clamp.isNone()) {
      for (; i + LANES <= count; i += LANES) {
        long at = yOffset + 4L * i;
        FloatVector.fromMemorySegment(F, offHeap(y), at, LITTLE_ENDIAN)
            .add(FloatVector.fromArray(F, sums, sumsOffset + i))
            .intoMemorySegment(offHeap(y), at, LITTLE_ENDIAN);
      }
    }
    for (; i < count; i++) {
      long at = yOffset + 4L * i;
      Memory.setFloat(y, at, clamp.apply(Memory.getFloat(y, at) + sums[sumsOffset + i]));
    }
  }
}
