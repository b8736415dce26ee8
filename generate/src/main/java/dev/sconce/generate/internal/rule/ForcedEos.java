package dev.sconce.generate.internal.rule;

import dev.sconce.generate.LogitsRule;
import dev.sconce.generate.TokenRow;
import java.util.Arrays;

/**
 * Forces end tokens at the last position.
 *
 * @param maxLength the greatest length, prompt included
 * @param endTokens the tokens of which one must come
 */
@SuppressWarnings("ArrayRecordComponent") // ids by the thousand; never compared or changed
public record ForcedEos(int maxLength, int[] endTokens) implements LogitsRule {

  @Override
  public void apply(TokenRow tokens, float[] scores) {
    if (tokens.size() == maxLength - 1) {
      force(scores, endTokens);
    }
  }

  static void force(float[] scores, int... allowed) {
    Arrays.fill(scores, Scores.BANNED);
    for (int id : allowed) {
      if (id >= 0 && id < scores.length) {
        scores[id] = 0;
      }
    }
  }
}
