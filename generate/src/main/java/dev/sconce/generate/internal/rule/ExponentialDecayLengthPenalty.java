package dev.sconce.generate.internal.rule;

import dev.sconce.generate.LogitsRule;
import dev.sconce.generate.TokenRow;

/**
 * Makes the end tokens exponentially more likely from a length on.
 *
 * @param start the length, prompt included, after which it begins
 * @param factor the base of the growth
 * @param endTokens the end tokens
 */
@SuppressWarnings("ArrayRecordComponent") // ids by the thousand; never compared or changed
public record ExponentialDecayLengthPenalty(int start, double factor, int[] endTokens)
    implements LogitsRule {

  @Override
  public void apply(TokenRow tokens, float[] scores) {
    int beyond = tokens.size() - start;
    if (beyond > 0) {
      for (int id : endTokens) {
        if (id >= 0 && id < scores.length) {
          scores[id] += (float) (Math.abs(scores[id]) * (Math.pow(factor, beyond) - 1));
        }
      }
    }
  }
}
