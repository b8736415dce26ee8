package dev.sconce.text.internal.model;

import dev.sconce.text.internal.pipeline.Utf8;

/** Turns ascending byte offsets in the UTF-8 form of a piece into indices of its text. */
public final class ByteOffsets {

  private final String text;
  private final int end;
  private int unit;
  private int bytes;

  /** Creates a converter for a piece. */
  public ByteOffsets(String text, int start, int end) {
    this.text = text;
    this.end = end;
    this.unit = start;
  }

  /** Returns the index of the character that holds a byte; calls must not go back. */
  public int floor(int offset) {
    advance(offset);
    return unit;
  }

  /** Returns the index after the character that holds the byte before an offset. */
  public int ceiling(int offset) {
    advance(offset);
    return bytes == offset || unit == end
        ? unit
        : unit + Character.charCount(text.codePointAt(unit));
  }

  private void advance(int offset) {
    while (unit < end) {
      int c = text.codePointAt(unit);
      int length = Utf8.length(c);
      if (bytes + length > offset) {
        return;
      }
      bytes += length;
      unit += Character.charCount(c);
    }
  }
}
