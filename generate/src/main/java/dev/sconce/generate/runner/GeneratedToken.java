package dev.sconce.generate.runner;

import dev.sconce.generate.FinishReason;
import dev.sconce.generate.TokenScore;
import java.util.List;
import java.util.Optional;

/**
 * One token as it is generated.
 *
 * @param row which of the sequences it belongs to: those of the first prompt come first
 * @param index its place among the new tokens of its row
 * @param id the token
 * @param text the whole characters that it completes, often none or those of several tokens;
 *     special tokens have none
 * @param logprob the logarithm of its probability after the rules
 * @param alternatives the most likely tokens, as many as the settings ask for
 * @param reason why the row ends with it; empty while it goes on
 */
public record GeneratedToken(
    int row,
    int index,
    int id,
    String text,
    float logprob,
    List<TokenScore> alternatives,
    Optional<FinishReason> reason) {

  /** Copies the list. */
  public GeneratedToken {
    alternatives = List.copyOf(alternatives);
  }
}
