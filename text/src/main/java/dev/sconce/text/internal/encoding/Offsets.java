package dev.sconce.text.internal.encoding;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns offsets in UTF-16 units into code points and back; for most texts they are the same. */
final class Offsets {

  // Code point index by unit, and unit by code point; null for a text without surrogates.
  private final int @Nullable [][] codePoints;
  private final int @Nullable [][] units;

  private Offsets(int @Nullable [][] codePoints, int @Nullable [][] units) {
    this.codePoints = codePoints;
    this.units = units;
  }

  static Offsets of(String first, @Nullable String second) {
    if (!hasSurrogates(first) && (second == null || !hasSurrogates(second))) {
      return new Offsets(null, null);
    }
    String[] texts = {first, second == null ? "" : second};
    int[][] codePoints = new int[2][];
    int[][] units = new int[2][];
    for (int t = 0; t < 2; t++) {
      String text = texts[t];
      codePoints[t] = new int[text.length() + 1];
      units[t] = new int[text.codePointCount(0, text.length()) + 1];
      int n = 0;
      for (int i = 0; i < text.length(); n++) {
        int next = i + Character.charCount(text.codePointAt(i));
        units[t][n] = i;
        for (; i < next; i++) {
          codePoints[t][i] = n;
        }
      }
      codePoints[t][text.length()] = n;
      units[t][n] = text.length();
    }
    return new Offsets(codePoints, units);
  }

  private static boolean hasSurrogates(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        return true;
      }
    }
    return false;
  }

  /** Returns the rows of a text with offsets in code points. */
  TokenRows toCodePoints(TokenRows rows, int text) {
    if (codePoints == null) {
      return rows;
    }
    int[] starts = rows.starts().clone();
    int[] ends = rows.ends().clone();
    for (int i = 0; i < starts.length; i++) {
      starts[i] = codePoints[text][starts[i]];
      ends[i] = codePoints[text][ends[i]];
    }
    return rows.withOffsets(starts, ends);
  }

  /** Returns rows with offsets in units. */
  TokenRows toUnits(TokenRows rows) {
    if (units == null) {
      return rows;
    }
    int[] starts = rows.starts().clone();
    int[] ends = rows.ends().clone();
    for (int i = 0; i < starts.length; i++) {
      int text = rows.sequences()[i];
      if (text >= 0) {
        starts[i] = units[text][starts[i]];
        ends[i] = units[text][ends[i]];
      }
    }
    List<TokenRows> rest = new ArrayList<>();
    for (TokenRows overflowing : rows.overflowing()) {
      rest.add(toUnits(overflowing));
    }
    return rows.withOffsets(starts, ends).withOverflowing(rest);
  }
}
