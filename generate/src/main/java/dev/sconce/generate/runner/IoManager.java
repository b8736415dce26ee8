package dev.sconce.generate.runner;

import dev.sconce.runtime.EValue;
import dev.sconce.runtime.Method;
import dev.sconce.runtime.Tensor;
import java.util.List;

/**
 * Makes the inputs of a program's method and takes its outputs: the place where key-value caches
 * are handled that a program takes as inputs and gives as outputs.
 *
 * <p>One manager belongs to one state of one method: a batch or a fork has several, made by the
 * same {@link Factory}.
 */
public interface IoManager {

  /** Makes the managers of a method's states. */
  @FunctionalInterface
  interface Factory {

    /** Returns a manager for a method with state of its own. */
    IoManager create(Method method);
  }

  /**
   * Returns the inputs for some tokens.
   *
   * @param tokens {@code int64[1, n]}
   * @param position how many tokens were passed before
   */
  List<EValue> prepare(Tensor tokens, int position);

  /**
   * Takes the outputs of a call.
   *
   * @param outputs views of the method's memory, valid until its next execution
   * @param count how many of the tokens that were passed count from now on
   * @return the logits: {@code [1, V]}, {@code [1, 1, V]} or {@code [1, n, V]}
   */
  Tensor update(List<EValue> outputs, int count);

  /** Forgets all tokens. */
  void reset();

  /** Takes over what another manager of the same factory holds. */
  void copyFrom(IoManager other);
}
