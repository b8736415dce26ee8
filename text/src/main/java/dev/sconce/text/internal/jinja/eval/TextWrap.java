package dev.sconce.text.internal.jinja.eval;

import dev.sconce.text.internal.jinja.python.CharClass;
import dev.sconce.text.internal.jinja.python.PyError;
import dev.sconce.text.internal.jinja.python.StrSplit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Python's {@code textwrap.wrap} without tabs and replaced white space. */
final class TextWrap {

  private final int width;
  private final boolean breakLongWords;
  private final boolean breakOnHyphens;

  TextWrap(int width, boolean breakLongWords, boolean breakOnHyphens) {
    if (width <= 0) {
      throw PyError.value("invalid width " + width + " (must be > 0)");
    }
    this.width = width;
    this.breakLongWords = breakLongWords;
    this.breakOnHyphens = breakOnHyphens;
  }

  List<String> wrap(String text) {
    Deque<String> chunks = new ArrayDeque<>(chunks(text));
    List<String> lines = new ArrayList<>();
    while (!chunks.isEmpty()) {
      if (isBlank(chunks.getFirst()) && !lines.isEmpty()) {
        chunks.removeFirst();
        if (chunks.isEmpty()) {
          break;
        }
      }
      List<String> line = new ArrayList<>();
      int length = 0;
      while (!chunks.isEmpty() && length + size(chunks.getFirst()) <= width) {
        length += size(chunks.getFirst());
        line.add(chunks.removeFirst());
      }
      if (!chunks.isEmpty() && size(chunks.getFirst()) > width) {
        longWord(chunks, line, length);
      }
      if (!line.isEmpty() && isBlank(line.getLast())) {
        line.removeLast();
      }
      if (!line.isEmpty()) {
        lines.add(String.join("", line));
      }
    }
    return lines;
  }

  private void longWord(Deque<String> chunks, List<String> line, int length) {
    int room = width - length;
    if (!breakLongWords) {
      if (line.isEmpty()) {
        line.add(chunks.removeFirst());
      }
      return;
    }
    String word = chunks.removeFirst();
    int end = word.offsetByCodePoints(0, room);
    if (breakOnHyphens && size(word) > room) {
      int hyphen = word.lastIndexOf('-', end - 1);
      if (hyphen > 0 && word.substring(0, hyphen).chars().anyMatch(c -> c != '-')) {
        end = hyphen + 1;
      }
    }
    line.add(word.substring(0, end));
    if (end < word.length()) {
      chunks.addFirst(word.substring(end));
    }
  }

  private static int size(String text) {
    return text.codePointCount(0, text.length());
  }

  private static boolean isBlank(String text) {
    return StrSplit.strip(text, null, true, false).isEmpty();
  }

  /** Cuts a text into words, stretches of white space and, between hyphens, parts of words. */
  private List<String> chunks(String text) {
    List<String> chunks = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      int end = at;
      boolean space = wrapSpace(text.charAt(at));
      while (end < text.length() && wrapSpace(text.charAt(end)) == space) {
        end++;
      }
      if (space || !breakOnHyphens) {
        chunks.add(text.substring(at, end));
      } else {
        hyphenated(text.substring(at, end), chunks);
      }
      at = end;
    }
    return chunks;
  }

  /** textwrap breaks at ASCII white space only. */
  private static boolean wrapSpace(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
  }

  /**
   * Cuts a word after hyphens that have two letters on either side, hyphens between these allowed,
   * and around dashes of two and more between words.
   */
  private static void hyphenated(String word, List<String> out) {
    int start = 0;
    for (int i = 0; i < word.length(); i++) {
      if (word.charAt(i) != '-') {
        continue;
      }
      int end = i;
      while (end < word.length() && word.charAt(end) == '-') {
        end++;
      }
      if (end - i >= 2) {
        if (i > start
            && (isWord(word, i - 1) || "!\"'&.,?".indexOf(word.charAt(i - 1)) >= 0)
            && isWord(word, end)) {
          out.add(word.substring(start, i));
          out.add(word.substring(i, end));
          start = end;
        }
        i = end - 1;
      } else if (i > start && letters(word, i, -1) && letters(word, i, 1)) {
        out.add(word.substring(start, i + 1));
        start = i + 1;
      }
    }
    if (start < word.length()) {
      out.add(word.substring(start));
    }
  }

  /** Whether two letters stand beside a hyphen, in a direction, perhaps with a hyphen between. */
  private static boolean letters(String word, int hyphen, int step) {
    int second = hyphen + 2 * step;
    return isLetter(word, hyphen + step)
        && (isLetter(word, second)
            || (second >= 0
                && second < word.length()
                && word.charAt(second) == '-'
                && isLetter(word, second + step)));
  }

  private static boolean isWord(String word, int i) {
    return i >= 0 && i < word.length() && CharClass.isWord(word.charAt(i));
  }

  private static boolean isLetter(String word, int i) {
    return isWord(word, i) && !(word.charAt(i) >= '0' && word.charAt(i) <= '9');
  }
}
