package dev.sconce.generate.internal.rule;

import dev.sconce.generate.LogitsRule;
import dev.sconce.generate.TokenRow;

/**
 * Bans tokens less likely than a bound.
 *
 * @param epsilon the bound
 * @param minKept how many are kept at least
 */
public record EpsilonCutoff(double epsilon, int minKept) implements LogitsRule {

  @Override
  public void apply(TokenRow tokens, float[] scores) {
    ban(scores, epsilon, minKept);
  }

  static void ban(float[] scores, double bound, int minKept) {
    double[] probabilities = Scores.probabilities(scores);
    float kept = Scores.kthLargest(scores, Math.min(minKept, scores.length));
    for (int i = 0; i < scores.length; i++) {
      if (probabilities[i] < bound && scores[i] < kept) {
        scores[i] = Scores.BANNED;
      }
    }
  }
}
