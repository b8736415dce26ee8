package dev.sconce.export.generation;

import dev.sconce.export.block.Blocks;
import dev.sconce.graph.Dim;
import dev.sconce.graph.Value;
import org.jspecify.annotations.Nullable;

/**
 * A model as the embedded loop sees it: new tokens in, scores of the next token out.
 *
 * <p>One instance writes into one graph. Its state lies in buffers of that graph, with one entry a
 * row. The methods are called while the graph is built, in the order {@link #step}, {@link #begin},
 * {@link #reorder}; what {@code begin} writes runs before what {@code step} writes.
 */
public interface StepGraph {

  /** Makes the step graph of one method. */
  @FunctionalInterface
  interface Factory {

    /**
     * Declares the state.
     *
     * @param rows how many rows a batch has, at most {@code rows.max()}
     */
    StepGraph create(Blocks blocks, Dim rows);

    /**
     * Declares the state for several rows a prompt, which are neighbours.
     *
     * @param prompts how many prompts there are
     * @param each how many rows each of them has; changes from step to step
     */
    default StepGraph create(Blocks blocks, Dim prompts, Dim each) {
      return create(blocks, prompts.times(each));
    }
  }

  /** Returns how many scores a row has. */
  int vocabulary();

  /** Returns how many tokens of a row the state holds. */
  int capacity();

  /**
   * Returns whether the model has an encoder. Its inputs were declared when the step graph was
   * created; the prompt is the decoder's then, and is not padded.
   */
  default boolean hasEncoder() {
    return false;
  }

  /**
   * Returns what the encoder read, one row a prompt, kept for the calls that go on; null without
   * encoder, or if it reads no tokens.
   */
  default @Nullable Value encoderIds() {
    return null;
  }

  /**
   * Writes one step.
   *
   * @return {@code float32[rows, vocabulary]}, the scores after the last of the new tokens
   */
  Value step(Blocks blocks, StepInput input);

  /** Writes what runs once before the first step of new sequences: resets, an encoder. */
  default void begin(Blocks blocks) {}

  /**
   * Writes the reordering of the state: row r continues what was row {@code rows[r]}.
   *
   * @param rows {@code int64[rows]}
   */
  void reorder(Blocks blocks, Value rows);

  /**
   * The new tokens of a step.
   *
   * @param ids {@code int64[rows, n]}
   * @param columns {@code int64[n]}, how many tokens of a row come before each; consecutive
   * @param start the first of the columns, a number of the program
   * @param positions {@code int64[rows, n]}, the positions by which tokens are turned; null where
   *     they are the columns
   * @param visible {@code bool[rows, capacity + 1]}, false where a column of a row is padding; of
   *     meaning up to the new columns; null if none is padding
   */
  record StepInput(
      Value ids, Value columns, Value start, @Nullable Value positions, @Nullable Value visible) {

    /** Returns the number of new tokens. */
    public Dim length() {
      return ids.tensorType().dim(1);
    }
  }
}
