package dev.sconce.runtime.internal.xnnpack;

import dev.sconce.format.Ints;
import dev.sconce.format.xnnpack.XnnOperation.Binary;
import dev.sconce.kernels.BatchShape;
import dev.sconce.kernels.Clamp;
import dev.sconce.kernels.MatrixProducts;
import java.util.Arrays;

/** BatchMatrixMultiply: products of the matrices in the last two dimensions. */
final class BatchProductNode {

  /** XNN_FLAG_TRANSPOSE_B: the right matrices are stored as [N, K]. */
  static final int TRANSPOSE_B = 0x20;

  /** XNN_FLAG_TRANSPOSE_A: the left matrices are stored as [K, M]. */
  static final int TRANSPOSE_A = 0x40;

  private BatchProductNode() {}

  static void plan(GraphBuilder builder, Binary n) {
    if ((n.flags() & TRANSPOSE_A) != 0) {
      throw builder.fault().unsupported("transposed left matrices");
    }
    boolean transposed = (n.flags() & TRANSPOSE_B) != 0;
    int a = builder.floats(n.input1());
    int b = builder.floats(n.input2());
    int y = builder.floatResult(n.output());
    MatrixProducts products = builder.kernels().matrixProducts();
    builder.add(
        "BatchMatrixMultiply",
        Ints.of(a, b),
        Ints.of(y),
        operands -> new Step(products, transposed, operands[a], operands[b], operands[y]));
  }

  private static final class Step implements NodeStep {

    private final MatrixProducts products;
    private final boolean transposed;
    private final Operand a;
    private final Operand b;
    private final Operand y;
    private BatchShape shape = BatchShape.of(0, 0, 0, 0, false);
    // For each call of the kernel, where its matrices begin, in elements.
    private long[] aStarts = {};
    private long[] bStarts = {};

    Step(MatrixProducts products, boolean transposed, Operand a, Operand b, Operand y) {
      this.products = products;
      this.transposed = transposed;
      this.a = a;
      this.b = b;
      this.y = y;
    }

    @Override
    public void reshape() {
      a.require(a.rank() >= 2, "2 dimensions or more");
      b.require(b.rank() >= 2, "2 dimensions or more");
      int rows = a.size(a.rank() - 2);
      int inputs = a.lastSize();
      int columns = b.size(b.rank() - (transposed ? 2 : 1));
      b.require(
          b.size(b.rank() - (transposed ? 1 : 2)) == inputs,
          "%d inputs, as %s has".formatted(inputs, a));
      int[] batch = Broadcasting.shape(a, b, 2);
      int[] result = Arrays.copyOf(batch, batch.length + 2);
      result[batch.length] = rows;
      result[batch.length + 1] = columns;
      y.reshape(result);
      int count = y.count(0, batch.length);
      int aCount = a.count(0, a.rank() - 2);
      int bCount = b.count(0, b.rank() - 2);
      long aSize = (long) rows * inputs;
      long bSize = (long) inputs * columns;
      boolean uniform = (aCount == count || aCount == 1) && (bCount == count || bCount == 1);
      if (uniform) {
        long aStride = aCount == 1 ? 0 : aSize;
        long bStride = bCount == 1 ? 0 : bSize;
        shape = new BatchShape(count, rows, inputs, columns, transposed, aStride, bStride);
        aStarts = new long[] {0};
        bStarts = new long[] {0};
      } else {
        shape = BatchShape.of(1, rows, inputs, columns, transposed);
        aStarts = starts(a, batch, aSize);
        bStarts = starts(b, batch, bSize);
      }
    }

    private static long[] starts(Operand operand, int[] batch, long size) {
      int count = 1;
      for (int length : batch) {
        count *= length;
      }
      long[] starts = new long[count];
      for (int i = 0; i < count; i++) {
        int rest = i;
        long stride = size;
        for (int dim = 1; dim <= batch.length; dim++) {
          int at = rest % batch[batch.length - dim];
          rest /= batch[batch.length - dim];
          int own = operand.rank() - 2 - dim;
          if (own >= 0) {
            starts[i] += operand.size(own) == 1 ? 0 : at * stride;
            stride *= operand.size(own);
          }
        }
      }
      return starts;
    }

    @Override
    public void run() {
      if (y.count() == 0) {
        return;
      }
      if (aStarts.length == 1) {
        products.multiplyBatch(shape, a.data(), b.data(), y.data(), Clamp.NONE);
        return;
      }
      long part = 4L * shape.rows() * shape.columns();
      for (int i = 0; i < aStarts.length; i++) {
        products.multiplyBatch(
            shape,
            a.data().asSlice(4 * aStarts[i]),
            b.data().asSlice(4 * bStarts[i]),
            y.data().asSlice(i * part),
            Clamp.NONE);
      }
    }
  }
}
