package dev.sconce.generate.internal.rule;

import dev.sconce.generate.LogitsRule;
import dev.sconce.generate.TokenRow;

/**
 * Keeps the k most likely tokens, and all that tie with the last of them.
 *
 * @param k how many are kept
 */
public record TopK(int k) implements LogitsRule {

  @Override
  public void apply(TokenRow tokens, float[] scores) {
    float least = Scores.kthLargest(scores, Math.min(k, scores.length));
    for (int i = 0; i < scores.length; i++) {
      if (scores[i] < least) {
        scores[i] = Scores.BANNED;
      }
    }
  }
}
