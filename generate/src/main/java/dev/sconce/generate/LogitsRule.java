package dev.sconce.generate;

/**
 * A rule that changes the scores of the next token: a penalty, a ban, a filter.
 *
 * <p>A custom rule can constrain decoding, by setting to negative infinity whatever must not come.
 */
@FunctionalInterface
public interface LogitsRule {

  /**
   * Changes the scores of one row in place.
   *
   * @param tokens the row so far, prompt included
   * @param scores one score for each token of the vocabulary
   */
  void apply(TokenRow tokens, float[] scores);
}
