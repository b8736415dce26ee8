package dev.sconce.generate.internal.rule;

import dev.sconce.generate.LogitsRule;
import dev.sconce.generate.TokenRow;
import java.util.Arrays;

/**
 * Keeps the most likely tokens whose entropy terms stay within a fraction of the entropy.
 *
 * @param fraction the fraction
 */
public record TopH(double fraction) implements LogitsRule {

  /** Only so many of the most likely tokens are looked at. */
  private static final int CONSIDERED = 100;

  private static final int LANES = 16;

  @Override
  public void apply(TokenRow tokens, float[] scores) {
    int[] order = Scores.allowedAscending(scores);
    int count = Math.min(CONSIDERED, order.length);
    float[] top = new float[count];
    for (int i = 0; i < count; i++) {
      top[i] = scores[order[order.length - 1 - i]];
    }
    float norm = (float) Scores.logSumExp(top, 0, count);
    float[] logarithms = new float[count];
    for (int i = 0; i < count; i++) {
      logarithms[i] = top[i] - norm;
    }
    float[] probabilities = probabilities(logarithms);
    double entropy = 0;
    for (int i = 0; i < count; i++) {
      entropy -= probabilities[i] * logarithms[i];
    }
    double bound = entropy * fraction;
    Arrays.fill(scores, Scores.BANNED);
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum -= probabilities[i] * (float) Math.log(probabilities[i]);
      if (i > 0 && !(sum <= bound)) {
        break;
      }
      scores[order[order.length - 1 - i]] = top[i];
    }
  }

  /**
   * Returns the probabilities of log-probabilities in descending order, in float and summed as
   * torch sums: in sixteen lanes, then by halves.
   *
   * <p>Near certainty the entropy is made of the roundings of this sum, so that a sum in double
   * would keep other tokens than transformers does.
   */
  private static float[] probabilities(float[] logarithms) {
    float[] probabilities = new float[logarithms.length];
    float[] lanes = new float[LANES];
    for (int i = 0; i < logarithms.length; i++) {
      probabilities[i] = (float) Math.exp(logarithms[i] - logarithms[0]);
      lanes[i % LANES] += probabilities[i];
    }
    for (int half = LANES / 2; half > 0; half /= 2) {
      for (int i = 0; i < half; i++) {
        lanes[i] += lanes[i + half];
      }
    }
    for (int i = 0; i < probabilities.length; i++) {
      probabilities[i] /= lanes[0];
    }
    return probabilities;
  }
}
