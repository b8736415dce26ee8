package dev.sconce.generate.internal.rule;

import dev.sconce.generate.LogitsRule;
import dev.sconce.generate.TokenRow;

/**
 * Forces the first token of a decoder that started with one token.
 *
 * @param token the forced token
 */
public record ForcedBos(int token) implements LogitsRule {

  @Override
  public void apply(TokenRow tokens, float[] scores) {
    if (tokens.size() == 1) {
      ForcedEos.force(scores, token);
    }
  }
}
