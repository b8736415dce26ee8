package dev.sconce.text.internal.regex;

/** A place in the text of a pattern. */
final class PatternText {

  private final String pattern;
  private final RegexFlavor flavor;
  private int at;

  PatternText(String pattern, RegexFlavor flavor) {
    this.pattern = pattern;
    this.flavor = flavor;
  }

  RegexFlavor flavor() {
    return flavor;
  }

  boolean atEnd() {
    return at == pattern.length();
  }

  int peek() {
    return pattern.codePointAt(at);
  }

  boolean startsWith(String text) {
    return pattern.startsWith(text, at);
  }

  int next() {
    int c = pattern.codePointAt(at);
    at += Character.charCount(c);
    return c;
  }

  boolean take(char c) {
    if (!atEnd() && pattern.charAt(at) == c) {
      at++;
      return true;
    }
    return false;
  }

  boolean take(String text) {
    if (pattern.startsWith(text, at)) {
      at += text.length();
      return true;
    }
    return false;
  }

  String takeUntil(char end) throws RegexSyntaxException {
    int close = pattern.indexOf(end, at);
    if (close < 0) {
      throw error("a missing '" + end + "'");
    }
    String text = pattern.substring(at, close);
    at = close + 1;
    return text;
  }

  String takeName() throws RegexSyntaxException {
    if (take('<')) {
      return takeUntil('>');
    }
    if (take('\'')) {
      return takeUntil('\'');
    }
    throw error("a reference without a name");
  }

  /** Takes {n}, {n,}, {n,m} or {,m} and returns both bounds, or takes nothing and returns none. */
  int[] takeInterval() {
    int close = pattern.indexOf('}', at);
    if (close < 0) {
      return new int[0];
    }
    String[] bounds = pattern.substring(at + 1, close).split(",", -1);
    if (bounds.length > 2 || (bounds[0].isEmpty() && (bounds.length == 1 || bounds[1].isEmpty()))) {
      return new int[0];
    }
    for (String bound : bounds) {
      if (bound.length() > 9 || !bound.chars().allMatch(c -> c >= '0' && c <= '9')) {
        return new int[0];
      }
    }
    at = close + 1;
    int min = bounds[0].isEmpty() ? 0 : Integer.parseInt(bounds[0]);
    int max = bounds.length == 1 ? min : bounds[1].isEmpty() ? -1 : Integer.parseInt(bounds[1]);
    return new int[] {min, max};
  }

  RegexSyntaxException error(String what) {
    return new RegexSyntaxException(what + " (before offset " + at + " of " + pattern + ")");
  }
}
