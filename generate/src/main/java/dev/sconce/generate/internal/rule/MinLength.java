package dev.sconce.generate.internal.rule;

import dev.sconce.generate.LogitsRule;
import dev.sconce.generate.TokenRow;

/**
 * Bans the end tokens until a row is long enough.
 *
 * @param length the least length, prompt included
 * @param endTokens the end tokens
 */
@SuppressWarnings("ArrayRecordComponent") // ids by the thousand; never compared or changed
public record MinLength(int length, int[] endTokens) implements LogitsRule {

  @Override
  public void apply(TokenRow tokens, float[] scores) {
    if (tokens.size() < length) {
      for (int id : endTokens) {
        if (id >= 0 && id < scores.length) {
          scores[id] = Scores.BANNED;
        }
      }
    }
  }
}
