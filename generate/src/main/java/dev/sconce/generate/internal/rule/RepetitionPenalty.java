package dev.sconce.generate.internal.rule;

import dev.sconce.generate.LogitsRule;
import dev.sconce.generate.TokenRow;
import java.util.BitSet;

/**
 * Makes tokens that occurred, prompt included, less likely (or more, below 1).
 *
 * @param penalty above 1 for fewer repetitions
 * @param ignored how many tokens at the beginning of a row do not count
 */
public record RepetitionPenalty(double penalty, int ignored) implements LogitsRule {

  @Override
  public void apply(TokenRow tokens, float[] scores) {
    penalize(tokens.toArray(Math.min(ignored, tokens.size())), scores, (float) penalty);
  }

  /** Divides positive and multiplies negative scores, once for each distinct token. */
  static void penalize(int[] ids, float[] scores, float penalty) {
    BitSet seen = new BitSet(scores.length);
    for (int id : ids) {
      if (id >= 0 && id < scores.length && !seen.get(id)) {
        seen.set(id);
        scores[id] = scores[id] < 0 ? scores[id] * penalty : scores[id] / penalty;
      }
    }
  }
}
