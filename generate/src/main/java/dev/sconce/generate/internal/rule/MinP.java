package dev.sconce.generate.internal.rule;

import dev.sconce.generate.LogitsRule;
import dev.sconce.generate.TokenRow;

/**
 * Bans tokens that are less likely than a fraction of the most likely one.
 *
 * @param p the fraction
 * @param minKept how many are kept at least
 */
public record MinP(double p, int minKept) implements LogitsRule {

  @Override
  public void apply(TokenRow tokens, float[] scores) {
    double[] probabilities = Scores.probabilities(scores);
    double most = 0;
    for (double probability : probabilities) {
      most = Math.max(most, probability);
    }
    float kept = Scores.kthLargest(scores, Math.min(minKept, scores.length));
    for (int i = 0; i < scores.length; i++) {
      if (probabilities[i] < p * most && scores[i] < kept) {
        scores[i] = Scores.BANNED;
      }
    }
  }
}
