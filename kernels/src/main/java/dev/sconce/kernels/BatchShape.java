package dev.sconce.kernels;

import dev.sconce.base.InvalidInputException;

/**
 * The sizes of a product of two batches of matrices.
 *
 * @param batch how many products
 * @param rows M
 * @param inputs K
 * @param columns N
 * @param transposed whether the right matrices are stored as [N, K]
 * @param a where the left matrices lie
 * @param b where the right matrices lie
 */
public record BatchShape(
    int batch, int rows, int inputs, int columns, boolean transposed, Spacing a, Spacing b) {

  /**
   * Distances in elements; the elements of a row follow each other.
   *
   * @param matrices from one matrix to the next; 0 uses one for all
   * @param rows from one stored row of a matrix to the next
   */
  public record Spacing(long matrices, long rows) {

    /** Returns how many elements lie from the first to the end of the last. */
    long span(int batch, int height, int width) {
      return height == 0 ? 0 : (batch - 1L) * matrices + (height - 1L) * rows + width;
    }
  }

  /** Checks the sizes. */
  public BatchShape {
    if (batch < 0
        || Math.min(rows, Math.min(inputs, columns)) < 0
        || Math.min(a.matrices(), a.rows()) < 0
        || Math.min(b.matrices(), b.rows()) < 0) {
      throw new InvalidInputException(
          "multiplyBatch",
          "shape",
          "sizes of 0 and more",
          "%d × [%d, %d] · [%d, %d], %s, %s".formatted(batch, rows, inputs, inputs, columns, a, b));
    }
  }

  /** Returns the shape for contiguous batches of the same length. */
  public static BatchShape of(int batch, int rows, int inputs, int columns, boolean transposed) {
    return new BatchShape(
        batch,
        rows,
        inputs,
        columns,
        transposed,
        new Spacing((long) rows * inputs, inputs),
        new Spacing((long) inputs * columns, transposed ? inputs : columns));
  }

  /** Returns how many rows a right matrix is stored as. */
  int storedRows() {
    return transposed ? columns : inputs;
  }

  /** Returns how long the stored rows of a right matrix are. */
  int storedColumns() {
    return transposed ? inputs : columns;
  }
}
