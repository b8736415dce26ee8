package dev.sconce.kernels.internal.scalar;

import static dev.sconce.kernels.PackedWeights.BLOCK;

import dev.sconce.base.BFloat16;
import dev.sconce.kernels.PackedWeights;
import dev.sconce.kernels.QuantizedRows;
import dev.sconce.kernels.WeightEncoding;
import dev.sconce.kernels.internal.LinearJob;
import dev.sconce.kernels.internal.LinearKernel;
import dev.sconce.kernels.internal.Memory;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Dynamically quantized activations times int8 or int4 weights.
 *
 * <pre>  y = scale · Σ_g weightScale_g · Σ_{k∈g} (q_k - zeroPoint) · w_k  + bias </pre>
 *
 * <p>Sums within a group are exact.
 */
final class ScalarQuantizedLinear implements LinearKernel.ByRectangle {

  @Override
  public void run(LinearJob job, int firstBlock, int endBlock, int firstRow, int endRow) {
    PackedWeights weights = job.weights();
    byte[] panel = new byte[weights.inputs() * BLOCK];
    float[] scales = new float[weights.inputs() / weights.groupSize() * BLOCK];
    for (int block = firstBlock; block < endBlock; block++) {
      decode(weights, block, panel);
      decodeScales(weights, block, scales);
      for (int row = firstRow; row < endRow; row++) {
        ScalarEpilogue.store(job, block, row, sums(job, row, panel, scales));
      }
    }
  }

  private static float[] sums(LinearJob job, int row, byte[] panel, float[] scales) {
    QuantizedRows x = job.activations();
    int groupSize = job.weights().groupSize();
    int zeroPoint = Memory.getInt(x.memory(), x.zeroPointOffset(row));
    float[] sums = new float[BLOCK];
    int[] groupSums = new int[BLOCK];
    for (int group = 0; group < job.weights().inputs() / groupSize; group++) {
      Arrays.fill(groupSums, 0);
      for (int k = group * groupSize; k < (group + 1) * groupSize; k++) {
        int a = Memory.getByte(x.memory(), x.valuesOffset(row) + k) - zeroPoint;
        for (int i = 0; i < BLOCK; i++) {
          groupSums[i] += a * panel[k * BLOCK + i];
        }
      }
      for (int i = 0; i < BLOCK; i++) {
        sums[i] += groupSums[i] * scales[group * BLOCK + i];
      }
    }
    float scale = Memory.getFloat(x.memory(), x.scaleOffset(row));
    for (int i = 0; i < BLOCK; i++) {
      sums[i] *= scale;
    }
    return sums;
  }

  private static void decode(PackedWeights weights, int block, byte[] panel) {
    MemorySegment values = weights.values();
    if (weights.encoding() == WeightEncoding.INT8_PER_CHANNEL) {
      for (int i = 0; i < panel.length; i++) {
        panel[i] = Memory.getByte(values, (long) block * panel.length + i);
      }
      return;
    }
    for (int k = 0; k < weights.inputs(); k++) {
      for (int i = 0; i < BLOCK; i++) {
        int packed = Memory.getInt(values, weights.nibblesOffset(block, k, i));
        panel[k * BLOCK + i] = (byte) (((packed >>> (4 * (k % 8))) & 15) - 8);
      }
    }
  }

  private static void decodeScales(PackedWeights weights, int block, float[] scales) {
    boolean grouped = weights.encoding() == WeightEncoding.INT4_PER_GROUP;
    long first = (long) block * scales.length;
    for (int i = 0; i < scales.length; i++) {
      scales[i] =
          grouped
              ? BFloat16.toFloat(Memory.getShort(weights.scales(), 2 * (first + i)))
              : Memory.getFloat(weights.scales(), 4 * (first + i));
    }
  }
}
