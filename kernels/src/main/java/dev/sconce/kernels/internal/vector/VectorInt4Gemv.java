package dev.sconce.kernels.internal.vector;

import static dev.sconce.kernels.PackedWeights.BLOCK;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.S2I;
import static jdk.incubator.vector.VectorOperators.ZERO_EXTEND_B2S;

import dev.sconce.kernels.PackedWeights;
import dev.sconce.kernels.QuantizedRows;
import dev.sconce.kernels.WeightEncoding;
import dev.sconce.kernels.internal.LinearJob;
import dev.sconce.kernels.internal.LinearKernel;
import dev.sconce.kernels.internal.Memory;
import dev.sconce.kernels.internal.Scratch;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Few quantized rows times int4 weights, in 16-bit integers.
 *
 * <p>With u = w + 8 a product q·u is within ±128·15, so that the 16 even and the 16 odd products of
 * a chunk of 32 inputs each fit a 16-bit sum. What the 8 adds is taken off with the chunk's sum of
 * q, what the zero point adds with the weights' own sum:
 *
 * <pre>  Σ (q - z)·w·s  =  Σ_chunk s·(Σ q·u - 8·Σ q)  -  z·Σ s·w </pre>
 */
final class VectorInt4Gemv implements LinearKernel {

  private static final VectorSpecies<Byte> B = VectorUnit.BYTE_HALF;
  private static final VectorSpecies<Short> S = VectorUnit.SHORT;
  private static final VectorSpecies<Integer> I = VectorUnit.INT;
  private static final VectorSpecies<Float> F = VectorUnit.FLOAT;
  private static final int LANES = S.length();
  private static final int CHUNK = 32;
  private static final int CHUNK_BYTES = CHUNK / 2 * BLOCK;
  private static final long FLOAT_VECTOR = 4L * F.length();

  private final Scratch scratch;

  VectorInt4Gemv(Scratch scratch) {
    this.scratch = scratch;
  }

  @Override
  public void run(LinearJob job, int firstBlock, int endBlock, int firstRow, int endRow) {
    MemorySegment sums = scratch.get(Scratch.Use.ACCUMULATORS, 4L * BLOCK);
    PackedWeights weights = job.weights();
    QuantizedRows x = job.activations();
    int chunks = weights.storedInputs() / CHUNK;
    boolean grouped = weights.encoding() == WeightEncoding.INT4_PER_GROUP;
    int groups = weights.inputs() / weights.groupSize();
    int chunksPerGroup = Math.max(1, weights.groupSize() / CHUNK);
    for (int block = firstBlock; block < endBlock; block++) {
      long values = (long) block * chunks * CHUNK_BYTES;
      for (int row = firstRow; row < endRow; row++) {
        long chunkSums = 4L * row * chunks;
        for (int lane = 0; lane < BLOCK; lane += LANES) {
          if (grouped && groups > 1) {
            grouped(
                weights.values(),
                values + lane,
                weights.scales(),
                2L * ((long) block * groups * BLOCK + lane),
                x.memory(),
                x.valuesOffset(row),
                job.groupSums(),
                chunkSums,
                groups,
                chunksPerGroup,
                sums,
                4L * lane);
          } else {
            single(
                weights.values(),
                values + lane,
                x.memory(),
                x.valuesOffset(row),
                job.groupSums(),
                chunkSums,
                chunks,
                sums,
                4L * lane);
            if (grouped) {
              scaleByBrain(weights.scales(), 2L * (block * BLOCK + lane), sums, 4L * lane);
            } else {
              scaleByFloat(weights.scales(), 4L * (block * BLOCK + lane), sums, 4L * lane);
            }
          }
        }
        QuantizedEpilogue.store(job, block, row, sums);
      }
    }
  }

  /** Every chunk or every few chunks have a scale of their own. */
  private static void grouped(
      MemorySegment values,
      long valuesAt,
      MemorySegment scales,
      long scalesAt,
      MemorySegment x,
      long xAt,
      MemorySegment chunkSums,
      long chunkSumsAt,
      int groups,
      int chunksPerGroup,
      MemorySegment sums,
      long sumsAt) {
    FloatVector low = FloatVector.zero(F);
    FloatVector high = FloatVector.zero(F);
    long w = valuesAt;
    long a = xAt;
    long c = chunkSumsAt;
    for (int group = 0; group < groups; group++) {
      FloatVector lowScale = VectorDecoder.brain(scales, scalesAt + 2L * BLOCK * group);
      FloatVector highScale =
          VectorDecoder.brain(scales, scalesAt + 2L * BLOCK * group + FLOAT_VECTOR / 2);
      for (int i = 0; i < chunksPerGroup; i++, w += CHUNK_BYTES, a += CHUNK, c += 4) {
        ShortVector even = ShortVector.zero(S);
        ShortVector odd = ShortVector.zero(S);
        for (int j = 0; j < CHUNK / 2; j++) {
          ShortVector pair = pair(values, w + (long) j * BLOCK);
          even = even.add(pair.and((short) 15).mul(Memory.getByte(x, a + 2L * j)));
          odd = odd.add(pair.lanewise(LSHR, 4).mul(Memory.getByte(x, a + 2L * j + 1)));
        }
        int correction = -8 * Memory.getInt(chunkSums, c);
        low = widen(even, odd, 0, correction).fma(lowScale, low);
        high = widen(even, odd, 1, correction).fma(highScale, high);
      }
    }
    low.intoMemorySegment(sums, sumsAt, LITTLE_ENDIAN);
    high.intoMemorySegment(sums, sumsAt + FLOAT_VECTOR, LITTLE_ENDIAN);
  }

  /** One scale for all chunks, to be applied afterwards. */
  private static void single(
      MemorySegment values,
      long valuesAt,
      MemorySegment x,
      long xAt,
      MemorySegment chunkSums,
      long chunkSumsAt,
      int chunks,
      MemorySegment sums,
      long sumsAt) {
    FloatVector low = FloatVector.zero(F);
    FloatVector high = FloatVector.zero(F);
    long w = valuesAt;
    long a = xAt;
    for (int i = 0; i < chunks; i++, w += CHUNK_BYTES, a += CHUNK) {
      ShortVector even = ShortVector.zero(S);
      ShortVector odd = ShortVector.zero(S);
      for (int j = 0; j < CHUNK / 2; j++) {
        ShortVector pair = pair(values, w + (long) j * BLOCK);
        even = even.add(pair.and((short) 15).mul(Memory.getByte(x, a + 2L * j)));
        odd = odd.add(pair.lanewise(LSHR, 4).mul(Memory.getByte(x, a + 2L * j + 1)));
      }
      int correction = -8 * Memory.getInt(chunkSums, chunkSumsAt + 4L * i);
      low = low.add(widen(even, odd, 0, correction));
      high = high.add(widen(even, odd, 1, correction));
    }
    low.intoMemorySegment(sums, sumsAt, LITTLE_ENDIAN);
    high.intoMemorySegment(sums, sumsAt + FLOAT_VECTOR, LITTLE_ENDIAN);
  }

  private static ShortVector pair(MemorySegment values, long offset) {
    return (ShortVector)
        ByteVector.fromMemorySegment(B, values, offset, LITTLE_ENDIAN)
            .convertShape(ZERO_EXTEND_B2S, S, 0);
  }

  private static FloatVector widen(ShortVector even, ShortVector odd, int part, int correction) {
    return (FloatVector)
        ((IntVector) even.convertShape(S2I, I, part))
            .add((IntVector) odd.convertShape(S2I, I, part))
            .add(correction)
            .convert(I2F, 0);
  }

  private static void scaleByBrain(
      MemorySegment scales, long scalesAt, MemorySegment sums, long sumsAt) {
    for (int i = 0; i < 2; i++) {
      long at = sumsAt + i * FLOAT_VECTOR;
      FloatVector.fromMemorySegment(F, sums, at, LITTLE_ENDIAN)
          .mul(VectorDecoder.brain(scales, scalesAt + i * FLOAT_VECTOR / 2))
          .intoMemorySegment(sums, at, LITTLE_ENDIAN);
    }
  }

  private static void scaleByFloat(
      MemorySegment scales, long scalesAt, MemorySegment sums, long sumsAt) {
    for (int i = 0; i < 2; i++) {
      long at = sumsAt + i * FLOAT_VECTOR;
      FloatVector.fromMemorySegment(F, sums, at, LITTLE_ENDIAN)
          .mul(FloatVector.fromMemorySegment(F, scales, scalesAt + i * FLOAT_VECTOR, LITTLE_ENDIAN))
          .intoMemorySegment(sums, at, LITTLE_ENDIAN);
    }
  }
}
