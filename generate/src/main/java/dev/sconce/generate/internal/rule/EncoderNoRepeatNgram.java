package dev.sconce.generate.internal.rule;

import dev.sconce.generate.LogitsRule;
import dev.sconce.generate.TokenRow;

/**
 * Bans tokens that would complete an n-gram of the encoder's input.
 *
 * @param size the n of the n-gram
 * @param inputs the encoder's input of every prompt
 */
@SuppressWarnings("ArrayRecordComponent") // ids by the thousand; never compared or changed
public record EncoderNoRepeatNgram(int size, int[][] inputs) implements LogitsRule {

  @Override
  public void apply(TokenRow tokens, float[] scores) {
    Ngrams.ban(inputs[tokens.prompt()], tokens, size, scores);
  }
}
