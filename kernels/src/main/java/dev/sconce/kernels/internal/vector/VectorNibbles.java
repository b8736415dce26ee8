package dev.sconce.kernels.internal.vector;

import static dev.sconce.kernels.internal.Memory.offHeap;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.ADD;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.B2S;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;

import dev.sconce.kernels.PackedWeights;
import dev.sconce.kernels.QuantizedRows;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * How int4 weights and int8 activations meet in 16-bit integers, two inputs to a 32-bit lane.
 *
 * <p>A packed int holds eight inputs of one output, so that nibble j of its halves and a pair of
 * activations are multiplied lane by lane:
 *
 * <pre>
 *   weights       ┌────┬────┬────┬────┬────┬────┬────┬────┐
 *                 │ k7 │ k6 │ k5 │ k4 │ k3 │ k2 │ k1 │ k0 │     4 bits each, value + 8
 *                 └────┴────┴────┴────┴────┴────┴────┴────┘
 *   activations   ┌───────────────────┬───────────────────┐
 *   pair j        │     -q[k4+j]      │     -q[k0+j]      │     16 bits each
 *                 └───────────────────┴───────────────────┘
 * </pre>
 *
 * <p>With -q in -127 … 128 and w in -8 … 7, a product is within -1024 … 1016, and the sum over a
 * chunk of 32 inputs within -32768 … 32512: exactly what 16 bits hold. (With q it could be +32768.)
 *
 * <p>Signs cost instructions, so nibbles may be multiplied as they are, as w + 8: a sum that begins
 * with {@link #corrections 8·Σq} ends as the sum of products all the same, since what overflows 16
 * bits on the way comes back.
 */
final class VectorNibbles {

  /** How many inputs are summed in 16 bits. */
  static final int CHUNK = 32;

  /** How many pairs a chunk has. */
  static final int PAIRS = CHUNK / 2;

  /** How many nibbles a half has, and so how many pairs go with a packed int. */
  static final int NIBBLES = 4;

  /** What makes a sum of {@link #chunkSum} the sum of products. */
  static final float UNIT = -1f / 65536;

  private static final VectorSpecies<Byte> B = VectorUnit.BYTE_HALF;
  private static final VectorSpecies<Short> S = VectorUnit.SHORT;
  private static final VectorSpecies<Integer> I = VectorUnit.INT;

  // k0 k1 k2 k3 k4 k5 k6 k7  to  k0 k4 k1 k5 k2 k6 k3 k7
  private static final VectorShuffle<Short> PAIRED =
      VectorShuffle.fromOp(S, i -> (i & -8) + (i % 2) * 4 + i % 8 / 2);

  private VectorNibbles() {}

  /** Writes a row's activations as negated pairs. */
  static void pairs(QuantizedRows x, int row, int[] pairs, int offset) {
    int end = x.stride();
    long from = x.valuesOffset(row);
    // The stride is a multiple of 32, the most that a vector of shorts has.
    for (int k = 0; k < end; k += S.length()) {
      pairs(x.memory(), from + k, pairs, offset + k / 2);
    }
  }

  /** Writes 8·Σq of every chunk and half, from its {@link #pairs}. */
  static void corrections(int[] pairs, int chunks, int[] corrections, int offset) {
    for (int chunk = 0; chunk < chunks; chunk++) {
      corrections[offset + chunk] = correction(pairs, chunk * PAIRS);
    }
  }

  // Integer sums of lanes are exact, in whatever order.
  private static int correction(int[] pairs, int from) {
    IntVector low = IntVector.zero(I);
    IntVector high = low;
    for (int i = from; i < from + PAIRS; i += I.length()) {
      IntVector pair = IntVector.fromArray(I, pairs, i);
      low = low.add(pair.lanewise(LSHL, 16));
      high = high.add(pair.lanewise(ASHR, 16));
    }
    int lowSum = low.reduceLanes(ADD) >> 16;
    return ((-8 * lowSum) & 0xFFFF) | ((-8 * high.reduceLanes(ADD)) << 16);
  }

  private static void pairs(MemorySegment x, long from, int[] pairs, int offset) {
    ShortVector values =
        (ShortVector)
            ByteVector.fromMemorySegment(B, offHeap(x), from, LITTLE_ENDIAN)
                .convertShape(B2S, S, 0);
    values.neg().rearrange(PAIRED).reinterpretAsInts().intoArray(pairs, offset);
  }

  /** Returns the nibbles at a bit offset of both halves, which are weights + 8. */
  static ShortVector nibbles(ShortVector packed, int shift) {
    return packed.lanewise(LSHR, shift).and((short) 15);
  }

  /** Returns the weights at a bit offset of both halves. */
  static ShortVector weights(ShortVector packed, int shift) {
    return nibbles(packed, shift).sub((short) 8);
  }

  /** Returns a pair of activations for all outputs. */
  static ShortVector pair(int[] pairs, int index) {
    return IntVector.broadcast(I, pairs[index]).reinterpretAsShorts();
  }

  /**
   * Returns the sum of both halves, negated as the activations are, times 2¹⁶: the upper half of v
   * + (v ≪ 16), into which the lower half, where there is nothing to add, carries nothing.
   */
  static FloatVector chunkSum(IntVector halves) {
    return (FloatVector) halves.lanewise(LSHL, 16).add(halves).and(0xFFFF0000).convert(I2F, 0);
  }

  /** Returns whether all inputs of an output share one scale. */
  static boolean uniform(PackedWeights weights) {
    return weights.groupSize() == weights.inputs();
  }
}
