package dev.sconce.kernels;

import dev.sconce.base.InvalidInputException;
import java.lang.foreign.MemorySegment;

/**
 * A matrix of dynamically quantized activations (qdint8): int8 values, and a scale and a zero point
 * per row. A row's float value is {@code (value - zeroPoint) * scale}.
 *
 * <p>A view of memory that the caller owns: one executes the quantization once and multiplies with
 * several weights.
 *
 * <pre>
 *   ┌──────────────────────┬──────────────────────┬─────────────────────────────────┐
 *   │ scales  float32 [M]  │ zero points int32 [M]│ values int8 [M, K rounded to 32]│
 *   └──────────────────────┴──────────────────────┴─────────────────────────────────┘
 * </pre>
 *
 * @param memory the memory described above
 * @param rows M
 * @param columns K
 */
public record QuantizedRows(MemorySegment memory, int rows, int columns) {

  /** Checks the size. */
  public QuantizedRows {
    if (rows < 0 || columns < 1 || memory.byteSize() < byteSize(rows, columns)) {
      throw new InvalidInputException(
          "QuantizedRows",
          "memory",
          byteSize(rows, columns) + " bytes for [" + rows + ", " + columns + "]",
          "" + memory.byteSize());
    }
  }

  /** Returns how many bytes a matrix takes. */
  public static long byteSize(int rows, int columns) {
    return 8L * rows + (long) rows * stride(columns);
  }

  /** Returns the distance of two rows' values in bytes; what lies between is zero. */
  public int stride() {
    return stride(columns);
  }

  /** Returns the byte offset of the scale of a row. */
  public long scaleOffset(int row) {
    return 4L * row;
  }

  /** Returns the byte offset of the zero point of a row. */
  public long zeroPointOffset(int row) {
    return 4L * rows + 4L * row;
  }

  /** Returns the byte offset of the values of a row. */
  public long valuesOffset(int row) {
    return 8L * rows + (long) row * stride();
  }

  private static int stride(int columns) {
    return (columns + 31) & -32;
  }
}
