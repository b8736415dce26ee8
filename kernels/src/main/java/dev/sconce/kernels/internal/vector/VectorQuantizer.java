package dev.sconce.kernels.internal.vector;

import static dev.sconce.kernels.internal.Memory.offHeap;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.B2F;
import static jdk.incubator.vector.VectorOperators.F2I;
import static jdk.incubator.vector.VectorOperators.I2B;
import static jdk.incubator.vector.VectorOperators.MIN;

import dev.sconce.kernels.internal.DynamicQuantization;
import dev.sconce.kernels.internal.Memory;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/** Between float32 and int8. */
final class VectorQuantizer {

  private static final VectorSpecies<Float> F = VectorUnit.FLOAT;
  private static final VectorSpecies<Byte> B = VectorUnit.BYTE_QUARTER;
  private static final int LANES = F.length();
  // A vector of 128 bits has fewer lanes than the narrowest vector of bytes.
  private static final boolean WHOLE_BYTES = B.length() == LANES;

  /**
   * Adding and subtracting 1.5·2²³ rounds magnitudes below 2²² to the nearest integer, ties to
   * even.
   */
  private static final float ROUNDER = 0x1.8p23f;

  float min(MemorySegment x, long offset, int count) {
    FloatVector a = FloatVector.broadcast(F, Float.POSITIVE_INFINITY);
    int i = 0;
    for (; i + LANES <= count; i += LANES) {
      a = a.min(FloatVector.fromMemorySegment(F, offHeap(x), offset + 4L * i, LITTLE_ENDIAN));
    }
    float min = a.reduceLanes(MIN);
    for (; i < count; i++) {
      min = Math.min(min, Memory.getFloat(x, offset + 4L * i));
    }
    return min;
  }

  void quantize(
      MemorySegment x,
      long xOffset,
      int count,
      DynamicQuantization parameters,
      MemorySegment y,
      long yOffset) {
    float scale = parameters.scale();
    int zeroPoint = parameters.zeroPoint();
    int i = 0;
    if (WHOLE_BYTES) {
      for (; i + LANES <= count; i += LANES) {
        FloatVector rounded =
            FloatVector.fromMemorySegment(F, offHeap(x), xOffset + 4L * i, LITTLE_ENDIAN)
                .mul(scale)
                .add(ROUNDER)
                .sub(ROUNDER);
        ((ByteVector)
                ((IntVector) rounded.convert(F2I, 0))
                    .add(zeroPoint)
                    .max(-128)
                    .min(127)
                    .convertShape(I2B, B, 0))
            .intoMemorySegment(offHeap(y), yOffset + i, LITTLE_ENDIAN);
      }
    }
    for (; i < count; i++) {
      float scaled = Memory.getFloat(x, xOffset + 4L * i) * scale;
      int value = Math.clamp((long) Math.rint(scaled) + zeroPoint, -128, 127);
      Memory.setByte(y, yOffset + i, (byte) value);
    }
  }

  void dequantize(
      MemorySegment x,
      long xOffset,
      int count,
      float scale,
      int zeroPoint,
      MemorySegment y,
      long yOffset) {
    int i = 0;
    if (WHOLE_BYTES) {
      for (; i + LANES <= count; i += LANES) {
        FloatVector value =
            (FloatVector)
                ByteVector.fromMemorySegment(B, offHeap(x), xOffset + i, LITTLE_ENDIAN)
                    .convertShape(B2F, F, 0);
        value
            .sub(zeroPoint)
            .mul(scale)
            .intoMemorySegment(offHeap(y), yOffset + 4L * i, LITTLE_ENDIAN);
      }
    }
    for (; i < count; i++) {
      int value = Memory.getByte(x, xOffset + i) - zeroPoint;
      Memory.setFloat(y, yOffset + 4L * i, value * scale);
    }
  }
}
