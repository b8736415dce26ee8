package dev.sconce.generate.internal.rule;

import dev.sconce.generate.LogitsRule;
import dev.sconce.generate.TokenRow;

/**
 * Bans tokens at the first generated position.
 *
 * @param suppressed the banned tokens
 * @param begin the length of a row at that position
 */
@SuppressWarnings("ArrayRecordComponent") // ids by the thousand; never compared or changed
public record SuppressTokensAtBegin(int[] suppressed, int begin) implements LogitsRule {

  @Override
  public void apply(TokenRow tokens, float[] scores) {
    if (tokens.size() == begin) {
      new SuppressTokens(suppressed).apply(tokens, scores);
    }
  }
}
