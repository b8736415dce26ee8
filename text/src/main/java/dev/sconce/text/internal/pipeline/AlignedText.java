package dev.sconce.text.internal.pipeline;

import java.util.Arrays;

/**
 * A normalised text that remembers, for every UTF-16 unit, which part of the original it came from.
 *
 * <pre>
 *   original    H  é  l  l  o          units of one code point share one alignment;
 *   normalised  h  e  ´  l  l  o       an inserted character has that of the one before it
 *   starts      0  1  1  2  3  4
 *   ends        1  2  2  3  4  5
 * </pre>
 *
 * <p>An untouched text has no arrays: unit i came from unit {@code origin + i}. Immutable; the
 * arrays are never changed after construction.
 */
public final class AlignedText {

  private static final int[] NONE = {};

  private final String text;
  private final int origin;
  private final int shift;
  private final boolean untouched;
  private final int[] starts;
  private final int[] ends;

  private AlignedText(String text, int origin, int shift, int[] starts, int[] ends) {
    this.text = text;
    this.origin = origin;
    this.shift = shift;
    this.untouched = starts.length == 0;
    this.starts = starts;
    this.ends = ends;
  }

  /** Returns an original text, aligned with itself. */
  public static AlignedText original(String text) {
    return new AlignedText(text, 0, 0, NONE, NONE);
  }

  /** Returns a text of which unit i came from {@code starts[i]} to {@code ends[i]}. */
  static AlignedText rewritten(String text, int origin, int[] starts, int[] ends) {
    return new AlignedText(text, origin, 0, starts, ends);
  }

  /** Returns the normalised text. */
  public String text() {
    return text;
  }

  /** Returns where the part of the original that this text stands for begins. */
  public int origin() {
    return origin;
  }

  /** Returns where the original of the unit at an index begins. */
  public int start(int index) {
    return untouched ? shift + index : starts[index];
  }

  /** Returns where the original of the unit at an index ends. */
  public int end(int index) {
    return untouched ? shift + index + 1 : ends[index];
  }

  /** Returns where the original of the code point that begins at an index ends. */
  int codePointEnd(int index) {
    return untouched ? shift + index + Character.charCount(text.codePointAt(index)) : ends[index];
  }

  /** Returns a part of this text as a text of its own, which stands for a part of the original. */
  public AlignedText slice(int from, int to) {
    return part(from, to, from < to ? start(from) : origin);
  }

  /** Returns a part of this text that stands for all of the original that this text stands for. */
  public AlignedText trim(int from, int to) {
    return part(from, to, origin);
  }

  private AlignedText part(int from, int to, int newOrigin) {
    if (from == 0 && to == text.length() && newOrigin == origin) {
      return this;
    }
    String part = text.substring(from, to);
    return untouched
        ? new AlignedText(part, newOrigin, shift + from, NONE, NONE)
        : new AlignedText(
            part,
            newOrigin,
            0,
            Arrays.copyOfRange(starts, from, to),
            Arrays.copyOfRange(ends, from, to));
  }

  @Override
  public String toString() {
    return text;
  }
}
