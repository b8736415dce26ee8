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
 * @param aStride the distance of two left matrices in elements; 0 uses one for all
 * @param bStride the distance of two right matrices in elements; 0 uses one for all
 */
public record BatchShape(
    int batch, int rows, int inputs, int columns, boolean transposed, long aStride, long bStride) {

  /** Checks the sizes. */
  public BatchShape {
    if (batch < 0 || rows < 0 || inputs < 0 || columns < 0 || aStride < 0 || bStride < 0) {
      throw new InvalidInputException(
          "multiplyBatch",
          "shape",
          "sizes of 0 and more",
          "%d × [%d, %d] · [%d, %d]".formatted(batch, rows, inputs, inputs, columns));
    }
  }

  /** Returns the shape for contiguous batches of the same length. */
  public static BatchShape of(int batch, int rows, int inputs, int columns, boolean transposed) {
    return new BatchShape(
        batch, rows, inputs, columns, transposed, (long) rows * inputs, (long) inputs * columns);
  }
}
