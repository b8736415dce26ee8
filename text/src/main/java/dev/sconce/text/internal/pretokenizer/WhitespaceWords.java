package dev.sconce.text.internal.pretokenizer;

import dev.sconce.text.internal.regex.MatchFinder;
import dev.sconce.text.internal.unicode.CodePointSet;
import dev.sconce.text.internal.unicode.UnicodeTables;

/** Finds {@code \w+|[^\w\s]+} with the tables of Rust's regex. */
public final class WhitespaceWords implements MatchFinder {

  private final CodePointSet word = UnicodeTables.get().set("regex.word");
  private final CodePointSet space = UnicodeTables.get().set("regex.space");

  @Override
  public long find(String text, int begin, int end, int from) {
    int start = from;
    while (start < end && space.contains(text.codePointAt(start))) {
      start++;
    }
    if (start >= end) {
      return NONE;
    }
    int c = text.codePointAt(start);
    boolean isWord = word.contains(c);
    int at = start;
    while (at < end) {
      c = text.codePointAt(at);
      if (word.contains(c) != isWord || space.contains(c)) {
        break;
      }
      at += Character.charCount(c);
    }
    return ((long) start << 32) | at;
  }
}
