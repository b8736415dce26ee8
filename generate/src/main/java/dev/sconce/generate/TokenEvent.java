package dev.sconce.generate;

import java.util.List;
import java.util.Optional;

/**
 * A token that a search has chosen.
 *
 * @param row which of the search's rows it belongs to
 * @param index its place among the new tokens of its row
 * @param chosen the token, with the logarithm of its probability after the rules
 * @param alternatives the most likely tokens, as many as the setting {@code logprobs} asks for
 * @param reason why the row ends with it; empty while it goes on
 */
public record TokenEvent(
    int row,
    int index,
    TokenScore chosen,
    List<TokenScore> alternatives,
    Optional<FinishReason> reason) {}
