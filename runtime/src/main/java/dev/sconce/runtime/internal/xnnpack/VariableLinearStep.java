package dev.sconce.runtime.internal.xnnpack;

import dev.sconce.kernels.BatchShape;
import dev.sconce.kernels.BinaryFunction;
import dev.sconce.kernels.Clamp;
import dev.sconce.kernels.Kernels;
import dev.sconce.kernels.UnaryFunction;
import org.jspecify.annotations.Nullable;

/** A FullyConnected whose weights are no constant: nothing is packed. */
final class VariableLinearStep implements NodeStep {

  private final Kernels kernels;
  private final boolean flatten;
  private final boolean transposed;
  private final Clamp clamp;
  private final Operand x;
  private final Operand w;
  private final @Nullable Operand bias;
  private final Operand y;
  private BatchShape shape = BatchShape.of(0, 0, 0, 0, false);

  VariableLinearStep(
      Kernels kernels,
      boolean flatten,
      boolean transposed,
      Clamp clamp,
      Operand x,
      Operand w,
      @Nullable Operand bias,
      Operand y) {
    this.kernels = kernels;
    this.flatten = flatten;
    this.transposed = transposed;
    this.clamp = clamp;
    this.x = x;
    this.w = w;
    this.bias = bias;
    this.y = y;
  }

  @Override
  public void reshape() {
    w.require(w.rank() == 2 && w.count() > 0, "2 dimensions");
    int outputs = w.size(transposed ? 1 : 0);
    int inputs = w.size(transposed ? 0 : 1);
    if (bias != null) {
      bias.require(bias.count() == outputs, outputs + " elements");
    }
    int rows = LinearNode.reshape(x, y, outputs, inputs, flatten);
    // Weights [N, K] are the transposed right matrix; with the flag they are not.
    shape = BatchShape.of(1, rows, inputs, outputs, !transposed);
  }

  @Override
  public void run() {
    if (y.count() == 0) {
      return;
    }
    Clamp early = bias == null ? clamp : Clamp.NONE;
    kernels.matrixProducts().multiplyBatch(shape, x.data(), w.data(), y.data(), early);
    if (bias == null) {
      return;
    }
    int[] row = {shape.columns()};
    kernels
        .elementwise()
        .binary(BinaryFunction.ADD, y.data(), y.shape(), bias.data(), row, y.data());
    if (!clamp.isNone()) {
      kernels
          .elementwise()
          .unary(UnaryFunction.CLAMP, clamp.min(), clamp.max(), y.data(), y.data(), y.count());
    }
  }
}
