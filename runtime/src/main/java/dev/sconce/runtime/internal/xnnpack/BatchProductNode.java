package dev.sconce.runtime.internal.xnnpack;

import dev.sconce.format.Ints;
import dev.sconce.format.xnnpack.XnnOperation.Binary;
import dev.sconce.kernels.BatchShape;
import dev.sconce.kernels.BatchShape.Spacing;
import dev.sconce.kernels.Clamp;
import dev.sconce.kernels.MatrixProducts;
import java.util.Arrays;

/** BatchMatrixMultiply: products of the matrices in the last two dimensions. */
final class BatchProductNode {

  /** XNN_FLAG_TRANSPOSE_B: the right matrices are stored as [N, K]. */
  static final int TRANSPOSE_B = 1;

  /** XNN_FLAG_TRANSPOSE_A: the left matrices are stored as [K, M]. */
  static final int TRANSPOSE_A = 2;

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
      if (y.count() == 0) {
        aStarts = new long[0];
        return;
      }
      long[] aSteps = steps(a, batch.length);
      long[] bSteps = steps(b, batch.length);
      // One call of the kernel takes the last dimensions, as far as matrices lie at even distances.
      int count = 1;
      int outer = batch.length;
      long aStep = 0;
      long bStep = 0;
      for (; outer > 0; outer--) {
        int dim = outer - 1;
        if (count == 1) {
          aStep = aSteps[dim];
          bStep = bSteps[dim];
        } else if (aSteps[dim] != aStep * count || bSteps[dim] != bStep * count) {
          break;
        }
        count *= batch[dim];
      }
      long[] aStrides = a.strides();
      long[] bStrides = b.strides();
      // Of a transposed view columns may lie in one piece: then it is stored the other way round.
      boolean turned = bStrides[b.rank() - 1] != 1;
      Spacing aSpacing = new Spacing(aStep, aStrides[a.rank() - 2]);
      Spacing bSpacing = new Spacing(bStep, bStrides[b.rank() - (turned ? 1 : 2)]);
      shape = new BatchShape(count, rows, inputs, columns, transposed ^ turned, aSpacing, bSpacing);
      int[] calls = Arrays.copyOf(batch, outer);
      aStarts = starts(aSteps, calls);
      bStarts = starts(bSteps, calls);
    }

    /**
     * Returns how many elements to step for each dimension of the batch; 0 where one serves all.
     */
    private static long[] steps(Operand operand, int rank) {
      long[] own = operand.strides();
      long[] steps = new long[rank];
      int missing = rank - (operand.rank() - 2);
      for (int dim = missing; dim < rank; dim++) {
        steps[dim] = operand.size(dim - missing) == 1 ? 0 : own[dim - missing];
      }
      return steps;
    }

    /** Returns where the elements of a batch begin, in row-major order. */
    private static long[] starts(long[] steps, int[] batch) {
      int count = 1;
      for (int length : batch) {
        count *= length;
      }
      long[] starts = new long[count];
      for (int i = 0; i < count; i++) {
        int rest = i;
        for (int dim = batch.length - 1; dim >= 0; dim--) {
          starts[i] += rest % batch[dim] * steps[dim];
          rest /= batch[dim];
        }
      }
      return starts;
    }

    @Override
    public void run() {
      long part = 4L * shape.batch() * shape.rows() * shape.columns();
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
