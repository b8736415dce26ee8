package dev.sconce.generate.internal.rule;

import dev.sconce.generate.LogitsRule;
import dev.sconce.generate.TokenRow;

/**
 * Bans tokens that would complete an n-gram that occurred already.
 *
 * @param size the n of the n-gram
 */
public record NoRepeatNgram(int size) implements LogitsRule {

  @Override
  public void apply(TokenRow tokens, float[] scores) {
    Ngrams.ban(tokens.toArray(0), tokens, size, scores);
  }
}
