package dev.sconce.text;

import java.util.Optional;

/**
 * How texts are filled up to a common length.
 *
 * @param length the length, or empty for that of the longest text of a batch
 * @param multipleOf the length is rounded up to a multiple of this, unless it is 0
 * @param direction which side is filled
 * @param id the id of the padding token
 * @param typeId the type id of padding
 * @param token the string of the padding token
 */
public record Padding(
    Optional<Integer> length,
    int multipleOf,
    Direction direction,
    int id,
    int typeId,
    String token) {

  /** Which side is filled. */
  public enum Direction {
    /** The beginning. */
    LEFT,
    /** The end. */
    RIGHT
  }

  /** Returns a padding at the end, to the longest text of a batch. */
  public static Padding with(int id, String token) {
    return new Padding(Optional.empty(), 0, Direction.RIGHT, id, 0, token);
  }
}
