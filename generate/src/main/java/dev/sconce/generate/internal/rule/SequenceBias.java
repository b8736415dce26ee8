package dev.sconce.generate.internal.rule;

import dev.sconce.base.InvalidInputException;
import dev.sconce.generate.LogitsRule;
import dev.sconce.generate.TokenRow;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Adds a bias to the last token of a sequence where the tokens before it stand at the end of the
 * row; negative infinity bans the sequence.
 *
 * @param biases sequences and what is added
 */
public record SequenceBias(Map<List<Integer>, Double> biases) implements LogitsRule {

  /** Creates a rule that bans sequences; single end tokens are left alone. */
  public static SequenceBias banning(List<List<Integer>> words, List<Integer> endTokens) {
    Map<List<Integer>, Double> biases = new LinkedHashMap<>();
    for (List<Integer> word : words) {
      if (word.size() != 1 || !endTokens.contains(word.getFirst())) {
        biases.put(word, Double.NEGATIVE_INFINITY);
      }
    }
    return new SequenceBias(biases);
  }

  @Override
  public void apply(TokenRow tokens, float[] scores) {
    float[] sums = new float[scores.length];
    biases.forEach(
        (sequence, bias) -> {
          int last = sequence.getLast();
          if (last >= scores.length) {
            throw new InvalidInputException(
                "generate",
                "sequence_bias or bad_words_ids",
                "tokens below " + scores.length,
                String.valueOf(last));
          }
          if (matches(sequence, tokens)) {
            sums[last] += bias.floatValue();
          }
        });
    for (int i = 0; i < scores.length; i++) {
      scores[i] += sums[i];
    }
  }

  private static boolean matches(List<Integer> sequence, TokenRow tokens) {
    int before = sequence.size() - 1;
    if (before > tokens.size()) {
      return false;
    }
    for (int i = 0; i < before; i++) {
      if (sequence.get(i) != tokens.get(tokens.size() - before + i)) {
        return false;
      }
    }
    return true;
  }
}
