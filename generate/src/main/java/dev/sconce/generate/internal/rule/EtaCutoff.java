package dev.sconce.generate.internal.rule;

import dev.sconce.generate.LogitsRule;
import dev.sconce.generate.TokenRow;

/**
 * Bans tokens less likely than a bound that falls with the entropy.
 *
 * @param epsilon the greatest bound
 * @param minKept how many are kept at least
 */
public record EtaCutoff(double epsilon, int minKept) implements LogitsRule {

  @Override
  public void apply(TokenRow tokens, float[] scores) {
    double entropy = Scores.entropy(Scores.probabilities(scores));
    EpsilonCutoff.ban(scores, Math.min(epsilon, Math.sqrt(epsilon) * Math.exp(-entropy)), minKept);
  }
}
