package dev.sconce.text.internal.pipeline;

import java.util.Arrays;

/** Builds a rewritten text of which every unit says what part of its source it came from. */
public final class AlignedTextBuilder {

  private final AlignedText source;
  private final StringBuilder out = new StringBuilder();
  private int[] starts = new int[64];
  private int[] ends = new int[64];

  /** Creates a builder of a text made from another. */
  public AlignedTextBuilder(AlignedText source) {
    this.source = source;
  }

  /** Appends a unit that came from the units {@code from} to {@code to} of the source. */
  public void append(char unit, int from, int to) {
    int n = out.length();
    if (n == starts.length) {
      starts = Arrays.copyOf(starts, n * 2);
      ends = Arrays.copyOf(ends, n * 2);
    }
    boolean atEnd = from >= source.text().length();
    starts[n] = !atEnd ? source.start(from) : from == 0 ? source.origin() : source.end(from - 1);
    ends[n] = to > from ? source.end(to - 1) : starts[n];
    out.append(unit);
  }

  /** Returns whether the last unit is the given one. */
  public boolean endsWith(char unit) {
    return !out.isEmpty() && out.charAt(out.length() - 1) == unit;
  }

  /** Removes the last unit. */
  public void removeLast() {
    out.setLength(out.length() - 1);
  }

  /** Returns the text. */
  public AlignedText finish() {
    int n = out.length();
    return AlignedText.rewritten(
        out.toString(), source.origin(), Arrays.copyOf(starts, n), Arrays.copyOf(ends, n));
  }
}
