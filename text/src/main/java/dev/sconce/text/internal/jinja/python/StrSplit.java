package dev.sconce.text.internal.jinja.python;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Stripping and splitting of strings. */
public final class StrSplit {

  private StrSplit() {}

  /** Removes characters of a set, or white space if the set is null, at one end or both. */
  public static String strip(
      String text, @Nullable String characters, boolean left, boolean right) {
    int from = 0;
    int to = text.length();
    while (left && from < to && strippable(text.codePointAt(from), characters)) {
      from += Character.charCount(text.codePointAt(from));
    }
    while (right && to > from && strippable(text.codePointBefore(to), characters)) {
      to -= Character.charCount(text.codePointBefore(to));
    }
    return text.substring(from, to);
  }

  private static boolean strippable(int c, @Nullable String characters) {
    return characters == null ? CharClass.isSpace(c) : characters.indexOf(c) >= 0;
  }

  /** Splits at white space; at most {@code limit} times unless negative. */
  public static List<String> words(String text, int limit) {
    List<String> parts = new ArrayList<>();
    int at = 0;
    while (true) {
      while (at < text.length() && CharClass.isSpace(text.charAt(at))) {
        at++;
      }
      if (at == text.length()) {
        return parts;
      }
      if (limit >= 0 && parts.size() == limit) {
        parts.add(text.substring(at));
        return parts;
      }
      int end = at;
      while (end < text.length() && !CharClass.isSpace(text.charAt(end))) {
        end++;
      }
      parts.add(text.substring(at, end));
      at = end;
    }
  }

  /** Splits at white space from the right. */
  static List<String> wordsFromRight(String text, int limit) {
    List<String> parts = new ArrayList<>();
    int at = text.length();
    while (true) {
      while (at > 0 && CharClass.isSpace(text.charAt(at - 1))) {
        at--;
      }
      if (at == 0) {
        return parts.reversed();
      }
      if (limit >= 0 && parts.size() == limit) {
        parts.add(text.substring(0, at));
        return parts.reversed();
      }
      int start = at;
      while (start > 0 && !CharClass.isSpace(text.charAt(start - 1))) {
        start--;
      }
      parts.add(text.substring(start, at));
      at = start;
    }
  }

  /** Splits at a separator. */
  static List<String> split(String text, String separator, int limit) {
    checkSeparator(separator);
    List<String> parts = new ArrayList<>();
    int at = 0;
    while (limit < 0 || parts.size() < limit) {
      int next = text.indexOf(separator, at);
      if (next < 0) {
        break;
      }
      parts.add(text.substring(at, next));
      at = next + separator.length();
    }
    parts.add(text.substring(at));
    return parts;
  }

  /** Splits at a separator from the right. */
  public static List<String> splitFromRight(String text, String separator, int limit) {
    checkSeparator(separator);
    List<String> parts = new ArrayList<>();
    int end = text.length();
    while (limit < 0 || parts.size() < limit) {
      int next = text.lastIndexOf(separator, end - separator.length());
      if (next < 0 || end < separator.length()) {
        break;
      }
      parts.add(text.substring(next + separator.length(), end));
      end = next;
    }
    parts.add(text.substring(0, end));
    return parts.reversed();
  }

  private static void checkSeparator(String separator) {
    if (separator.isEmpty()) {
      throw PyError.value("empty separator");
    }
  }

  /** Splits into lines; {@code keepEnds} leaves the line breaks on. */
  public static List<String> lines(String text, boolean keepEnds) {
    List<String> lines = new ArrayList<>();
    int start = 0;
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (!CharClass.isLineBreak(c)) {
        at++;
        continue;
      }
      int end = at;
      at++;
      if (c == '\r' && at < text.length() && text.charAt(at) == '\n') {
        at++;
      }
      lines.add(text.substring(start, keepEnds ? at : end));
      start = at;
    }
    if (start < text.length()) {
      lines.add(text.substring(start));
    }
    return lines;
  }
}
