package dev.sconce.generate.internal.stop;

import dev.sconce.generate.StopRule;
import dev.sconce.generate.TokenRow;

/**
 * Ends rows at a length.
 *
 * @param length the greatest length, prompt included
 */
public record MaxLength(int length) implements StopRule {

  @Override
  public boolean stops(TokenRow tokens) {
    return tokens.size() >= length;
  }
}
