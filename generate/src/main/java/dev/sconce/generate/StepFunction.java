package dev.sconce.generate;

import org.jspecify.annotations.Nullable;

/** A model, as the search sees it: tokens in, scores of the next token out. */
@FunctionalInterface
public interface StepFunction {

  /**
   * Runs the model over new tokens.
   *
   * <p>Rows leave the batch when they are finished and change places in beam search: row {@code r}
   * continues what was row {@code rows[r]} of the call before.
   *
   * @param ids the new tokens of every row, all rows equally many
   * @param position how many tokens of each row were passed before
   * @param rows where each row comes from, or null in the first call
   * @return the scores of the next token for every row; the caller may change them
   */
  float[][] step(int[][] ids, int position, int @Nullable [] rows);
}
