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
    int stored = (source.inputs() + 31) & -32;
    long to = (long) first * stored / 2;
    // Outputs and inputs that do not exist weigh nothing: 8 stands for zero.
    values.asSlice(to, (long) BLOCK * stored / 2).fill((byte) 0x88);
    for (int i = 0; i < count; i++) {
      double offset = 0;
      long sum = 0;
      for (int k = 0; k < source.inputs(); k++) {
        int nibble = sourceNibble(first + i, k);
        long at = to + (long) (k / 2) * BLOCK + i;
        int old = Memory.getByte(values, at) & 0xFF;
        int pair = k % 2 == 0 ? (old & 0xF0) | nibble : (old & 0x0F) | nibble << 4;
        Memory.setByte(values, at, (byte) pair);
        sum += nibble - 8;
        if ((k + 1) % source.groupSize() == 0) {
          offset += sum * (double) sourceScale(first + i, k / source.groupSize());
          sum = 0;
        }
      }
      Memory.setFloat(offsets, 4L * (first + i), (float) offset);
    }
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
