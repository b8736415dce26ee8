package dev.sconce.text.internal.regex;

import dev.sconce.text.internal.unicode.CodePointSet;

/**
 * Finds single characters of a set.
 *
 * @param set the characters
 */
public record CharacterFinder(CodePointSet set) implements MatchFinder {

  @Override
  public long find(String text, int begin, int end, int from) {
    for (int i = from; i < end; ) {
      int c = text.codePointAt(i);
      int next = i + Character.charCount(c);
      if (set.contains(c)) {
        return ((long) i << 32) | next;
      }
      i = next;
    }
    return NONE;
  }
}
