package dev.sconce.runtime.internal.xnnpack;

import dev.sconce.format.Ints;
import dev.sconce.format.xnnpack.XnnOperation.Unary;
import dev.sconce.kernels.RowFunctions;

/** Softmax over the last dimension. */
final class SoftmaxNode {

  private SoftmaxNode() {}

  static void plan(GraphBuilder builder, Unary n) {
    int x = builder.floats(n.input());
    int y = builder.floatResult(n.output());
    RowFunctions functions = builder.kernels().rowFunctions();
    builder.add(
        "Softmax",
        Ints.of(x),
        Ints.of(y),
        operands -> new Step(functions, operands[x], operands[y]));
  }

  private record Step(RowFunctions functions, Operand x, Operand y) implements NodeStep {

    @Override
    public void reshape() {
      y.reshape(x.shape());
    }

    @Override
    public void run() {
      if (x.count() > 0) {
        int columns = x.lastSize();
        functions.softmax(x.data(), y.data(), (int) (x.count() / columns), columns);
      }
    }
  }
}
