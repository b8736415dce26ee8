package dev.sconce.generate.runner;

import dev.sconce.runtime.EValue;
import dev.sconce.runtime.MethodMetadata;
import dev.sconce.runtime.Tensor;
import java.util.List;

/**
 * Makes the inputs of a program's methods and takes their outputs: the place where key-value caches
 * are handled that a program takes as inputs and gives as outputs.
 *
 * <p>A manager belongs to one conversation: the rows of a batch, beams and forks have one each,
 * made by the same {@link Factory}.
 */
public interface IoManager {

  /** Makes a manager for every state of a program. */
  @FunctionalInterface
  interface Factory {

    /**
     * Returns a manager without tokens.
     *
     * @param methods the methods that will be called: one, or one for prompts and one for decoding
     * @throws dev.sconce.base.InvalidInputException if the manager does not know how to call them
     */
    IoManager create(List<MethodMetadata> methods);
  }

  /**
   * Returns the inputs of a call.
   *
   * @param method the method that is called
   * @param tokens {@code int64[1, n]}, or {@code [1, n, H]} in a program whose tokens are embedded
   *     by a method of their own
   * @param position how many tokens were passed before
   */
  List<EValue> prepare(MethodMetadata method, Tensor tokens, int position);

  /**
   * Takes the outputs of a call.
   *
   * @param method the method that was called
   * @param outputs views of the method's memory, valid until its next execution
   * @param count how many of the tokens that were passed count; those after them were padding
   * @return the logits: {@code [1, V]}, {@code [1, 1, V]} or {@code [1, n, V]}
   */
  Tensor update(MethodMetadata method, List<EValue> outputs, int count);

  /**
   * Forgets the tokens from a position on.
   *
   * @return how many tokens are kept: as asked, or 0 if this manager cannot keep a part
   */
  int rewind(int length);

  /** Takes over what another manager of the same factory holds. */
  void copyFrom(IoManager other);

  /** Returns the tensors that hold what this manager keeps, to be saved or overwritten. */
  List<Tensor> state();
}
