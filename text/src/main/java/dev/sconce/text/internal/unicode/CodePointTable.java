package dev.sconce.text.internal.unicode;

import java.util.Arrays;
import java.util.List;

/** A small number for every code point, with names for the numbers. */
public final class CodePointTable {

  private final List<String> names;
  private final byte[] values;

  CodePointTable(List<String> names, byte[] values) {
    this.names = names;
    this.values = values;
  }

  /** Returns the value of a code point. */
  public int get(int codePoint) {
    return values[codePoint];
  }

  /** Returns the names of the values. */
  public List<String> names() {
    return names;
  }

  /** Returns the code points whose value has one of the given names. */
  public CodePointRanges named(String... wanted) {
    boolean[] member = new boolean[names.size()];
    for (String name : wanted) {
      member[names.indexOf(name)] = true;
    }
    int[] borders = new int[64];
    int n = 0;
    boolean inside = false;
    for (int c = 0; c <= values.length; c++) {
      boolean now = c < values.length && member[values[c]];
      if (now != inside) {
        if (n == borders.length) {
          borders = Arrays.copyOf(borders, n * 2);
        }
        borders[n++] = c;
        inside = now;
      }
    }
    return CodePointRanges.ofBorders(Arrays.copyOf(borders, n));
  }
}
