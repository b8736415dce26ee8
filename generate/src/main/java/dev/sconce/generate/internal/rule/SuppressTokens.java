package dev.sconce.generate.internal.rule;

import dev.sconce.generate.LogitsRule;
import dev.sconce.generate.TokenRow;

/**
 * Bans tokens always.
 *
 * @param suppressed the banned tokens
 */
@SuppressWarnings("ArrayRecordComponent") // ids by the thousand; never compared or changed
public record SuppressTokens(int[] suppressed) implements LogitsRule {

  @Override
  public void apply(TokenRow tokens, float[] scores) {
    for (int id : suppressed) {
      if (id >= 0 && id < scores.length) {
        scores[id] = Scores.BANNED;
      }
    }
  }
}
