package dev.sconce.generate.internal.model;

/**
 * One row's state in a model: the tokens passed so far, and whatever the model keeps of them.
 *
 * <p>The small interface behind which the conventions of programs lie: search, batches and beams
 * ({@link RowStates}) and sessions see nothing else.
 */
public interface RowState extends AutoCloseable {

  /** Returns how many tokens were passed. */
  int length();

  /**
   * Passes tokens, at least one.
   *
   * @return the scores of the next token; the caller's
   */
  float[] feed(int[] tokens);

  /** Becomes a copy of another state of the same model. */
  void copyFrom(RowState other);

  /** Forgets all tokens. */
  void reset();

  @Override
  void close();
}
