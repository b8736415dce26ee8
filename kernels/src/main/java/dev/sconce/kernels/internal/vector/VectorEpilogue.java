package dev.sconce.kernels.internal.vector;

import static dev.sconce.kernels.internal.Memory.offHeap;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import dev.sconce.kernels.Clamp;
import dev.sconce.kernels.internal.Memory;
import dev.sconce.kernels.internal.PanelEpilogue;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/** Adds and stores a vector at a time where nothing is clamped. */
final class VectorEpilogue implements PanelEpilogue {

  private static final VectorSpecies<Float> F = VectorUnit.FLOAT;
  private static final int LANES = F.length();

  @Override
  public void store(
      float[] sums,
      int sumsOffset,
      int count,
      @Nullable MemorySegment bias,
      long biasOffset,
      Clamp clamp,
      MemorySegment y,
      long yOffset) {
    int i = 0;
    if (clamp.isNone()) {
      i = count / LANES * LANES;
      if (bias == null) {
        copy(sums, sumsOffset, i, y, yOffset);
      } else {
        add(sums, sumsOffset, i, bias, biasOffset, y, yOffset);
      }
    }
    for (; i < count; i++) {
      float sum = sums[sumsOffset + i];
      float value = bias == null ? sum : sum + Memory.getFloat(bias, biasOffset + 4L * i);
      Memory.setFloat(y, yOffset + 4L * i, clamp.apply(value));
    }
  }

  private static void copy(float[] sums, int sumsOffset, int count, MemorySegment y, long at) {
    for (int i = 0; i < count; i += LANES) {
      FloatVector.fromArray(F, sums, sumsOffset + i)
          .intoMemorySegment(offHeap(y), at + 4L * i, LITTLE_ENDIAN);
    }
  }

  private static void add(
      float[] sums,
      int sumsOffset,
      int count,
      MemorySegment bias,
      long biasAt,
      MemorySegment y,
      long at) {
    for (int i = 0; i < count; i += LANES) {
      FloatVector.fromArray(F, sums, sumsOffset + i)
          .add(FloatVector.fromMemorySegment(F, offHeap(bias), biasAt + 4L * i, LITTLE_ENDIAN))
          .intoMemorySegment(offHeap(y), at + 4L * i, LITTLE_ENDIAN);
    }
  }
}
