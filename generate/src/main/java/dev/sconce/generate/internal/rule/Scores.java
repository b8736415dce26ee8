package dev.sconce.generate.internal.rule;

import dev.sconce.kernels.Kernels;
import java.util.Arrays;

/**
 * Arithmetic on rows of scores; sums in double, so that thresholds do not depend on their order.
 */
public final class Scores {

  /** The score of a token that must not come. */
  public static final float BANNED = Float.NEGATIVE_INFINITY;

  private Scores() {}

  /** Returns the largest score. */
  public static float max(float[] scores) {
    float max = Float.NEGATIVE_INFINITY;
    for (float score : scores) {
      max = Math.max(max, score);
    }
    return max;
  }

  /**
   * Returns the index of the largest score, the first one of equals; NaN is largest, as in torch.
   */
  public static int argmax(float[] scores) {
    int best = 0;
    for (int i = 0; i < scores.length; i++) {
      if (Float.isNaN(scores[i])) {
        return i;
      }
      if (scores[i] > scores[best]) {
        best = i;
      }
    }
    return best;
  }

  /** Returns the logarithm of the sum of the exponentials. */
  public static double logSumExp(float[] scores, int from, int to) {
    double max = Double.NEGATIVE_INFINITY;
    for (int i = from; i < to; i++) {
      max = Math.max(max, scores[i]);
    }
    if (Double.isInfinite(max)) {
      return max;
    }
    return max + logSumExp(scores, from, to, max);
  }

  /** Returns the same relative to the largest score, which may be too large to add to. */
  private static double logSumExp(float[] scores, int from, int to, double max) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum += Math.exp(scores[i] - max);
    }
    return Math.log(sum);
  }

  /**
   * What scores are to be divided by to be probabilities.
   *
   * @param max the largest score
   * @param logSum the logarithm of the sum of the exponentials of what is left without the largest
   */
  public record Mass(float max, double logSum) {

    /** Returns the log-probability of a score, which may be too large to add to. */
    public float logProbability(float score) {
      return (float) (score - (double) max - logSum);
    }
  }

  /** Returns what scores are to be divided by to be probabilities. */
  public static Mass mass(float[] scores) {
    float max = max(scores);
    double sum = Kernels.shared().rowFunctions().sumOfExponentials(scores, max);
    return new Mass(max, Math.log(sum));
  }

  /** Returns the probabilities that scores stand for. */
  public static double[] probabilities(float[] scores) {
    float max = max(scores);
    double logSum = logSumExp(scores, 0, scores.length, max);
    double[] probabilities = new double[scores.length];
    for (int i = 0; i < scores.length; i++) {
      probabilities[i] = scores[i] == BANNED ? 0 : Math.exp(scores[i] - (double) max - logSum);
    }
    return probabilities;
  }

  /** Returns the entropy of a distribution. */
  static double entropy(double[] probabilities) {
    double entropy = 0;
    for (double p : probabilities) {
      if (p > 0) {
        entropy -= p * Math.log(p);
      }
    }
    return entropy;
  }

  /** Turns scores into log-probabilities. */
  public static void normalize(float[] scores) {
    Mass mass = mass(scores);
    for (int i = 0; i < scores.length; i++) {
      scores[i] = mass.logProbability(scores[i]);
    }
  }

  /** Returns the k-th largest score, k counted from 1. */
  static float kthLargest(float[] scores, int k) {
    float[] work = scores.clone();
    int low = 0;
    int high = work.length - 1;
    int wanted = work.length - k;
    // Quickselect with the middle of three as pivot.
    while (low < high) {
      float pivot = median(work[low], work[(low + high) >>> 1], work[high]);
      int i = low;
      int j = high;
      while (i <= j) {
        while (work[i] < pivot) {
          i++;
        }
        while (work[j] > pivot) {
          j--;
        }
        if (i <= j) {
          float swap = work[i];
          work[i++] = work[j];
          work[j--] = swap;
        }
      }
      if (wanted <= j) {
        high = j;
      } else if (wanted >= i) {
        low = i;
      } else {
        return work[wanted];
      }
    }
    return work[wanted];
  }

  private static float median(float a, float b, float c) {
    return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
  }

  /** Returns the indices of the values, ascending; equal values in the order of their indices. */
  static int[] ascending(double[] values) {
    Integer[] boxed = new Integer[values.length];
    Arrays.setAll(boxed, i -> i);
    Arrays.sort(boxed, (a, b) -> Double.compare(values[a], values[b]));
    return Arrays.stream(boxed).mapToInt(Integer::intValue).toArray();
  }

  /** Returns the indices of the tokens that are not banned, by ascending score. */
  static int[] allowedAscending(float[] scores) {
    int count = 0;
    long[] keys = new long[scores.length];
    for (int i = 0; i < scores.length; i++) {
      if (scores[i] != BANNED) {
        int bits = Float.floatToIntBits(scores[i] + 0.0f);
        // Flips the bits so that the order of the integers is the order of the floats.
        long ordered = bits ^ ((bits >> 31) & Integer.MAX_VALUE);
        keys[count++] = (ordered << Integer.SIZE) | i;
      }
    }
    long[] sorted = Arrays.copyOf(keys, count);
    Arrays.sort(sorted);
    int[] indices = new int[count];
    for (int i = 0; i < count; i++) {
      indices[i] = (int) sorted[i];
    }
    return indices;
  }

  /** Returns the indices of the largest scores, largest first. */
  public static int[] best(float[] scores, int count) {
    int[] best = new int[Math.min(count, scores.length)];
    int size = 0;
    for (int i = 0; i < scores.length; i++) {
      if (size < best.length || scores[i] > scores[best[size - 1]]) {
        int at = size < best.length ? size++ : size - 1;
        while (at > 0 && scores[best[at - 1]] < scores[i]) {
          best[at] = best[at - 1];
          at--;
        }
        best[at] = i;
      }
    }
    return best;
  }
}
