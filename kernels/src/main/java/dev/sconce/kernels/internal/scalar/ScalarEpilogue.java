package dev.sconce.kernels.internal.scalar;

import static dev.sconce.kernels.PackedWeights.BLOCK;

import dev.sconce.kernels.Clamp;
import dev.sconce.kernels.PackedWeights;
import dev.sconce.kernels.internal.LinearJob;
import dev.sconce.kernels.internal.Memory;
import dev.sconce.kernels.internal.PanelEpilogue;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** What follows the sums of a block: bias, clamp, store. */
final class ScalarEpilogue implements PanelEpilogue {

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
    for (int i = 0; i < count; i++) {
      float sum = sums[sumsOffset + i];
      float value = bias == null ? sum : sum + Memory.getFloat(bias, biasOffset + 4L * i);
      Memory.setFloat(y, yOffset + 4L * i, clamp.apply(value));
    }
  }

  static void store(LinearJob job, int block, int row, float[] sums) {
    PackedWeights weights = job.weights();
    MemorySegment bias = weights.bias();
    int first = block * BLOCK;
    int count = Math.min(BLOCK, weights.outputs() - first);
    for (int i = 0; i < count; i++) {
      float value = bias == null ? sums[i] : sums[i] + Memory.getFloat(bias, 4L * (first + i));
      long offset = row * job.yStride() + 4L * (first + i);
      Memory.setFloat(job.y(), offset, job.clamp().apply(value));
    }
  }
}
