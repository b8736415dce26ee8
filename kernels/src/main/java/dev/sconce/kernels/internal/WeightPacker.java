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
 * <p>Rows are copied to arrays as a whole, turned there, and copied to their place: a program is
 * loaded before the JVM has compiled anything, and until then loops over arrays are many times as
 * fast as those over segments.
 *
 * @param source the weights
 * @param values where packed values go, zero at first
 * @param scales where packed scales go, zero at first
 * @param offsets where Σ scale·weight goes, zero at first
 */
public record WeightPacker(
    WeightSource source, MemorySegment values, MemorySegment scales, MemorySegment offsets) {

  // Inputs that are turned at once: 32 outputs of them stay in the first-level cache.
  private static final int PIECE = 256;

  // A packed int.
  private static final int NIBBLES = 8;

  // Eight nibbles that stand for zero in the file.
  private static final int ZEROS = 0x88888888;

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
    if (source.encoding() == WeightEncoding.INT4_PER_GROUP) {
      packGroupScales(first, count);
    } else if (source.encoding().quantized()) {
      MemorySegment.copy(sourceScales(), 4L * first, scales, 4L * first, 4L * count);
    }
  }

  private long sourceIndex(int n, int k) {
    return source.transposed() ? (long) k * source.outputs() + n : (long) n * source.inputs() + k;
  }

  private void pack32(int first, int count) {
    int inputs = source.inputs();
    int[] line = new int[Math.min(PIECE, inputs)];
    int[] turned = new int[Math.min(PIECE, inputs) * BLOCK];
    for (int k = 0; k < inputs; k += PIECE) {
      int length = Math.min(PIECE, inputs - k);
      if (source.transposed()) {
        for (int i = 0; i < length; i++) {
          long from = 4 * sourceIndex(first, k + i);
          MemorySegment.copy(source.values(), Memory.INT, from, turned, i * BLOCK, count);
        }
      } else {
        for (int i = 0; i < count; i++) {
          long from = 4 * sourceIndex(first + i, k);
          MemorySegment.copy(source.values(), Memory.INT, from, line, 0, length);
          turn(line, length, turned, i);
        }
      }
      long to = 4 * ((long) first * inputs + (long) k * BLOCK);
      MemorySegment.copy(turned, 0, values, Memory.INT, to, length * BLOCK);
    }
  }

  private static void turn(int[] line, int length, int[] turned, int column) {
    for (int i = 0; i < length; i++) {
      turned[i * BLOCK + column] = line[i];
    }
  }

  private void pack16(int first, int count) {
    int inputs = source.inputs();
    short[] line = new short[Math.min(PIECE, inputs)];
    short[] turned = new short[Math.min(PIECE, inputs) * BLOCK];
    for (int k = 0; k < inputs; k += PIECE) {
      int length = Math.min(PIECE, inputs - k);
      if (source.transposed()) {
        for (int i = 0; i < length; i++) {
          long from = 2 * sourceIndex(first, k + i);
          MemorySegment.copy(source.values(), Memory.SHORT, from, turned, i * BLOCK, count);
        }
      } else {
        for (int i = 0; i < count; i++) {
          long from = 2 * sourceIndex(first + i, k);
          MemorySegment.copy(source.values(), Memory.SHORT, from, line, 0, length);
          turn(line, length, turned, i);
        }
      }
      long to = 2 * ((long) first * inputs + (long) k * BLOCK);
      MemorySegment.copy(turned, 0, values, Memory.SHORT, to, length * BLOCK);
    }
  }

  private static void turn(short[] line, int length, short[] turned, int column) {
    for (int i = 0; i < length; i++) {
      turned[i * BLOCK + column] = line[i];
    }
  }

  private void pack8(int first, int count) {
    int inputs = source.inputs();
    byte[] line = new byte[Math.min(PIECE, inputs)];
    byte[] turned = new byte[Math.min(PIECE, inputs) * BLOCK];
    long[] sums = new long[BLOCK];
    for (int k = 0; k < inputs; k += PIECE) {
      int length = Math.min(PIECE, inputs - k);
      if (source.transposed()) {
        for (int i = 0; i < length; i++) {
          copyBytes(sourceIndex(first, k + i), turned, i * BLOCK, count);
        }
      } else {
        for (int i = 0; i < count; i++) {
          copyBytes(sourceIndex(first + i, k), line, 0, length);
          turn(line, length, turned, i);
        }
      }
      sum(turned, length, sums);
      long to = (long) first * inputs + (long) k * BLOCK;
      MemorySegment.copy(turned, 0, values, ValueLayout.JAVA_BYTE, to, length * BLOCK);
    }
    for (int i = 0; i < count; i++) {
      double scale = Memory.getFloat(sourceScales(), 4L * (first + i));
      Memory.setFloat(offsets, 4L * (first + i), (float) (sums[i] * scale));
    }
  }

  private void copyBytes(long from, byte[] to, int at, int count) {
    MemorySegment.copy(source.values(), ValueLayout.JAVA_BYTE, from, to, at, count);
  }

  private static void turn(byte[] line, int length, byte[] turned, int column) {
    for (int i = 0; i < length; i++) {
      turned[i * BLOCK + column] = line[i];
    }
  }

  private static void sum(byte[] turned, int length, long[] sums) {
    for (int i = 0; i < length; i++) {
      for (int column = 0; column < BLOCK; column++) {
        sums[column] += turned[i * BLOCK + column];
      }
    }
  }

  private void pack4(int first, int count) {
    int steps = Math.ceilDiv(source.inputs(), NIBBLES);
    int storedSteps = (source.inputs() + 31 & -32) / NIBBLES;
    // Whole rows: sums run over groups, which may be as long.
    int[] line = new int[steps];
    int[] turned = new int[storedSteps * BLOCK];
    short[] groups = new short[groups()];
    for (int i = 0; i < count; i++) {
      nibbles(first + i, line);
      turnNibbles(line, turned, i);
      Memory.setFloat(offsets, 4L * (first + i), offset(first + i, line, groups));
    }
    MemorySegment.copy(
        turned, 0, values, Memory.INT, 4L * first * storedSteps, storedSteps * BLOCK);
  }

  private int groups() {
    return source.inputs() / source.groupSize();
  }

  /** Reads the weights of an output, eight to an int, as they lie side by side in the file. */
  private void nibbles(int n, int[] line) {
    int whole = source.transposed() ? 0 : source.inputs() / NIBBLES;
    long from = n * ((source.inputs() + 1L) / 2);
    if (whole > 0) {
      MemorySegment.copy(source.values(), Memory.INT, from, line, 0, whole);
    }
    for (int step = whole; step < line.length; step++) {
      line[step] = gathered(n, step);
    }
  }

  /** Returns eight inputs of an output; those that do not exist weigh nothing. */
  private int gathered(int n, int step) {
    int nibbles = ZEROS;
    for (int i = 0; i < Math.min(NIBBLES, source.inputs() - NIBBLES * step); i++) {
      nibbles ^= (sourceNibble(n, NIBBLES * step + i) ^ 8) << (4 * i);
    }
    return nibbles;
  }

  private int sourceNibble(int n, int k) {
    int row = source.transposed() ? k : n;
    int column = source.transposed() ? n : k;
    int length = source.transposed() ? source.outputs() : source.inputs();
    long at = row * ((length + 1L) / 2) + column / 2;
    int pair = Memory.getByte(source.values(), at) & 0xFF;
    return column % 2 == 0 ? pair & 15 : pair >> 4;
  }

  /** From value + 8 to two's complement, and to the output's column. */
  private static void turnNibbles(int[] line, int[] turned, int column) {
    for (int i = 0; i < line.length; i++) {
      turned[i * BLOCK + column] = line[i] ^ ZEROS;
    }
  }

  /** Returns Σ scale·weight of an output. */
  private float offset(int n, int[] line, short[] groups) {
    if (source.encoding() != WeightEncoding.INT4_PER_GROUP) {
      double scale = Memory.getFloat(sourceScales(), 4L * n);
      return (float) (sum(line, 0, line.length) * scale);
    }
    MemorySegment.copy(
        sourceScales(), Memory.SHORT, 2L * n * groups.length, groups, 0, groups.length);
    int length = Math.ceilDiv(source.groupSize(), NIBBLES);
    double offset = 0;
    for (int group = 0; group < groups.length; group++) {
      int sum = sum(line, group * length, (group + 1) * length);
      offset += sum * (double) BFloat16.toFloat(groups[group]);
    }
    return (float) offset;
  }

  /** Returns the sum of weights, eight to an int. */
  private static int sum(int[] line, int from, int to) {
    int sum = 0;
    for (int i = from; i < to; i++) {
      int bytes = (line[i] & 0x0F0F0F0F) + ((line[i] >>> 4) & 0x0F0F0F0F);
      sum += (bytes * 0x01010101) >>> 24;
    }
    return sum - 8 * NIBBLES * (to - from);
  }

  private void packGroupScales(int first, int count) {
    int groups = groups();
    short[] line = new short[groups];
    short[] turned = new short[groups * BLOCK];
    for (int i = 0; i < count; i++) {
      long from = 2L * (first + i) * groups;
      MemorySegment.copy(sourceScales(), Memory.SHORT, from, line, 0, groups);
      turn(line, groups, turned, i);
    }
    MemorySegment.copy(turned, 0, scales, Memory.SHORT, 2L * first * groups, groups * BLOCK);
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
