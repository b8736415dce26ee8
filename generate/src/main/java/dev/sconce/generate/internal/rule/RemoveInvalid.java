package dev.sconce.generate.internal.rule;

import dev.sconce.generate.LogitsRule;
import dev.sconce.generate.TokenRow;

/** Replaces NaN by 0 and infinities by the largest finite numbers. */
public record RemoveInvalid() implements LogitsRule {

  @Override
  public void apply(TokenRow tokens, float[] scores) {
    for (int i = 0; i < scores.length; i++) {
      float score = scores[i];
      if (Float.isNaN(score)) {
        scores[i] = 0;
      } else if (Float.isInfinite(score)) {
        scores[i] = Math.copySign(Float.MAX_VALUE, score);
      }
    }
  }
}
