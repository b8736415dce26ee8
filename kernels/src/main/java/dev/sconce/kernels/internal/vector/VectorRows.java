package dev.sconce.kernels.internal.vector;

import static dev.sconce.kernels.internal.Memory.offHeap;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.MAX;

import dev.sconce.kernels.QuantizedRows;
import dev.sconce.kernels.internal.DynamicQuantization;
import dev.sconce.kernels.internal.Memory;
import dev.sconce.kernels.internal.RowKernel;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/** Row functions with float sums in as many lanes as two vectors have. */
final class VectorRows implements RowKernel {

  private static final VectorSpecies<Float> F = VectorUnit.FLOAT;
  private static final int LANES = F.length();
  private static final long VECTOR = 4L * LANES;

  private final VectorQuantizer quantizer = new VectorQuantizer();

  @Override
  public float sum(MemorySegment x, long offset, int count) {
    FloatVector a = FloatVector.zero(F);
    FloatVector b = a;
    FloatVector c = a;
    FloatVector d = a;
    int i = 0;
    for (; i + 4 * LANES <= count; i += 4 * LANES) {
      long at = offset + 4L * i;
      a = a.add(load(x, at));
      b = b.add(load(x, at + VECTOR));
      c = c.add(load(x, at + 2 * VECTOR));
      d = d.add(load(x, at + 3 * VECTOR));
    }
    for (; i + LANES <= count; i += LANES) {
      a = a.add(load(x, offset + 4L * i));
    }
    float sum = VectorMath.sum(a.add(b).add(c.add(d)));
    for (; i < count; i++) {
      sum += Memory.getFloat(x, offset + 4L * i);
    }
    return sum;
  }

  @Override
  public float max(MemorySegment x, long offset, int count) {
    FloatVector a = FloatVector.broadcast(F, Float.NEGATIVE_INFINITY);
    FloatVector b = a;
    int i = 0;
    for (; i + 2 * LANES <= count; i += 2 * LANES) {
      a = a.max(load(x, offset + 4L * i));
      b = b.max(load(x, offset + 4L * i + VECTOR));
    }
    float max = a.max(b).reduceLanes(MAX);
    for (; i < count; i++) {
      max = Math.max(max, Memory.getFloat(x, offset + 4L * i));
    }
    return max;
  }

  @Override
  public void softmax(MemorySegment x, long xOffset, MemorySegment y, long yOffset, int count) {
    float sum = exponentials(x, xOffset, y, yOffset, count, max(x, xOffset, count));
    scale(y, yOffset, count, 1 / sum);
  }

  @Override
  public void logSoftmax(MemorySegment x, long xOffset, MemorySegment y, long yOffset, int count) {
    float max = max(x, xOffset, count);
    float log = (float) Math.log(sumOfExponentials(x, xOffset, count, max));
    int i = 0;
    for (; i + LANES <= count; i += LANES) {
      load(x, xOffset + 4L * i)
          .sub(max)
          .sub(log)
          .intoMemorySegment(offHeap(y), yOffset + 4L * i, LITTLE_ENDIAN);
    }
    for (; i < count; i++) {
      Memory.setFloat(y, yOffset + 4L * i, Memory.getFloat(x, xOffset + 4L * i) - max - log);
    }
  }

  /** y = exp(x - max); returns the sum. */
  private static float exponentials(
      MemorySegment x, long xOffset, MemorySegment y, long yOffset, int count, float max) {
    FloatVector sums = FloatVector.zero(F);
    int i = 0;
    for (; i + LANES <= count; i += LANES) {
      FloatVector e = VectorMath.expOfNegative(load(x, xOffset + 4L * i).sub(max));
      e.intoMemorySegment(offHeap(y), yOffset + 4L * i, LITTLE_ENDIAN);
      sums = sums.add(e);
    }
    float sum = VectorMath.sum(sums);
    for (; i < count; i++) {
      float e = (float) Math.exp(Memory.getFloat(x, xOffset + 4L * i) - max);
      Memory.setFloat(y, yOffset + 4L * i, e);
      sum += e;
    }
    return sum;
  }

  private static float sumOfExponentials(MemorySegment x, long offset, int count, float max) {
    FloatVector sums = FloatVector.zero(F);
    int i = 0;
    for (; i + LANES <= count; i += LANES) {
      sums = sums.add(VectorMath.expOfNegative(load(x, offset + 4L * i).sub(max)));
    }
    float sum = VectorMath.sum(sums);
    for (; i < count; i++) {
      sum += (float) Math.exp(Memory.getFloat(x, offset + 4L * i) - max);
    }
    return sum;
  }

  private static void scale(MemorySegment y, long offset, int count, float factor) {
    int i = 0;
    for (; i + LANES <= count; i += LANES) {
      load(y, offset + 4L * i)
          .mul(factor)
          .intoMemorySegment(offHeap(y), offset + 4L * i, LITTLE_ENDIAN);
    }
    for (; i < count; i++) {
      Memory.setFloat(y, offset + 4L * i, Memory.getFloat(y, offset + 4L * i) * factor);
    }
  }

  @Override
  public void layerNorm(
      MemorySegment x,
      long xOffset,
      MemorySegment y,
      long yOffset,
      int count,
      @Nullable MemorySegment weight,
      @Nullable MemorySegment bias,
      double epsilon,
      float[] statistics) {
    float mean = sum(x, xOffset, count) / count;
    double variance = (double) squares(x, xOffset, count, mean) / count;
    float factor = (float) (1 / Math.sqrt(variance + epsilon));
    statistics[0] = mean;
    statistics[1] = factor;
    shiftAndScale(x, xOffset, y, yOffset, count, mean, factor);
    if (weight != null) {
      multiply(y, yOffset, count, weight, 0);
    }
    if (bias != null) {
      add(y, yOffset, count, bias);
    }
  }

  @Override
  public void rmsNorm(
      MemorySegment x,
      long xOffset,
      MemorySegment y,
      long yOffset,
      int count,
      @Nullable MemorySegment weight,
      float weightShift,
      double epsilon) {
    double mean = (double) squares(x, xOffset, count, 0) / count;
    shiftAndScale(x, xOffset, y, yOffset, count, 0, (float) (1 / Math.sqrt(mean + epsilon)));
    if (weight != null) {
      multiply(y, yOffset, count, weight, weightShift);
    }
  }

  /** Returns Σ (x - center)². */
  private static float squares(MemorySegment x, long offset, int count, float center) {
    FloatVector a = FloatVector.zero(F);
    FloatVector b = a;
    int i = 0;
    for (; i + 2 * LANES <= count; i += 2 * LANES) {
      FloatVector v = load(x, offset + 4L * i).sub(center);
      a = v.fma(v, a);
      FloatVector w = load(x, offset + 4L * i + VECTOR).sub(center);
      b = w.fma(w, b);
    }
    float sum = VectorMath.sum(a.add(b));
    for (; i < count; i++) {
      float value = Memory.getFloat(x, offset + 4L * i) - center;
      sum += value * value;
    }
    return sum;
  }

  private static void shiftAndScale(
      MemorySegment x,
      long xOffset,
      MemorySegment y,
      long yOffset,
      int count,
      float center,
      float factor) {
    int i = 0;
    for (; i + LANES <= count; i += LANES) {
      load(x, xOffset + 4L * i)
          .sub(center)
          .mul(factor)
          .intoMemorySegment(offHeap(y), yOffset + 4L * i, LITTLE_ENDIAN);
    }
    for (; i < count; i++) {
      float value = (Memory.getFloat(x, xOffset + 4L * i) - center) * factor;
      Memory.setFloat(y, yOffset + 4L * i, value);
    }
  }

  private static void multiply(
      MemorySegment y, long offset, int count, MemorySegment weight, float shift) {
    int i = 0;
    for (; i + LANES <= count; i += LANES) {
      load(y, offset + 4L * i)
          .mul(load(weight, 4L * i).add(shift))
          .intoMemorySegment(offHeap(y), offset + 4L * i, LITTLE_ENDIAN);
    }
    for (; i < count; i++) {
      float factor = Memory.getFloat(weight, 4L * i) + shift;
      Memory.setFloat(y, offset + 4L * i, Memory.getFloat(y, offset + 4L * i) * factor);
    }
  }

  private static void add(MemorySegment y, long offset, int count, MemorySegment bias) {
    int i = 0;
    for (; i + LANES <= count; i += LANES) {
      load(y, offset + 4L * i)
          .add(load(bias, 4L * i))
          .intoMemorySegment(offHeap(y), offset + 4L * i, LITTLE_ENDIAN);
    }
    for (; i < count; i++) {
      float sum = Memory.getFloat(y, offset + 4L * i) + Memory.getFloat(bias, 4L * i);
      Memory.setFloat(y, offset + 4L * i, sum);
    }
  }

  @Override
  public void quantize(MemorySegment x, long xOffset, QuantizedRows to, int row) {
    int count = to.columns();
    float min = quantizer.min(x, xOffset, count);
    DynamicQuantization parameters = DynamicQuantization.of(min, max(x, xOffset, count));
    Memory.setFloat(to.memory(), to.scaleOffset(row), 1 / parameters.scale());
    Memory.setInt(to.memory(), to.zeroPointOffset(row), parameters.zeroPoint());
    long at = to.valuesOffset(row);
    quantizer.quantize(x, xOffset, count, parameters, to.memory(), at);
    for (int i = count; i < to.stride(); i++) {
      Memory.setByte(to.memory(), at + i, (byte) 0);
    }
  }

  @Override
  public void dequantize(QuantizedRows from, int row, MemorySegment y, long yOffset) {
    float scale = Memory.getFloat(from.memory(), from.scaleOffset(row));
    int zeroPoint = Memory.getInt(from.memory(), from.zeroPointOffset(row));
    long at = from.valuesOffset(row);
    quantizer.dequantize(from.memory(), at, from.columns(), scale, zeroPoint, y, yOffset);
  }

  private static FloatVector load(MemorySegment memory, long offset) {
    return FloatVector.fromMemorySegment(F, offHeap(memory), offset, LITTLE_ENDIAN);
  }
}
