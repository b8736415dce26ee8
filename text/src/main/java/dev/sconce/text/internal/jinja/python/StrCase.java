package dev.sconce.text.internal.jinja.python;

import java.util.Locale;

/** Upper, lower and title case, with Unicode's full mappings. */
public final class StrCase {

  private static final int DOTLESS_I = 0x131;
  private static final int CAPITAL_SHARP_S = 0x1E9E;

  private StrCase() {}

  /** Returns the upper-case text. */
  public static String upper(String text) {
    return text.toUpperCase(Locale.ROOT);
  }

  /** Returns the lower-case text. */
  public static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  /** Returns the text with its first character in title case and the others in lower case. */
  public static String capitalize(String text) {
    if (text.isEmpty()) {
      return text;
    }
    int first = text.codePointAt(0);
    int end = Character.charCount(first);
    return titleOf(first) + lowerFrom(text, end);
  }

  /** Lower-cases the tail of a text; the head is the context for a final sigma. */
  private static String lowerFrom(String text, int from) {
    String head = text.substring(0, from);
    return lower(text).substring(lower(head).length());
  }

  /** Returns the text with every word in title case. */
  static String title(String text) {
    StringBuilder out = new StringBuilder();
    boolean inWord = false;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      int end = i + Character.charCount(c);
      if (inWord) {
        out.append(lowerAt(text, i, end));
      } else {
        out.append(titleOf(c));
      }
      inWord = CharClass.isCased(c);
      i = end;
    }
    return out.toString();
  }

  private static String lowerAt(String text, int from, int to) {
    if (text.charAt(from) != '\u03A3') {
      return lower(text.substring(from, to));
    }
    return lower(text)
        .substring(
            lower(text.substring(0, from)).length(), lower(text.substring(0, from)).length() + 1);
  }

  /** Returns the full title-case mapping of a character. */
  private static String titleOf(int c) {
    int simple = Character.toTitleCase(c);
    String upper = upper(Character.toString(c));
    if (simple != c || Character.isTitleCase(c) || upper.codePointCount(0, upper.length()) == 1) {
      return Character.toString(simple);
    }
    // Only the first letter of an expanded ligature is upper case: Ss, Ffi.
    int first = upper.codePointAt(0);
    int end = Character.charCount(first);
    String rest = upper.substring(end);
    return switch (c) {
      case 0x149 -> upper;
      default -> Character.isLetter(first) ? Character.toString(first) + expanded(rest) : upper;
    };
  }

  private static String expanded(String rest) {
    // A capital iota that stands for a subscript becomes the combining one again.
    return rest.endsWith("\u0399") ? rest.substring(0, rest.length() - 1) + "\u0345" : lower(rest);
  }

  /** Returns the text with upper and lower case exchanged. */
  static String swapCase(String text) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      int end = i + Character.charCount(c);
      if (CharClass.isUpper(c)) {
        out.append(lowerAt(text, i, end));
      } else if (CharClass.isLower(c)) {
        out.append(upper(text.substring(i, end)));
      } else {
        out.appendCodePoint(c);
      }
      i = end;
    }
    return out.toString();
  }

  /** Returns the text folded for caseless comparison. */
  static String caseFold(String text) {
    StringBuilder out = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              String upper = upper(Character.toString(c));
              if (c == DOTLESS_I) {
                out.appendCodePoint(c);
              } else if (c == CAPITAL_SHARP_S) {
                out.append("ss");
              } else if (Character.UnicodeScript.of(c) == Character.UnicodeScript.CHEROKEE) {
                // The one script that folds to its capitals: its small letters came later.
                out.append(upper);
              } else {
                out.append(lower(upper).replace('\u03C2', '\u03C3'));
              }
            });
    return out.toString();
  }

  /** Returns {@code str.islower}: something cased, and nothing in another case. */
  public static boolean isLower(String text) {
    return text.codePoints().anyMatch(CharClass::isLower)
        && text.codePoints().noneMatch(c -> CharClass.isUpper(c) || CharClass.isTitle(c));
  }

  /** Returns {@code str.isupper}. */
  public static boolean isUpper(String text) {
    return text.codePoints().anyMatch(CharClass::isUpper)
        && text.codePoints().noneMatch(c -> CharClass.isLower(c) || CharClass.isTitle(c));
  }

  /** Returns {@code str.istitle}. */
  static boolean isTitle(String text) {
    boolean any = false;
    boolean inWord = false;
    for (int c : text.codePoints().toArray()) {
      if (CharClass.isUpper(c) || CharClass.isTitle(c)) {
        if (inWord) {
          return false;
        }
        inWord = true;
        any = true;
      } else if (CharClass.isLower(c)) {
        if (!inWord) {
          return false;
        }
        any = true;
      } else {
        inWord = false;
      }
    }
    return any;
  }
}
