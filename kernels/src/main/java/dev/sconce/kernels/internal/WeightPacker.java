package dev.sconce.kernels.internal;

import static dev.sconce.kernels.PackedWeights.BLOCK;

import dev.sconce.base.BFloat16;
import dev.sconce.kernels.WeightEncoding;
import dev.sconce.kernels.WeightSource;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * Brings weights into the order of {@link dev.sconce.kernels.PackedWeights}, block by block.
 *
 * @param source the weights
 * @param values where packed values go, zero at first
 * @param scales where packed scales go, zero at first
 * @param offsets where Σ scale·weight goes, zero at first
 */
public record WeightPacker(
    WeightSource source, MemorySegment values, MemorySegment scales, MemorySegment offsets) {

  /** Packs the values, scales and offsets of one block of outputs. */
  public void packBlock(int block) {
    int first = block * BLOCK;
    int count = Math.min(BLOCK, source.outputs() - first);
    switch (source.encoding()) {
      case FLOAT32 -> pack32(first, count);
      case FLOAT16, BFLOAT16 -> pack16(first, count);
      case INT8_PER_CHANNEL -> pack8(first, count);
      case INT4_PER_CHANNEL, INT4_PER_GROUP -> pack4(first, count);
    }
    if (source.encoding().quantized()) {
      packScales(first, count);
    }
  }

  private long sourceIndex(int n, int k) {
    return source.transposed() ? (long) k * source.outputs() + n : (long) n * source.inputs() + k;
  }

  private void pack32(int first, int count) {
    for (int k = 0; k < source.inputs(); k++) {
      long to = ((long) first * source.inputs() + (long) k * BLOCK) * 4;
      for (int i = 0; i < count; i++) {
        int bits = Memory.getInt(source.values(), 4 * sourceIndex(first + i, k));
        Memory.setInt(values, to + 4L * i, bits);
      }
    }
  }

  private void pack16(int first, int count) {
    for (int k = 0; k < source.inputs(); k++) {
      long to = ((long) first * source.inputs() + (long) k * BLOCK) * 2;
      for (int i = 0; i < count; i++) {
        short bits = Memory.getShort(source.values(), 2 * sourceIndex(first + i, k));
        Memory.setShort(values, to + 2L * i, bits);
      }
    }
  }

  private void pack8(int first, int count) {
    for (int i = 0; i < count; i++) {
      long sum = 0;
      long to = (long) first * source.inputs() + i;
      for (int k = 0; k < source.inputs(); k++) {
        byte value = Memory.getByte(source.values(), sourceIndex(first + i, k));
        Memory.setByte(values, to + (long) k * BLOCK, value);
        sum += value;
      }
      float offset = (float) (sum * (double) sourceScale(first + i, 0));
      Memory.setFloat(offsets, 4L * (first + i), offset);
    }
  }

  private void pack4(int first, int count) {
    int steps = (source.inputs() + 31 & -32) / 8;
    int stepsPerGroup = Math.ceilDiv(source.groupSize(), 8);
    long to = (long) first * steps * 4;
    for (int i = 0; i < count; i++) {
      double offset = 0;
      long sum = 0;
      for (int step = 0; step < Math.ceilDiv(source.inputs(), 8); step++) {
        int nibbles = source.transposed() ? gathered(first + i, step) : stored(first + i, step);
        Memory.setInt(values, to + 4L * (step * BLOCK + i), nibbles ^ 0x88888888);
        sum += sum(nibbles) - 64;
        if ((step + 1) % stepsPerGroup == 0) {
          offset += sum * (double) sourceScale(first + i, step / stepsPerGroup);
          sum = 0;
        }
      }
      Memory.setFloat(offsets, 4L * (first + i), (float) offset);
    }
  }

  /** Returns eight inputs of an output, as they lie side by side in the file. */
  private int stored(int n, int step) {
    int length = source.inputs();
    if (8 * step + 8 <= length) {
      return Memory.getInt(source.values(), n * ((length + 1L) / 2) + 4L * step);
    }
    return gathered(n, step);
  }

  /** Returns eight inputs of an output; those that do not exist weigh nothing: 8 stands for 0. */
  private int gathered(int n, int step) {
    int nibbles = 0x88888888;
    for (int i = 0; i < Math.min(8, source.inputs() - 8 * step); i++) {
      nibbles ^= (sourceNibble(n, 8 * step + i) ^ 8) << (4 * i);
    }
    return nibbles;
  }

  /** Returns the sum of eight nibbles. */
  private static int sum(int nibbles) {
    int bytes = (nibbles & 0x0F0F0F0F) + ((nibbles >>> 4) & 0x0F0F0F0F);
    return (bytes * 0x01010101) >>> 24;
  }

  private int sourceNibble(int n, int k) {
    int row = source.transposed() ? k : n;
    int column = source.transposed() ? n : k;
    int length = source.transposed() ? source.outputs() : source.inputs();
    long at = row * ((length + 1L) / 2) + column / 2;
    int pair = Memory.getByte(source.values(), at) & 0xFF;
    return column % 2 == 0 ? pair & 15 : pair >> 4;
  }

  private float sourceScale(int n, int group) {
    MemorySegment from = sourceScales();
    if (source.encoding() == WeightEncoding.INT4_PER_GROUP) {
      int groups = source.inputs() / source.groupSize();
      return BFloat16.toFloat(Memory.getShort(from, 2 * ((long) n * groups + group)));
    }
    return Memory.getFloat(from, 4L * n);
  }

  private void packScales(int first, int count) {
    if (source.encoding() != WeightEncoding.INT4_PER_GROUP) {
      MemorySegment.copy(sourceScales(), 4L * first, scales, 4L * first, 4L * count);
      return;
    }
    int groups = source.inputs() / source.groupSize();
    for (int group = 0; group < groups; group++) {
      for (int i = 0; i < count; i++) {
        short bits = Memory.getShort(sourceScales(), 2 * ((long) (first + i) * groups + group));
        Memory.setShort(scales, 2 * ((long) first * groups + (long) group * BLOCK + i), bits);
      }
    }
  }

  private MemorySegment sourceScales() {
    @Nullable MemorySegment from = source.scales();
    return from == null ? MemorySegment.NULL : from;
  }

  /** Copies a bias to memory that is zero at first and at least as long. */
  public static void packBias(MemorySegment bias, int outputs, MemorySegment to) {
    MemorySegment.copy(bias, ValueLayout.JAVA_BYTE, 0, to, ValueLayout.JAVA_BYTE, 0, 4L * outputs);
  }
}
