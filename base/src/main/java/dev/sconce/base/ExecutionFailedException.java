package dev.sconce.base;

import org.jspecify.annotations.Nullable;

/**
 * A program that could not be executed to its end: an instruction met data it cannot work on, the
 * instruction budget ran out, or the call was cancelled.
 */
public final class ExecutionFailedException extends SconceException {

  private static final long serialVersionUID = 1L;

  private final String method;
  private final int instruction;

  /**
   * Creates an exception for one failed instruction.
   *
   * @param method the method that was executing
   * @param instruction the index of the instruction in its chain, or -1 if none is meant
   * @param what the operator or step
   * @param reason what went wrong: expected and found
   */
  public ExecutionFailedException(String method, int instruction, String what, String reason) {
    this(method, instruction, what, reason, null);
  }

  /**
   * Creates an exception for one failed instruction, with the exception behind it.
   *
   * @param method the method that was executing
   * @param instruction the index of the instruction in its chain, or -1 if none is meant
   * @param what the operator or step
   * @param reason what went wrong: expected and found
   * @param cause the exception behind it
   */
  public ExecutionFailedException(
      String method, int instruction, String what, String reason, @Nullable Throwable cause) {
    super(
        instruction < 0
            ? "method '%s', %s: %s".formatted(method, what, reason)
            : "method '%s', instruction %d (%s): %s".formatted(method, instruction, what, reason),
        cause);
    this.method = method;
    this.instruction = instruction;
  }

  /** Returns the method that was executing. */
  public String method() {
    return method;
  }

  /** Returns the index of the failed instruction, or -1. */
  public int instruction() {
    return instruction;
  }
}
