package dev.sconce.cli.internal.inspect;

/**
 * A value that an instruction names.
 *
 * @param name the argument's name in the operator's schema; empty if it has none
 * @param value the index of the value
 * @param role what the instruction does with it
 */
public record CallArgument(String name, int value, Role role) {

  /** What an instruction does with a value. */
  public enum Role {
    /** It reads the value. */
    READ,
    /** It reads the value and changes it. */
    CHANGE,
    /** It writes the value without having read it. */
    WRITE,
    /** It returns the value: one that it has written, or a new one. */
    RESULT,
    /** Nobody knows: the operator or backend is foreign. */
    UNKNOWN
  }

  /** Returns whether the value is another one afterwards, as far as is known. */
  public boolean isWritten() {
    return switch (role) {
      case CHANGE, WRITE, RESULT -> true;
      case READ, UNKNOWN -> false;
    };
  }

  /** Returns whether the instruction depends on the value that was there before. */
  public boolean isRead() {
    return switch (role) {
      case READ, CHANGE -> true;
      case WRITE, RESULT, UNKNOWN -> false;
    };
  }
}
