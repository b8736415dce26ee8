package dev.sconce.kernels.internal.vector;

import static dev.sconce.kernels.PackedWeights.BLOCK;
import static dev.sconce.kernels.internal.Memory.offHeap;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.AND;
import static jdk.incubator.vector.VectorOperators.B2F;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.OR;
import static jdk.incubator.vector.VectorOperators.ZERO_EXTEND_S2I;

import dev.sconce.kernels.PackedWeights;
import dev.sconce.kernels.WeightEncoding;
import dev.sconce.kernels.internal.Memory;
import dev.sconce.kernels.internal.PanelDecoder;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/** Decodes panels, as many outputs at a time as a float vector has lanes. */
final class VectorDecoder implements PanelDecoder {

  private static final VectorSpecies<Float> F = VectorUnit.FLOAT;
  private static final VectorSpecies<Integer> I = VectorUnit.INT;
  private static final VectorSpecies<Short> S = VectorUnit.SHORT_HALF;
  private static final VectorSpecies<Byte> B = VectorUnit.BYTE_QUARTER;
  private static final int LANES = F.length();

  @Override
  public void decode(PackedWeights weights, int block, float[] panel) {
    int inputs = weights.inputs();
    long at = (long) block * weights.storedInputs();
    MemorySegment values = weights.values();
    for (int lane = 0; lane < BLOCK; lane += LANES) {
      switch (weights.encoding()) {
        case FLOAT32 -> {
          long from = at * BLOCK * 4;
          MemorySegment.copy(values, Memory.FLOAT, from, panel, 0, inputs * BLOCK);
          return;
        }
        case FLOAT16 -> halves(values, (at * BLOCK + lane) * 2, inputs, panel, lane);
        case BFLOAT16 -> brains(values, (at * BLOCK + lane) * 2, inputs, panel, lane);
        case INT8_PER_CHANNEL -> {
          FloatVector scale = load(weights.scales(), 4L * (block * BLOCK + lane));
          bytes(values, at * BLOCK + lane, scale, inputs, panel, lane);
        }
        case INT4_PER_CHANNEL, INT4_PER_GROUP -> nibbles(weights, block, lane, panel);
      }
    }
  }

  private static void nibbles(PackedWeights weights, int block, int lane, float[] panel) {
    boolean grouped = weights.encoding() == WeightEncoding.INT4_PER_GROUP;
    int groupSize = weights.groupSize();
    int groups = weights.inputs() / groupSize;
    for (int group = 0; group < groups; group++) {
      int k = group * groupSize;
      long at = weights.nibblesOffset(block, k, lane);
      FloatVector scale =
          grouped
              ? brain(weights.scales(), (((long) block * groups + group) * BLOCK + lane) * 2)
              : load(weights.scales(), 4L * (block * BLOCK + lane));
      group(weights.values(), at, scale, groupSize, panel, k * BLOCK + lane);
    }
  }

  private static void group(
      MemorySegment values, long from, FloatVector scale, int inputs, float[] panel, int to) {
    for (int k = 0; k < inputs; k++) {
      IntVector packed =
          IntVector.fromMemorySegment(
              I, offHeap(values), from + 4L * (k / 8) * BLOCK, LITTLE_ENDIAN);
      IntVector value = packed.lanewise(LSHR, k % 8 * 4).and(15).sub(8);
      store(((FloatVector) value.convert(I2F, 0)).mul(scale), panel, to + k * BLOCK);
    }
  }

  private static void bytes(
      MemorySegment values, long from, FloatVector scale, int inputs, float[] panel, int to) {
    for (int k = 0; k < inputs; k++) {
      FloatVector value =
          (FloatVector)
              ByteVector.fromMemorySegment(
                      B, offHeap(values), from + (long) k * BLOCK, LITTLE_ENDIAN)
                  .convertShape(B2F, F, 0);
      store(value.mul(scale), panel, to + k * BLOCK);
    }
  }

  private static void brains(MemorySegment values, long from, int inputs, float[] panel, int to) {
    for (int k = 0; k < inputs; k++) {
      store(brain(values, from + 2L * k * BLOCK), panel, to + k * BLOCK);
    }
  }

  private static void halves(MemorySegment values, long from, int inputs, float[] panel, int to) {
    for (int k = 0; k < inputs; k++) {
      store(half(values, from + 2L * k * BLOCK), panel, to + k * BLOCK);
    }
  }

  /** Loads bfloat16 values: the upper halves of floats. */
  static FloatVector brain(MemorySegment values, long offset) {
    return ((IntVector)
            ShortVector.fromMemorySegment(S, offHeap(values), offset, LITTLE_ENDIAN)
                .convertShape(ZERO_EXTEND_S2I, I, 0))
        .lanewise(LSHL, 16)
        .reinterpretAsFloats();
  }

  /**
   * Loads float16 values: exponent and fraction moved into place read as the value times 2⁻¹¹²,
   * subnormals included; infinities and NaN get the greatest exponent.
   */
  static FloatVector half(MemorySegment values, long offset) {
    IntVector bits =
        (IntVector)
            ShortVector.fromMemorySegment(S, offHeap(values), offset, LITTLE_ENDIAN)
                .convertShape(ZERO_EXTEND_S2I, I, 0);
    IntVector magnitude = bits.lanewise(AND, 0x7FFF).lanewise(LSHL, 13);
    VectorMask<Integer> special = magnitude.compare(GE, 0x7C00 << 13);
    IntVector scaled = magnitude.reinterpretAsFloats().mul(0x1p112f).reinterpretAsInts();
    IntVector sign = bits.lanewise(AND, 0x8000).lanewise(LSHL, 16);
    return scaled.lanewise(OR, 0x7F800000, special).lanewise(OR, sign).reinterpretAsFloats();
  }

  private static FloatVector load(MemorySegment memory, long offset) {
    return FloatVector.fromMemorySegment(F, offHeap(memory), offset, LITTLE_ENDIAN);
  }

  private static void store(FloatVector value, float[] panel, int offset) {
    value.intoArray(panel, offset);
  }
}
