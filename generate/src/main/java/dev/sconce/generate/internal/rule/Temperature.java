package dev.sconce.generate.internal.rule;

import dev.sconce.generate.LogitsRule;
import dev.sconce.generate.TokenRow;

/**
 * Divides the scores: below 1 sharpens, above 1 flattens the distribution.
 *
 * @param temperature the divisor, positive
 */
public record Temperature(float temperature) implements LogitsRule {

  @Override
  public void apply(TokenRow tokens, float[] scores) {
    for (int i = 0; i < scores.length; i++) {
      scores[i] /= temperature;
    }
  }
}
