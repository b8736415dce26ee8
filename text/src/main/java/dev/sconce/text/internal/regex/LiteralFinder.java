package dev.sconce.text.internal.regex;

/**
 * Finds a literal text.
 *
 * @param literal the text; an empty one matches everywhere, as an empty regular expression does
 */
public record LiteralFinder(String literal) implements MatchFinder {

  @Override
  public long find(String text, int begin, int end, int from) {
    int at = text.indexOf(literal, from, end);
    return at < 0 ? NONE : ((long) at << 32) | (at + literal.length());
  }
}
