package dev.sconce.graph.quantize;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Chooses the scale of every group of a matrix, block of rows after block of rows.
 *
 * <p>Used in two steps because one choice depends on the whole matrix: every block is shown once,
 * in any order, to one of the workers; {@link #finish} comes after them.
 */
interface GroupScales {

  /** How scales lie in memory. */
  ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** The smallest scale: float's epsilon, so that a group of zeros has a positive scale. */
  float SMALLEST = 0x1p-23f;

  /** Returns what looks at blocks, for one thread. */
  Blocks.Worker worker();

  /** Called when every block was seen: now the scales are final. */
  void finish();

  /**
   * Returns the chooser of a scheme's scales.
   *
   * @param scales receives the scales, row after row
   */
  static GroupScales of(WeightScheme scheme, int columns, MemorySegment scales) {
    return switch (scheme.scales()) {
      case HQQ -> new HqqScales(scheme, columns, scales);
      case ABSMAX -> new AbsmaxScales(scheme, columns, scales);
    };
  }
}
