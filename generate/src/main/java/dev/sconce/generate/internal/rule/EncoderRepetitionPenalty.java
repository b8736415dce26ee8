package dev.sconce.generate.internal.rule;

import dev.sconce.generate.LogitsRule;
import dev.sconce.generate.TokenRow;

/**
 * Makes tokens of the encoder's input more likely (or less, below 1).
 *
 * @param penalty above 1 for more of the input
 * @param inputs the encoder's input of every prompt
 */
@SuppressWarnings("ArrayRecordComponent") // ids by the thousand; never compared or changed
public record EncoderRepetitionPenalty(double penalty, int[][] inputs) implements LogitsRule {

  @Override
  public void apply(TokenRow tokens, float[] scores) {
    RepetitionPenalty.penalize(inputs[tokens.prompt()], scores, (float) (1 / penalty));
  }
}
