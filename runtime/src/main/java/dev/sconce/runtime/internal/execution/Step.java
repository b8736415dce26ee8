package dev.sconce.runtime.internal.execution;

/**
 * An instruction, bound to its values: the small executable that a method runs again and again.
 *
 * <p>A step reads sizes and numbers from its slots each time it runs, since they may change between
 * runs; what it can prepare (the choice of a kernel by dtype, scratch arrays) it prepared when it
 * was bound. One thread at a time runs the steps of a method.
 */
@FunctionalInterface
public interface Step {

  /**
   * Runs the instruction.
   *
   * @throws OperatorFailure if the values do not allow it
   */
  void run(ExecutionContext context);
}
