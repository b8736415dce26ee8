package dev.sconce.kernels.internal.scalar;

import static dev.sconce.kernels.PackedWeights.BLOCK;

import dev.sconce.base.BFloat16;
import dev.sconce.base.HalfFloat;
import dev.sconce.kernels.PackedWeights;
import dev.sconce.kernels.internal.LinearJob;
import dev.sconce.kernels.internal.LinearKernel;
import dev.sconce.kernels.internal.Memory;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** Float activations times float32, float16 or bfloat16 weights. */
final class ScalarFloatLinear implements LinearKernel {

  @Override
  public void run(LinearJob job, int firstBlock, int endBlock, int firstRow, int endRow) {
    PackedWeights weights = job.weights();
    float[] panel = new float[weights.inputs() * BLOCK];
    float[] sums = new float[BLOCK];
    for (int block = firstBlock; block < endBlock; block++) {
      decode(weights, block, panel);
      for (int row = firstRow; row < endRow; row++) {
        Arrays.fill(sums, 0);
        for (int k = 0; k < weights.inputs(); k++) {
          float a = Memory.getFloat(job.x(), row * job.xStride() + 4L * k);
          for (int i = 0; i < BLOCK; i++) {
            sums[i] += a * panel[k * BLOCK + i];
          }
        }
        ScalarEpilogue.store(job, block, row, sums);
      }
    }
  }

  private static void decode(PackedWeights weights, int block, float[] panel) {
    MemorySegment values = weights.values();
    long first = (long) block * panel.length;
    switch (weights.encoding()) {
      case FLOAT32 -> {
        for (int i = 0; i < panel.length; i++) {
          panel[i] = Memory.getFloat(values, 4 * (first + i));
        }
      }
      case FLOAT16 -> {
        for (int i = 0; i < panel.length; i++) {
          panel[i] = HalfFloat.toFloat(Memory.getShort(values, 2 * (first + i)));
        }
      }
      case BFLOAT16 -> {
        for (int i = 0; i < panel.length; i++) {
          panel[i] = BFloat16.toFloat(Memory.getShort(values, 2 * (first + i)));
        }
      }
      case INT8_PER_CHANNEL, INT4_PER_CHANNEL, INT4_PER_GROUP ->
          throw new IllegalArgumentException(weights.encoding().toString());
    }
  }
}
