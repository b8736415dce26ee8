package dev.sconce.text.internal.unicode;

/** Finds borders of extended grapheme clusters (UAX #29, rules GB3 to GB13). */
public final class Graphemes {

  private static final int CR = 1;
  private static final int LF = 2;
  private static final int CONTROL = 3;
  private static final int EXTEND = 4;
  private static final int ZWJ = 5;
  private static final int REGIONAL = 6;
  private static final int PREPEND = 7;
  private static final int SPACING = 8;
  private static final int L = 9;
  private static final int V = 10;
  private static final int T = 11;
  private static final int LV = 12;
  private static final int LVT = 13;

  private final CodePointTable breaks = UnicodeTables.get().table("grapheme.break");
  private final CodePointSet pictographic = UnicodeTables.get().set("onig.extended_pictographic");

  /** Returns where the cluster that begins at an index ends. */
  public int end(String text, int start) {
    int at = start;
    int c = text.codePointAt(at);
    at += Character.charCount(c);
    if (at == text.length()) {
      return at;
    }
    int before = breaks.get(c);
    // GB11 asks whether the cluster so far is a pictograph, marks and a joiner.
    boolean picture = pictographic.contains(c);
    boolean pictureJoined = false;
    int flags = before == REGIONAL ? 1 : 0;
    while (at < text.length()) {
      int next = text.codePointAt(at);
      int after = breaks.get(next);
      boolean nextIsPicture = pictographic.contains(next);
      boolean joins =
          joins(before, after)
              || (pictureJoined && nextIsPicture)
              || (before == REGIONAL && after == REGIONAL && flags % 2 == 1);
      if (!joins) {
        return at;
      }
      if (after == ZWJ) {
        pictureJoined = picture;
      } else {
        pictureJoined = false;
        picture = nextIsPicture || (picture && after == EXTEND);
      }
      flags = after == REGIONAL ? flags + 1 : 0;
      before = after;
      at += Character.charCount(next);
    }
    return at;
  }

  private static boolean joins(int before, int after) {
    if (before == CR) {
      return after == LF;
    }
    if (before == LF || before == CONTROL || after == CR || after == LF || after == CONTROL) {
      return false;
    }
    return switch (after) {
      case EXTEND, ZWJ, SPACING -> true;
      case L, LV, LVT -> before == L || before == PREPEND;
      case V -> before == L || before == V || before == LV || before == PREPEND;
      case T -> before == V || before == T || before == LV || before == LVT || before == PREPEND;
      default -> before == PREPEND;
    };
  }
}
