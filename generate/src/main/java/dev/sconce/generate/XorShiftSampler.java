package dev.sconce.generate;

import java.util.Arrays;

/**
 * The sampler of ExecuTorch's runners, for the same tokens from the same seed: xorshift64*, float
 * sums, top-p by default 0.9.
 *
 * <p>A seed of 0 is a fixed point: every number is 0. Scores are changed.
 */
public final class XorShiftSampler {

  private static final float DEFAULT_TOP_P = 0.9f;
  private static final long MULTIPLIER = 0x2545F4914F6CDD1DL;

  private final float inverseTemperature;
  private final float topP;
  private final int topK;
  private long state;

  /**
   * Creates a sampler.
   *
   * @param temperature 0 takes the largest score and draws no number
   * @param topP the probability mass that is kept; 0 or 1 for all
   * @param topK how many tokens are kept; 0 for all; a value in range makes topP count for nothing
   */
  public XorShiftSampler(float temperature, float topP, int topK, long seed) {
    this.inverseTemperature = temperature == 0 ? 0 : 1 / temperature;
    this.topP = topP;
    this.topK = topK;
    this.state = seed;
  }

  /** Creates a sampler with ExecuTorch's default top-p. */
  public XorShiftSampler(float temperature, long seed) {
    this(temperature, DEFAULT_TOP_P, 0, seed);
  }

  /** Returns the next number from 0 up to, but without, 1. */
  public float next() {
    state ^= state >>> 12;
    state ^= state << 25;
    state ^= state >>> 27;
    int high = (int) ((state * MULTIPLIER) >>> 32);
    return (high >>> 8) / 16777216.0f;
  }

  /** Draws a token. */
  public int sample(float[] scores) {
    if (inverseTemperature == 0) {
      return argmax(scores);
    }
    softmax(scores);
    float coin = next();
    if (topK > 0 && topK < scores.length) {
      return drawTop(scores, topK, coin);
    }
    return topP <= 0 || topP >= 1 ? draw(scores, coin) : drawTopP(scores, coin);
  }

  private static int argmax(float[] scores) {
    int best = 0;
    for (int i = 1; i < scores.length; i++) {
      if (scores[i] > scores[best]) {
        best = i;
      }
    }
    return best;
  }

  private void softmax(float[] scores) {
    float max = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < scores.length; i++) {
      scores[i] *= inverseTemperature;
      max = Math.max(max, scores[i]);
    }
    float sum = 0;
    for (int i = 0; i < scores.length; i++) {
      scores[i] = (float) Math.exp(scores[i] - max);
      sum += scores[i];
    }
    for (int i = 0; i < scores.length; i++) {
      scores[i] /= sum;
    }
  }

  private static int draw(float[] probabilities, float coin) {
    float sum = 0;
    for (int i = 0; i < probabilities.length; i++) {
      sum += probabilities[i];
      if (coin < sum) {
        return i;
      }
    }
    return probabilities.length - 1;
  }

  private static Integer[] descending(float[] probabilities, float least) {
    Integer[] order = new Integer[probabilities.length];
    int count = 0;
    for (int i = 0; i < probabilities.length; i++) {
      if (probabilities[i] >= least) {
        order[count++] = i;
      }
    }
    Integer[] kept = Arrays.copyOf(order, count);
    Arrays.sort(kept, (a, b) -> Float.compare(probabilities[b], probabilities[a]));
    return kept;
  }

  private static int drawTop(float[] probabilities, int count, float coin) {
    return pick(probabilities, descending(probabilities, 0), count, coin);
  }

  private int drawTopP(float[] probabilities, float coin) {
    float cutoff = (1.0f - topP) / (probabilities.length - 1);
    Integer[] order = descending(probabilities, cutoff);
    float sum = 0;
    int count = 0;
    while (count < order.length) {
      sum += probabilities[order[count++]];
      if (sum > topP) {
        break;
      }
    }
    return pick(probabilities, order, count, coin);
  }

  private static int pick(float[] probabilities, Integer[] order, int count, float coin) {
    float total = 0;
    for (int i = 0; i < count; i++) {
      total += probabilities[order[i]];
    }
    float bound = coin * total;
    float sum = 0;
    for (int i = 0; i < count; i++) {
      sum += probabilities[order[i]];
      if (bound < sum) {
        return order[i];
      }
    }
    return order[Math.max(count - 1, 0)];
  }
}
