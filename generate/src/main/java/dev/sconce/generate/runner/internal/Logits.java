package dev.sconce.generate.runner.internal;

import dev.sconce.base.DType;
import dev.sconce.base.InvalidInputException;
import dev.sconce.runtime.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Takes the scores of one position out of the logits that a method returned. */
public final class Logits {

  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private Logits() {}

  /**
   * Returns a row of logits of any floating type; the last dimension is the vocabulary.
   *
   * @param logits what a method returned
   * @param row which of the rows before the last dimension
   */
  public static float[] row(Tensor logits, long row) {
    int vocabulary = (int) logits.size(logits.rank() - 1);
    if (row < 0 || (row + 1) * vocabulary > logits.numel()) {
      throw new InvalidInputException(
          "generate",
          "logits",
          "a row " + row + " of " + vocabulary + " scores",
          logits.numel() + " numbers");
    }
    float[] scores = new float[vocabulary];
    if (logits.dtype() == DType.FLOAT32 && logits.isContiguous()) {
      MemorySegment.copy(
          logits.memory(), FLOAT, row * vocabulary * Float.BYTES, scores, 0, vocabulary);
      return scores;
    }
    long[] index = new long[logits.rank()];
    long rest = row;
    for (int d = logits.rank() - 2; d >= 0; d--) {
      index[d] = rest % logits.size(d);
      rest /= logits.size(d);
    }
    for (int v = 0; v < vocabulary; v++) {
      index[index.length - 1] = v;
      scores[v] = (float) logits.get(index);
    }
    return scores;
  }
}
