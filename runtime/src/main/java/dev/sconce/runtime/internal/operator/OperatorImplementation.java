package dev.sconce.runtime.internal.operator;

import dev.sconce.runtime.internal.execution.Step;

/**
 * How one operator runs.
 *
 * <p>An implementation is bound once for every instruction that calls it, when the method is
 * loaded. It picks its arguments by their position in the catalogue's schema, checks what cannot
 * change (kinds, dtypes, dim orders), and returns the step that does the work:
 *
 * <pre>{@code
 * table.add("aten::relu.out", call -> {
 *   TensorSlot in = call.tensor(0);
 *   TensorSlot out = call.tensor(1);
 *   return context -> {
 *     out.resizeLike(in);
 *     ...
 *   };
 * });
 * }</pre>
 */
@FunctionalInterface
public interface OperatorImplementation {

  /**
   * Binds one call.
   *
   * @throws dev.sconce.base.MalformedFileException if an argument is of the wrong kind (thrown by
   *     the call's accessors)
   * @throws UnsupportedCall if the operator cannot do what this call asks
   */
  Step bind(OperatorCall call);
}
