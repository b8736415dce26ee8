package dev.sconce.runtime;

/**
 * Listens to what a method executes and how long it takes.
 *
 * <p>Set by {@link LoadOptions#withTracer}; without one, nothing is timed. Calls come from the
 * thread that executes the method. An exception thrown here ends the execution.
 */
public interface EventTracer {

  /**
   * A method begins to execute. If it fails, {@link #method} does not follow.
   *
   * @param method its name
   */
  default void started(String method) {}

  /**
   * One instruction has been executed.
   *
   * @param instruction which one
   * @param startNanos its start, by {@link System#nanoTime}
   * @param endNanos its end
   */
  void instruction(InstructionInfo instruction, long startNanos, long endNanos);

  /**
   * One node inside a delegate has been executed.
   *
   * @param instruction the instruction that called the delegate
   * @param node the node's name in the delegate, for example its kind and debug handle
   * @param startNanos its start, by {@link System#nanoTime}
   * @param endNanos its end
   */
  void delegateNode(InstructionInfo instruction, String node, long startNanos, long endNanos);

  /**
   * A method has been executed to its end.
   *
   * @param method its name
   * @param startNanos its start, by {@link System#nanoTime}
   * @param endNanos its end
   */
  void method(String method, long startNanos, long endNanos);
}
