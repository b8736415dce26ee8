package dev.sconce.graph.quantize;

/**
 * Chooses the scale of every group of a matrix, block of rows after block of rows.
 *
 * <p>Used in two steps because one choice depends on the whole matrix: every block is {@link #add
 * added} once, in any order and from any thread; then {@link #finish} gives the scales.
 */
interface GroupScales {

  /** The smallest scale: float's epsilon, so that a group of zeros has a positive scale. */
  float SMALLEST = 0x1p-23f;

  /**
   * Looks at a block of rows.
   *
   * @param weights the block, row after row
   * @param firstRow the index of its first row
   * @param rows how many rows it has
   */
  void add(float[] weights, int firstRow, int rows);

  /** Returns the scales, row after row. */
  float[] finish();

  /** Returns the chooser of a scheme's scales. */
  static GroupScales of(WeightScheme scheme, int rows, int columns) {
    return switch (scheme.scales()) {
      case HQQ -> new HqqScales(scheme, rows, columns);
      case ABSMAX -> new AbsmaxScales(scheme, rows, columns);
    };
  }
}
