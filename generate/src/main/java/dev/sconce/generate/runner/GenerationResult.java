package dev.sconce.generate.runner;

import java.util.List;

/**
 * What a request gave.
 *
 * @param completions the sequences of the first prompt, best first, then those of the next
 * @param sequences prompts and new tokens as transformers' {@code generate} returns them: a row for
 *     each completion, padding included
 * @param stats counts and times
 */
public record GenerationResult(List<Completion> completions, List<int[]> sequences, Stats stats) {

  /** Copies the lists. */
  public GenerationResult {
    completions = List.copyOf(completions);
    sequences = List.copyOf(sequences);
  }

  /** Returns the text of the first completion. */
  public String text() {
    return completions.getFirst().text();
  }

  /** Returns the new tokens of the first completion. */
  public int[] tokens() {
    return completions.getFirst().tokens();
  }
}
