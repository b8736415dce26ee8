package dev.sconce.text;

/**
 * How texts are cut that have too many tokens.
 *
 * @param maxLength the number of tokens at most, special ones included
 * @param stride the number of tokens that neighbouring parts of what is cut off share
 * @param strategy which of two texts is cut
 * @param direction which side is cut
 */
public record Truncation(int maxLength, int stride, Strategy strategy, Direction direction) {

  /** Which of two texts is cut. */
  public enum Strategy {
    /** The longer one first, then both. */
    LONGEST_FIRST,
    /** The first text only. */
    ONLY_FIRST,
    /** The second text only. */
    ONLY_SECOND
  }

  /** Which side is cut. */
  public enum Direction {
    /** The beginning. */
    LEFT,
    /** The end. */
    RIGHT
  }

  /** Returns a truncation to a number of tokens, of the longest text first, at the end. */
  public static Truncation to(int maxLength) {
    return new Truncation(maxLength, 0, Strategy.LONGEST_FIRST, Direction.RIGHT);
  }
}
