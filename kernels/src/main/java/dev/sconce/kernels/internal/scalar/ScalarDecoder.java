package dev.sconce.kernels.internal.scalar;

import static dev.sconce.kernels.PackedWeights.BLOCK;

import dev.sconce.base.BFloat16;
import dev.sconce.base.HalfFloat;
import dev.sconce.kernels.PackedWeights;
import dev.sconce.kernels.WeightEncoding;
import dev.sconce.kernels.internal.Memory;
import dev.sconce.kernels.internal.PanelDecoder;
import java.lang.foreign.MemorySegment;

/** Decodes panels one weight at a time. */
final class ScalarDecoder implements PanelDecoder {

  @Override
  public void decode(PackedWeights weights, int block, float[] panel) {
    int length = weights.inputs() * BLOCK;
    MemorySegment values = weights.values();
    long first = (long) block * length;
    switch (weights.encoding()) {
      case FLOAT32 -> MemorySegment.copy(values, Memory.FLOAT, 4 * first, panel, 0, length);
      case FLOAT16 -> {
        for (int i = 0; i < length; i++) {
          panel[i] = HalfFloat.toFloat(Memory.getShort(values, 2 * (first + i)));
        }
      }
      case BFLOAT16 -> {
        for (int i = 0; i < length; i++) {
          panel[i] = BFloat16.toFloat(Memory.getShort(values, 2 * (first + i)));
        }
      }
      case INT8_PER_CHANNEL -> {
        for (int i = 0; i < length; i++) {
          float scale = Memory.getFloat(weights.scales(), 4L * (block * BLOCK + i % BLOCK));
          panel[i] = Memory.getByte(values, first + i) * scale;
        }
      }
      case INT4_PER_CHANNEL, INT4_PER_GROUP -> {
        for (int i = 0; i < length; i++) {
          panel[i] = nibble(weights, block, i / BLOCK, i % BLOCK);
        }
      }
    }
  }

  private static float nibble(PackedWeights weights, int block, int k, int output) {
    int packed = Memory.getInt(weights.values(), weights.nibblesOffset(block, k, output));
    int value = ((packed >>> (4 * (k % 8))) & 15) - 8;
    if (weights.encoding() == WeightEncoding.INT4_PER_CHANNEL) {
      return value * Memory.getFloat(weights.scales(), 4L * (block * BLOCK + output));
    }
    long groups = weights.inputs() / weights.groupSize();
    long index = (block * groups + k / weights.groupSize()) * BLOCK + output;
    return value * BFloat16.toFloat(Memory.getShort(weights.scales(), 2 * index));
  }
}
