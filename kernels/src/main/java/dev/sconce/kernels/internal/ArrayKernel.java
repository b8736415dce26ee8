package dev.sconce.kernels.internal;

import java.lang.foreign.MemorySegment;

/** What attention and generation do with arrays of scores and rows of a cache. */
public interface ArrayKernel {

  /** Returns Σ exp(x[i] - greatest), where no element is above the greatest. */
  double sumOfExponentials(float[] x, float greatest);

  /** scores[i] = softmax, in place; a row of -∞ only becomes NaN. */
  void softmax(float[] scores, int offset, int count);

  /**
   * scores[j] = factor · Σ_d query[d] · keys[j][d].
   *
   * @param query the query
   * @param queryOffset the index of its first element
   * @param size the number of d
   * @param keys float32 rows
   * @param keysOffset the byte offset of the first row
   * @param keysStride the distance of two rows in bytes
   * @param factor what scores are multiplied with
   * @param scores the scores
   * @param scoresOffset the index of the first
   * @param count how many keys
   */
  void dots(
      float[] query,
      int queryOffset,
      int size,
      MemorySegment keys,
      long keysOffset,
      long keysStride,
      float factor,
      float[] scores,
      int scoresOffset,
      int count);

  /**
   * y[d] = Σ_j weights[j] · values[j][d].
   *
   * @param weights the weights
   * @param weightsOffset the index of the first
   * @param count how many values
   * @param values float32 rows
   * @param valuesOffset the byte offset of the first row
   * @param valuesStride the distance of two rows in bytes
   * @param size the number of d
   * @param y the result
   * @param yOffset its byte offset
   */
  void weightedSum(
      float[] weights,
      int weightsOffset,
      int count,
      MemorySegment values,
      long valuesOffset,
      long valuesStride,
      int size,
      MemorySegment y,
      long yOffset);
}
