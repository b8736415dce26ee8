package dev.sconce.graph.quantize;

/**
 * How a matrix of weights becomes small integers with one scale a group: symmetric, zero point 0.
 *
 * @param bits the width of the integers: 4 or 8
 * @param groupSize how many consecutive weights of a row share a scale; 0 for the whole row
 * @param scales how scales are chosen
 */
public record WeightScheme(int bits, int groupSize, ScaleChoice scales) {

  /** How the scale of a group is chosen. */
  public enum ScaleChoice {
    /** Least squares, iterated: torchao's {@code hqq_scale_only}, its default. */
    HQQ,
    /** The largest magnitude over half the integer range: torchao's symmetric affine choice. */
    ABSMAX
  }

  /** Creates a scheme. */
  public WeightScheme {
    if (bits != 4 && bits != 8) {
      throw new IllegalArgumentException("expected 4 or 8 bits, found " + bits);
    }
    if (groupSize < 0) {
      throw new IllegalArgumentException("expected a group size >= 0, found " + groupSize);
    }
  }

  /** Returns the smallest integer. */
  public int min() {
    return -(1 << (bits - 1));
  }

  /** Returns the largest integer. */
  public int max() {
    return (1 << (bits - 1)) - 1;
  }

  /** Returns how many weights share a scale in rows of the given length. */
  public int groupLength(int columns) {
    return groupSize == 0 ? columns : groupSize;
  }

  /** Returns whether rows of the given length fall into whole groups. */
  public boolean divides(int columns) {
    return columns > 0 && columns % groupLength(columns) == 0;
  }
}
