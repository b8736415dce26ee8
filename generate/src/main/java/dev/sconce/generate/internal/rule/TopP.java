package dev.sconce.generate.internal.rule;

import dev.sconce.generate.LogitsRule;
import dev.sconce.generate.TokenRow;

/**
 * Keeps the fewest most likely tokens whose probabilities reach a sum.
 *
 * @param p the sum
 * @param minKept how many are kept at least
 */
public record TopP(double p, int minKept) implements LogitsRule {

  @Override
  public void apply(TokenRow tokens, float[] scores) {
    int[] order = Scores.allowedAscending(scores);
    double[] probabilities = Scores.probabilities(scores);
    double sum = 0;
    for (int i = 0; i < order.length - minKept; i++) {
      sum += probabilities[order[i]];
      if (sum > 1 - p) {
        break;
      }
      scores[order[i]] = Scores.BANNED;
    }
  }
}
