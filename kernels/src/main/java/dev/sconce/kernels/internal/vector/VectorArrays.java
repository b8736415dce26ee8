package dev.sconce.kernels.internal.vector;

import static dev.sconce.kernels.internal.Memory.offHeap;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.MAX;

import dev.sconce.kernels.internal.ArrayKernel;
import dev.sconce.kernels.internal.Memory;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Inner loops of attention and generation. */
final class VectorArrays implements ArrayKernel {

  private static final VectorSpecies<Float> F = VectorUnit.FLOAT;
  private static final int LANES = F.length();
  private static final long VECTOR = 4L * LANES;
  private static final int STRIP = 512;

  @Override
  public double sumOfExponentials(float[] x, float greatest) {
    double sum = 0;
    int i = 0;
    for (; i + STRIP <= x.length; i += STRIP) {
      sum += sumOfExponentials(x, i, i + STRIP, greatest);
    }
    int vectors = x.length - x.length % LANES;
    sum += sumOfExponentials(x, i, vectors, greatest);
    for (i = vectors; i < x.length; i++) {
      sum += Math.exp(x[i] - greatest);
    }
    return sum;
  }

  // Floats add up few terms a lane, doubles what these make, so that long rows lose no digits.
  private static float sumOfExponentials(float[] x, int from, int to, float greatest) {
    FloatVector sums = FloatVector.zero(F);
    for (int i = from; i < to; i += LANES) {
      sums = sums.add(VectorMath.expOfNegative(FloatVector.fromArray(F, x, i).sub(greatest)));
    }
    return VectorMath.sum(sums);
  }

  @Override
  public void softmax(float[] scores, int offset, int count) {
    float max = max(scores, offset, count);
    float sum = exponentials(scores, offset, count, max);
    float factor = 1 / sum;
    for (int i = offset; i < offset + count; i++) {
      scores[i] *= factor;
    }
  }

  private static float max(float[] scores, int offset, int count) {
    FloatVector a = FloatVector.broadcast(F, Float.NEGATIVE_INFINITY);
    int i = 0;
    for (; i + LANES <= count; i += LANES) {
      a = a.max(FloatVector.fromArray(F, scores, offset + i));
    }
    float max = a.reduceLanes(MAX);
    for (; i < count; i++) {
      max = Math.max(max, scores[offset + i]);
    }
    return max;
  }

  private static float exponentials(float[] scores, int offset, int count, float max) {
    FloatVector sums = FloatVector.zero(F);
    int i = 0;
    for (; i + LANES <= count; i += LANES) {
      FloatVector e =
          VectorMath.expOfNegative(FloatVector.fromArray(F, scores, offset + i).sub(max));
      e.intoArray(scores, offset + i);
      sums = sums.add(e);
    }
    float sum = VectorMath.sum(sums);
    for (; i < count; i++) {
      scores[offset + i] = (float) Math.exp(scores[offset + i] - max);
      sum += scores[offset + i];
    }
    return sum;
  }

  @Override
  public void dots(
      float[] query,
      int queryOffset,
      int size,
      MemorySegment keys,
      long keysOffset,
      long keysStride,
      float factor,
      float[] scores,
      int scoresOffset,
      int count) {
    for (int j = 0; j < count; j++) {
      float sum = dot(query, queryOffset, size, keys, keysOffset + j * keysStride);
      scores[scoresOffset + j] = sum * factor;
    }
  }

  private static float dot(
      float[] query, int queryOffset, int size, MemorySegment key, long offset) {
    FloatVector a = FloatVector.zero(F);
    FloatVector b = a;
    int d = 0;
    for (; d + 2 * LANES <= size; d += 2 * LANES) {
      a = FloatVector.fromArray(F, query, queryOffset + d).fma(load(key, offset + 4L * d), a);
      b =
          FloatVector.fromArray(F, query, queryOffset + d + LANES)
              .fma(load(key, offset + 4L * d + VECTOR), b);
    }
    if (d + LANES <= size) {
      a = FloatVector.fromArray(F, query, queryOffset + d).fma(load(key, offset + 4L * d), a);
      d += LANES;
    }
    float sum = VectorMath.sum(a.add(b));
    for (; d < size; d++) {
      sum += query[queryOffset + d] * Memory.getFloat(key, offset + 4L * d);
    }
    return sum;
  }

  @Override
  public void weightedSum(
      float[] weights,
      int weightsOffset,
      int count,
      MemorySegment values,
      long valuesOffset,
      long valuesStride,
      int size,
      MemorySegment y,
      long yOffset) {
    int d = 0;
    for (; d + 4 * LANES <= size; d += 4 * LANES) {
      long from = valuesOffset + 4L * d;
      four(weights, weightsOffset, count, values, from, valuesStride, y, yOffset + 4L * d);
    }
    for (; d + LANES <= size; d += LANES) {
      long from = valuesOffset + 4L * d;
      one(weights, weightsOffset, count, values, from, valuesStride, y, yOffset + 4L * d);
    }
    for (; d < size; d++) {
      float sum = 0;
      for (int j = 0; j < count; j++) {
        float value = Memory.getFloat(values, valuesOffset + j * valuesStride + 4L * d);
        sum += weights[weightsOffset + j] * value;
      }
      Memory.setFloat(y, yOffset + 4L * d, sum);
    }
  }

  private static void four(
      float[] weights,
      int weightsOffset,
      int count,
      MemorySegment values,
      long from,
      long stride,
      MemorySegment y,
      long to) {
    FloatVector a = FloatVector.zero(F);
    FloatVector b = a;
    FloatVector c = a;
    FloatVector d = a;
    long at = from;
    for (int j = 0; j < count; j++, at += stride) {
      FloatVector w = FloatVector.broadcast(F, weights[weightsOffset + j]);
      a = w.fma(load(values, at), a);
      b = w.fma(load(values, at + VECTOR), b);
      c = w.fma(load(values, at + 2 * VECTOR), c);
      d = w.fma(load(values, at + 3 * VECTOR), d);
    }
    a.intoMemorySegment(offHeap(y), to, LITTLE_ENDIAN);
    b.intoMemorySegment(offHeap(y), to + VECTOR, LITTLE_ENDIAN);
    c.intoMemorySegment(offHeap(y), to + 2 * VECTOR, LITTLE_ENDIAN);
    d.intoMemorySegment(offHeap(y), to + 3 * VECTOR, LITTLE_ENDIAN);
  }

  private static void one(
      float[] weights,
      int weightsOffset,
      int count,
      MemorySegment values,
      long from,
      long stride,
      MemorySegment y,
      long to) {
    FloatVector a = FloatVector.zero(F);
    long at = from;
    for (int j = 0; j < count; j++, at += stride) {
      FloatVector w = FloatVector.broadcast(F, weights[weightsOffset + j]);
      a = w.fma(load(values, at), a);
    }
    a.intoMemorySegment(offHeap(y), to, LITTLE_ENDIAN);
  }

  private static FloatVector load(MemorySegment memory, long offset) {
    return FloatVector.fromMemorySegment(F, offHeap(memory), offset, LITTLE_ENDIAN);
  }
}
