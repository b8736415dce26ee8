package dev.sconce.text.internal.unicode;

import java.util.Arrays;

/**
 * A set of code points as sorted borders: members are [b0, b1), [b2, b3), …; the algebra of sets is
 * done on this form, questions are asked of a {@link CodePointSet}.
 */
public final class CodePointRanges {

  private static final int LIMIT = Character.MAX_CODE_POINT + 1;
  private static final CodePointRanges EMPTY = new CodePointRanges(new int[0]);

  private final int[] borders;

  private CodePointRanges(int[] borders) {
    this.borders = borders;
  }

  /** Returns the empty set. */
  public static CodePointRanges empty() {
    return EMPTY;
  }

  /** Returns the set of all code points from {@code first} to {@code last}, both included. */
  public static CodePointRanges range(int first, int last) {
    return first > last ? EMPTY : new CodePointRanges(new int[] {first, last + 1});
  }

  /** Returns the set of the given code points. */
  public static CodePointRanges of(int... codePoints) {
    int[] sorted = Arrays.stream(codePoints).sorted().distinct().toArray();
    int[] borders = new int[sorted.length * 2];
    int n = 0;
    for (int c : sorted) {
      if (n > 0 && borders[n - 1] == c) {
        borders[n - 1] = c + 1;
      } else {
        borders[n++] = c;
        borders[n++] = c + 1;
      }
    }
    return new CodePointRanges(Arrays.copyOf(borders, n));
  }

  /** Returns the set with the given sorted borders; the array is not copied. */
  static CodePointRanges ofBorders(int[] borders) {
    return new CodePointRanges(borders);
  }

  /** Returns the code points that are not in this set. */
  public CodePointRanges complement() {
    int[] out = new int[borders.length + 2];
    int n = 0;
    if (borders.length == 0 || borders[0] != 0) {
      out[n++] = 0;
    }
    for (int border : borders) {
      if (border != 0) {
        out[n++] = border;
      }
    }
    if (n > 0 && out[n - 1] == LIMIT) {
      n--;
    } else {
      out[n++] = LIMIT;
    }
    return new CodePointRanges(Arrays.copyOf(out, n));
  }

  /** Returns the code points in this set or the other. */
  public CodePointRanges union(CodePointRanges other) {
    return merge(other, 1);
  }

  /** Returns the code points in both sets. */
  public CodePointRanges intersect(CodePointRanges other) {
    return merge(other, 2);
  }

  private CodePointRanges merge(CodePointRanges other, int needed) {
    int[] out = new int[borders.length + other.borders.length];
    int n = 0;
    int i = 0;
    int j = 0;
    boolean inside = false;
    while (i < borders.length || j < other.borders.length) {
      int a = i < borders.length ? borders[i] : Integer.MAX_VALUE;
      int b = j < other.borders.length ? other.borders[j] : Integer.MAX_VALUE;
      int at = Math.min(a, b);
      i += a == at ? 1 : 0;
      j += b == at ? 1 : 0;
      boolean now = (i & 1) + (j & 1) >= needed;
      if (now != inside) {
        out[n++] = at;
        inside = now;
      }
    }
    return new CodePointRanges(Arrays.copyOf(out, n));
  }

  /** Returns whether a code point is a member. */
  public boolean contains(int codePoint) {
    int at = Arrays.binarySearch(borders, codePoint);
    return (at >= 0 ? at : -at - 2) % 2 == 0;
  }

  /** Returns the sorted borders; the array must not be changed. */
  int[] borders() {
    return borders;
  }

  /** Calls back for each range with its first and last code point. */
  public void forEachRange(RangeAction action) {
    for (int i = 0; i < borders.length; i += 2) {
      action.accept(borders[i], borders[i + 1] - 1);
    }
  }

  /** Receives a range of code points. */
  @FunctionalInterface
  public interface RangeAction {
    /** Receives the first and the last code point of a range. */
    void accept(int first, int last);
  }

  /** Returns the fast form of this set. */
  public CodePointSet toSet() {
    return new CodePointSet(this);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CodePointRanges r && Arrays.equals(borders, r.borders);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(borders);
  }
}
