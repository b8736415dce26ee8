package dev.sconce.graph.quantize;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** How the integers of a row lie in memory. */
public enum Packing {
  /** One signed byte a weight. */
  BYTES {
    @Override
    long rowBytes(int columns) {
      return columns;
    }

    @Override
    void store(int[] row, int columns, MemorySegment target, long offset) {
      byte[] bytes = new byte[columns];
      for (int column = 0; column < columns; column++) {
        bytes[column] = (byte) row[column];
      }
      MemorySegment.copy(bytes, 0, target, ValueLayout.JAVA_BYTE, offset, columns);
    }
  },

  /**
   * Two weights a byte, each plus 8; XNNPACK's order.
   *
   * <pre>
   * ┌────────────────────┬────────────────────┐
   * │ odd column   (7…4) │ even column  (3…0) │
   * └────────────────────┴────────────────────┘
   * </pre>
   */
  NIBBLES_EVEN_LOW {
    @Override
    long rowBytes(int columns) {
      return Math.ceilDiv((long) columns, 2L);
    }

    @Override
    void store(int[] row, int columns, MemorySegment target, long offset) {
      storeNibbles(row, columns, target, offset, 0, 4);
    }
  },

  /**
   * Two weights a byte, each plus 8; the order of {@code quantized_decomposed::embedding_4bit}.
   *
   * <pre>
   * ┌────────────────────┬────────────────────┐
   * │ even column  (7…4) │ odd column   (3…0) │
   * └────────────────────┴────────────────────┘
   * </pre>
   */
  NIBBLES_EVEN_HIGH {
    @Override
    long rowBytes(int columns) {
      return Math.ceilDiv((long) columns, 2L);
    }

    @Override
    void store(int[] row, int columns, MemorySegment target, long offset) {
      storeNibbles(row, columns, target, offset, 4, 0);
    }
  };

  private static final int ZERO = 8;

  /** Returns how many bytes a row takes. */
  abstract long rowBytes(int columns);

  /** Stores one row of integers. */
  abstract void store(int[] row, int columns, MemorySegment target, long offset);

  private static void storeNibbles(
      int[] row, int columns, MemorySegment target, long offset, int evenShift, int oddShift) {
    byte[] packed = new byte[(columns + 1) / 2];
    for (int column = 0; column + 1 < columns; column += 2) {
      int even = row[column] + ZERO;
      int odd = row[column + 1] + ZERO;
      packed[column / 2] = (byte) (even << evenShift | odd << oddShift);
    }
    if (columns % 2 != 0) {
      // A row of odd length is padded with a weight of zero.
      int even = row[columns - 1] + ZERO;
      packed[columns / 2] = (byte) (even << evenShift | ZERO << oddShift);
    }
    MemorySegment.copy(packed, 0, target, ValueLayout.JAVA_BYTE, offset, packed.length);
  }
}
