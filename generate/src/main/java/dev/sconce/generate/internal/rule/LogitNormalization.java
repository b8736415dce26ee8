package dev.sconce.generate.internal.rule;

import dev.sconce.generate.LogitsRule;
import dev.sconce.generate.TokenRow;

/** Turns the scores into log-probabilities. */
public record LogitNormalization() implements LogitsRule {

  @Override
  public void apply(TokenRow tokens, float[] scores) {
    Scores.normalize(scores);
  }
}
