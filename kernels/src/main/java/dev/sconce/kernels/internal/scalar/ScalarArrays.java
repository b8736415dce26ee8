package dev.sconce.kernels.internal.scalar;

import dev.sconce.kernels.internal.ArrayKernel;
import dev.sconce.kernels.internal.Memory;
import java.lang.foreign.MemorySegment;

/** Inner loops of attention and generation in plain Java. */
final class ScalarArrays implements ArrayKernel {

  @Override
  public double sumOfExponentials(float[] x, float greatest) {
    double sum = 0;
    for (float value : x) {
      sum += Math.exp(value - greatest);
    }
    return sum;
  }

  @Override
  public void softmax(float[] scores, int offset, int count) {
    float max = Float.NEGATIVE_INFINITY;
    for (int i = offset; i < offset + count; i++) {
      max = Math.max(max, scores[i]);
    }
    double sum = 0;
    for (int i = offset; i < offset + count; i++) {
      scores[i] = (float) Math.exp(scores[i] - max);
      sum += scores[i];
    }
    for (int i = offset; i < offset + count; i++) {
      scores[i] = (float) (scores[i] / sum);
    }
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
      float sum = 0;
      for (int d = 0; d < size; d++) {
        sum += query[queryOffset + d] * Memory.getFloat(keys, keysOffset + j * keysStride + 4L * d);
      }
      scores[scoresOffset + j] = sum * factor;
    }
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
    for (int d = 0; d < size; d++) {
      float sum = 0;
      for (int j = 0; j < count; j++) {
        float value = Memory.getFloat(values, valuesOffset + j * valuesStride + 4L * d);
        sum += weights[weightsOffset + j] * value;
      }
      Memory.setFloat(y, yOffset + 4L * d, sum);
    }
  }
}
