package dev.sconce.generate.runner.internal;

import dev.sconce.runtime.Tensor;
import java.util.List;

/**
 * One row's state in a model: the tokens passed so far, and whatever the model keeps of them.
 *
 * <p>The small interface behind which the conventions of programs lie: search, batches and beams
 * ({@link RowStates}) and sessions see nothing else.
 */
public interface RowState extends AutoCloseable {

  /** Returns the tokens passed so far; a copy. */
  int[] tokens();

  /** Returns how many tokens were passed. */
  int length();

  /**
   * Passes tokens, at least one. If an execution fails, tokens before it stay passed.
   *
   * @return the scores of the next token; the caller's
   * @throws dev.sconce.base.InvalidInputException if they do not fit the context
   */
  float[] feed(int[] tokens);

  /**
   * Forgets the tokens from a position on, and those before it too if the model cannot keep a part
   * of what it was passed.
   *
   * @return how many tokens are kept
   */
  int rewind(int length);

  /** Becomes a copy of another state of the same model. */
  void copyFrom(RowState other);

  /** Returns the tensors that make up the state, which may be saved and overwritten. */
  List<Tensor> buffers();

  /** Becomes the state of some tokens whose buffers were written by the caller. */
  void restored(int[] tokens);

  @Override
  void close();
}
