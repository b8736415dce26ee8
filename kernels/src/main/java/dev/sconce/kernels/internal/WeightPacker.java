package dev.sconce.kernels.internal;

import static dev.sconce.kernels.PackedWeights.BLOCK;

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

  /** How many blocks are packed at once. */
  public static final int BAND = 4;

  /** Packs the values, scales and offsets of {@value #BAND} blocks of outputs, or those left. */
  public void packBand(int band) {
    int first = band * BAND * BLOCK;
    int end = Math.min(first + BAND * BLOCK, source.outputs());
    switch (source.encoding()) {
      case FLOAT32, FLOAT16, BFLOAT16, INT8_PER_CHANNEL -> {
        for (int block = first; block < end; block += BLOCK) {
          packBlock(block, Math.min(BLOCK, end - block));
        }
      }
      case INT4_PER_CHANNEL, INT4_PER_GROUP -> new NibblePacker(this, first, end - first).pack();
    }
    if (source.encoding() == WeightEncoding.INT8_PER_CHANNEL
        || source.encoding() == WeightEncoding.INT4_PER_CHANNEL) {
      MemorySegment.copy(sourceScales(), 4L * first, scales, 4L * first, 4L * (end - first));
    }
  }

  private void packBlock(int first, int count) {
    switch (source.encoding()) {
      case FLOAT32 -> pack32(first, count);
      case FLOAT16, BFLOAT16 -> pack16(first, count);
      case INT8_PER_CHANNEL -> pack8(first, count);
      case INT4_PER_CHANNEL, INT4_PER_GROUP -> throw new IllegalStateException("packed as a band");
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

  MemorySegment sourceScales() {
    @Nullable MemorySegment from = source.scales();
    return from == null ? MemorySegment.NULL : from;
  }

  /** Copies a bias to memory that is zero at first and at least as long. */
  public static void packBias(MemorySegment bias, int outputs, MemorySegment to) {
    MemorySegment.copy(bias, ValueLayout.JAVA_BYTE, 0, to, ValueLayout.JAVA_BYTE, 0, 4L * outputs);
  }
}
