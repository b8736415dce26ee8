package dev.sconce.generate.internal.stop;

import dev.sconce.generate.StopRule;
import dev.sconce.generate.TokenRow;

/**
 * Ends a row at an end token.
 *
 * @param ids the end tokens
 */
@SuppressWarnings("ArrayRecordComponent") // ids by the thousand; never compared or changed
public record EndToken(int[] ids) implements StopRule {

  @Override
  public boolean stops(TokenRow tokens) {
    for (int id : ids) {
      if (tokens.last() == id) {
        return true;
      }
    }
    return false;
  }
}
