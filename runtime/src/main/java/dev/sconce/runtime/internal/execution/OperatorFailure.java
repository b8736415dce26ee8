package dev.sconce.runtime.internal.execution;

/**
 * Says why a running step cannot go on: what was expected and what was found.
 *
 * <p>Operators, delegates and slots throw it without knowing where they stand in the program; the
 * method that runs them turns it into an {@link dev.sconce.base.ExecutionFailedException} with
 * method, instruction and operator. It never leaves the runtime.
 */
public final class OperatorFailure extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Creates a failure with its reason. */
  public OperatorFailure(String reason) {
    super(reason);
  }

  /** Creates a failure with a formatted reason. */
  @SuppressWarnings("AnnotateFormatMethod") // The annotation would be a dependency.
  public static OperatorFailure of(String format, Object... arguments) {
    return new OperatorFailure(format.formatted(arguments));
  }
}
