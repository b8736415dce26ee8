package dev.sconce.kernels.internal;

import static dev.sconce.kernels.PackedWeights.BLOCK;

import dev.sconce.base.BFloat16;
import dev.sconce.kernels.WeightEncoding;
import dev.sconce.kernels.WeightSource;
import java.lang.foreign.MemorySegment;

/**
 * Packs int4 weights of some outputs, whole blocks but for the last.
 *
 * <p>Lines of the file, eight weights to an int, become columns:
 *
 * <pre>
 *   output 0:  a0 a1 a2 ...               a0 b0 ... (32 outputs)
 *   output 1:  b0 b1 b2 ...      to       a1 b1 ...
 *   ...                                   ...
 * </pre>
 *
 * <p>A program is loaded in a cold JVM, whose compiler shares the processors with this. So the
 * loops are small static methods on arrays, compiled in a moment, and there are few copies from and
 * to segments, each of which costs as much as some hundred elements and swells what it is inlined
 * into.
 */
final class NibblePacker {

  /** Weights in an int. */
  private static final int NIBBLES = 8;

  /** Eight nibbles that stand for zero in the file. */
  private static final int ZEROS = 0x88888888;

  private final WeightPacker packer;
  private final WeightSource source;
  private final int first;
  private final int count;
  private final int steps;
  private final int groups;

  NibblePacker(WeightPacker packer, int first, int count) {
    this.packer = packer;
    this.source = packer.source();
    this.first = first;
    this.count = count;
    this.steps = Math.ceilDiv(source.inputs(), NIBBLES);
    this.groups = source.inputs() / source.groupSize();
  }

  void pack() {
    int storedSteps = (source.inputs() + 31 & -32) / NIBBLES;
    int[] turned = new int[Math.ceilDiv(count, BLOCK) * BLOCK * storedSteps];
    float[] offsets = new float[count];
    boolean grouped = source.encoding() == WeightEncoding.INT4_PER_GROUP;
    float[] scales = grouped ? packGroupScales() : channelScales();
    turn(lines(), scales, turned, offsets);
    MemorySegment.copy(
        turned, 0, packer.values(), Memory.INT, 4L * first * storedSteps, turned.length);
    MemorySegment.copy(offsets, 0, packer.offsets(), Memory.FLOAT, 4L * first, count);
  }

  private int[] lines() {
    int[] lines = new int[count * steps];
    if (!source.transposed() && source.inputs() % NIBBLES == 0) {
      long from = 4L * first * steps;
      MemorySegment.copy(source.values(), Memory.INT, from, lines, 0, lines.length);
    } else {
      for (int i = 0; i < lines.length; i++) {
        lines[i] = gathered(first + i / steps, i % steps);
      }
    }
    return lines;
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

  /** Turns all lines, and adds up each output's Σ scale·weight. */
  private static void turn(int[] lines, float[] scales, int[] turned, float[] offsets) {
    int count = offsets.length;
    int steps = lines.length / count;
    int storedSteps = turned.length / (Math.ceilDiv(count, BLOCK) * BLOCK);
    int groups = scales.length / count;
    for (int i = 0; i < count; i++) {
      int column = i / BLOCK * BLOCK * storedSteps + i % BLOCK;
      double offset = 0;
      for (int group = 0; group < groups; group++) {
        int from = group * (steps / groups);
        int sum = turnGroup(lines, i * steps + from, steps / groups, turned, column + from * BLOCK);
        offset += sum * (double) scales[i * groups + group];
      }
      offsets[i] = (float) offset;
    }
  }

  /** Brings weights from a line to a column, and returns their sum. */
  private static int turnGroup(int[] lines, int from, int steps, int[] turned, int to) {
    int sum = -8 * NIBBLES * steps;
    for (int i = 0; i < steps; i++) {
      int nibbles = lines[from + i];
      turned[to + i * BLOCK] = nibbles;
      int bytes = (nibbles & 0x0F0F0F0F) + ((nibbles >>> 4) & 0x0F0F0F0F);
      sum += (bytes * 0x01010101) >>> 24;
    }
    return sum;
  }

  private float[] channelScales() {
    float[] scales = new float[count];
    MemorySegment.copy(packer.sourceScales(), Memory.FLOAT, 4L * first, scales, 0, count);
    return scales;
  }

  /** Packs the scales of groups, and returns them line by line. */
  private float[] packGroupScales() {
    short[] lines = new short[count * groups];
    MemorySegment.copy(
        packer.sourceScales(), Memory.SHORT, 2L * first * groups, lines, 0, lines.length);
    short[] turned = new short[Math.ceilDiv(count, BLOCK) * BLOCK * groups];
    float[] floats = new float[lines.length];
    turn(lines, groups, turned, floats);
    MemorySegment.copy(
        turned, 0, packer.scales(), Memory.SHORT, 2L * first * groups, turned.length);
    return floats;
  }

  private static void turn(short[] lines, int groups, short[] turned, float[] floats) {
    int line = 0;
    int group = 0;
    for (int i = 0; i < lines.length; i++) {
      turned[(line / BLOCK * groups + group) * BLOCK + line % BLOCK] = lines[i];
      floats[i] = BFloat16.toFloat(lines[i]);
      if (++group == groups) {
        group = 0;
        line++;
      }
    }
  }
}
