package dev.sconce.text.internal.pipeline;

import java.util.Arrays;

/**
 * Builds a rewritten text from left to right and keeps the alignments as the reference library
 * does.
 *
 * <p>Each character is put with a <em>change</em>: 0 replaces the next source character; 1 is an
 * insertion, which shares the alignment of the source character before it; −n replaces the next
 * source character and drops the n after it.
 */
public final class TextRewriter {

  private final AlignedText source;
  private final StringBuilder out;
  private int[] starts;
  private int[] ends;
  private int at;

  /** Creates a rewriter of a text. */
  public TextRewriter(AlignedText source) {
    this.source = source;
    int capacity = source.text().length() + 16;
    this.out = new StringBuilder(capacity);
    this.starts = new int[capacity];
    this.ends = new int[capacity];
  }

  /** Drops source characters that nothing replaces. */
  public void drop(int codePoints) {
    for (int i = 0; i < codePoints; i++) {
      advance();
    }
  }

  /** Appends a character with its change. */
  public void put(int codePoint, int change) {
    if (change > 0) {
      insert(codePoint);
    } else {
      // Past the end of the source only reordered marks can arrive; they keep the last alignment.
      boolean any = at < source.text().length();
      int from = any ? at : Math.max(at - 1, 0);
      int start = source.start(from);
      int end = any ? source.codePointEnd(from) : source.end(from);
      append(codePoint, start, end);
      drop(1 - change);
    }
  }

  private void insert(int codePoint) {
    if (at < 1) {
      append(codePoint, source.origin(), source.origin());
    } else {
      int previous = at - 1;
      boolean low = Character.isLowSurrogate(source.text().charAt(previous)) && previous > 0;
      append(codePoint, source.start(low ? previous - 1 : previous), source.end(previous));
    }
  }

  /** Copies the source up to an index unchanged. */
  public void copyTo(int index) {
    while (at < index) {
      int codePoint = source.text().codePointAt(at);
      append(codePoint, source.start(at), source.codePointEnd(at));
      at += Character.charCount(codePoint);
    }
  }

  /** Skips the source up to an index. */
  public void skipTo(int index) {
    at = index;
  }

  private void advance() {
    if (at < source.text().length()) {
      at += Character.charCount(source.text().codePointAt(at));
    }
  }

  private void append(int codePoint, int start, int end) {
    out.appendCodePoint(codePoint);
    int length = out.length();
    if (length > starts.length) {
      starts = Arrays.copyOf(starts, length * 2);
      ends = Arrays.copyOf(ends, length * 2);
    }
    for (int i = length - Character.charCount(codePoint); i < length; i++) {
      starts[i] = start;
      ends[i] = end;
    }
  }

  /** Returns the rewritten text. */
  public AlignedText finish() {
    int n = out.length();
    return AlignedText.rewritten(
        out.toString(), source.origin(), Arrays.copyOf(starts, n), Arrays.copyOf(ends, n));
  }
}
