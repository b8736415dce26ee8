package dev.sconce.text.internal.regex;

/** A pattern that is wrong, or that uses what cannot be matched exactly as Oniguruma would. */
public final class RegexSyntaxException extends Exception {

  private static final long serialVersionUID = 1L;

  RegexSyntaxException(String message) {
    super(message);
  }
}
