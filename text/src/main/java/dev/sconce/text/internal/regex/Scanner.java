package dev.sconce.text.internal.regex;

import dev.sconce.text.internal.unicode.CodePointRanges;
import dev.sconce.text.internal.unicode.CodePointTable;
import dev.sconce.text.internal.unicode.UnicodeTables;

/** What the hand-written scanners share: character classes in one byte, and the common endings. */
abstract class Scanner implements MatchFinder {

  /** {@code \p{L}}. */
  static final int LETTER = 1;

  /** {@code \p{N}}. */
  static final int NUMBER = 2;

  /** {@code \s}. */
  static final int SPACE = 4;

  /** {@code [\r\n]}. */
  static final int LINE = 8;

  /** {@code [\p{P}\p{S}]}. */
  static final int PUNCTUATION = 16;

  /** {@code \p{M}}. */
  static final int MARK = 32;

  /** {@code [\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]}. */
  static final int UPPER = 64;

  /** {@code [\p{Ll}\p{Lm}\p{Lo}\p{M}]}. */
  static final int LOWER = 128;

  final byte[] classes = Classes.TABLE;

  @Override
  public final long find(String text, int begin, int end, int from) {
    for (int at = from; at < end; at += width(text, at, end)) {
      int matchEnd = match(text, at, end);
      if (matchEnd > at) {
        return ((long) at << 32) | matchEnd;
      }
    }
    return NONE;
  }

  /** Returns where the match that begins at an index ends, or the index if there is none. */
  abstract int match(String text, int at, int end);

  static int codePoint(String text, int at, int end) {
    char c = text.charAt(at);
    return Character.isHighSurrogate(c) && at + 1 < end
        ? Character.toCodePoint(c, text.charAt(at + 1))
        : c;
  }

  static int width(String text, int at, int end) {
    return Character.isHighSurrogate(text.charAt(at)) && at + 1 < end ? 2 : 1;
  }

  /** Returns the classes of the character at an index; 0 at the end. */
  final int classAt(String text, int at, int end) {
    return at < end ? classes[codePoint(text, at, end)] & 0xFF : 0;
  }

  /** Returns the end of the run of characters that have one of the wanted classes. */
  final int run(String text, int from, int end, int wanted) {
    int at = from;
    while (at < end) {
      char c = text.charAt(at);
      if (Character.isHighSurrogate(c) && at + 1 < end) {
        if ((classes[Character.toCodePoint(c, text.charAt(at + 1))] & wanted) == 0) {
          return at;
        }
        at += 2;
      } else {
        if ((classes[c] & wanted) == 0) {
          return at;
        }
        at++;
      }
    }
    return at;
  }

  /** Returns the end of the run of characters that have none of the unwanted classes. */
  final int runWithout(String text, int from, int end, int unwanted) {
    int at = from;
    while (at < end) {
      int c = codePoint(text, at, end);
      if ((classes[c] & unwanted) != 0) {
        return at;
      }
      at += c >= 0x10000 ? 2 : 1;
    }
    return at;
  }

  /** {@code \p{N}{1,max}} at an index that holds a number. */
  final int digits(String text, int from, int end, int max) {
    int at = from;
    for (int i = 0; i < max && (classAt(text, at, end) & NUMBER) != 0; i++) {
      at += width(text, at, end);
    }
    return at;
  }

  /** {@code \s+(?!\S)|\s+} at an index that holds a space: leaves the last one to what follows. */
  final int spaces(String text, int at, int end) {
    int stop = run(text, at, end, SPACE);
    return stop == end || stop == at + 1 ? stop : stop - 1;
  }

  /** {@code \s*[\r\n]+|\s+(?!\S)|\s+} at an index that holds a space. */
  final int spacesAndLines(String text, int at, int end) {
    int stop = run(text, at, end, SPACE);
    for (int i = stop; i > at; i--) {
      char c = text.charAt(i - 1);
      if (c == '\n' || c == '\r') {
        return i;
      }
    }
    return stop == end || stop == at + 1 ? stop : stop - 1;
  }

  /** {@code 's|'t|'re|'ve|'m|'ll|'d} at an index, or 0; small letters only. */
  static int contraction(String text, int at, int end) {
    if (at + 1 >= end || text.charAt(at) != '\'') {
      return 0;
    }
    return switch (text.charAt(at + 1)) {
      case 's', 't', 'm', 'd' -> at + 2;
      case 'r', 'v' -> at + 2 < end && text.charAt(at + 2) == 'e' ? at + 3 : 0;
      case 'l' -> at + 2 < end && text.charAt(at + 2) == 'l' ? at + 3 : 0;
      default -> 0;
    };
  }

  /** The same, ignoring case; U+017F is a small s to Unicode. */
  static int contractionOfAnyCase(String text, int at, int end) {
    if (at + 1 >= end || text.charAt(at) != '\'') {
      return 0;
    }
    return switch (text.charAt(at + 1)) {
      case 's', 'S', '\u017F', 't', 'T', 'm', 'M', 'd', 'D' -> at + 2;
      case 'r', 'R', 'v', 'V' -> is(text, at + 2, end, 'e', 'E') ? at + 3 : 0;
      case 'l', 'L' -> is(text, at + 2, end, 'l', 'L') ? at + 3 : 0;
      default -> 0;
    };
  }

  private static boolean is(String text, int at, int end, char small, char capital) {
    return at < end && (text.charAt(at) == small || text.charAt(at) == capital);
  }

  /** The classes of every code point, made when a scanner is first needed. */
  private static final class Classes {
    private static final byte[] TABLE = table();

    private Classes() {}

    private static byte[] table() {
      byte[] table = new byte[Character.MAX_CODE_POINT + 1];
      CodePointTable category = UnicodeTables.get().table("onig.category");
      mark(table, category.named("Lu", "Ll", "Lt", "Lm", "Lo"), LETTER);
      mark(table, category.named("Nd", "Nl", "No"), NUMBER);
      mark(table, UnicodeTables.get().set("onig.space").ranges(), SPACE);
      mark(table, CodePointRanges.of('\r', '\n'), LINE);
      mark(
          table,
          category.named("Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So"),
          PUNCTUATION);
      mark(table, category.named("Mn", "Mc", "Me"), MARK);
      mark(table, category.named("Lu", "Lt", "Lm", "Lo", "Mn", "Mc", "Me"), UPPER);
      mark(table, category.named("Ll", "Lm", "Lo", "Mn", "Mc", "Me"), LOWER);
      return table;
    }

    private static void mark(byte[] table, CodePointRanges ranges, int bit) {
      ranges.forEachRange(
          (first, last) -> {
            for (int c = first; c <= last; c++) {
              table[c] |= (byte) bit;
            }
          });
    }
  }
}
