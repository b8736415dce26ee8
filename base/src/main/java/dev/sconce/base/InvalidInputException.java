package dev.sconce.base;

/** A call whose arguments, options or moment are wrong; the callee's state is unchanged. */
public final class InvalidInputException extends SconceException {

  private static final long serialVersionUID = 1L;

  private final String where;
  private final String argument;

  /**
   * Creates an exception for one wrong argument.
   *
   * @param where the method or operation that was called
   * @param argument the argument or option that is wrong
   * @param expected what would have been right
   * @param found what was given
   */
  public InvalidInputException(String where, String argument, String expected, String found) {
    super("%s: %s: expected %s, found %s".formatted(where, argument, expected, found));
    this.where = where;
    this.argument = argument;
  }

  /** Returns the method or operation that was called. */
  public String where() {
    return where;
  }

  /** Returns the argument or option that is wrong. */
  public String argument() {
    return argument;
  }
}
