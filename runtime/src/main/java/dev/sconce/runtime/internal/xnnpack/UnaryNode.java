package dev.sconce.runtime.internal.xnnpack;

import dev.sconce.format.Ints;
import dev.sconce.kernels.Elementwise;
import dev.sconce.kernels.UnaryFunction;

/** Elementwise functions of one operand. */
final class UnaryNode {

  private UnaryNode() {}

  static void plan(
      GraphBuilder builder,
      String name,
      UnaryFunction function,
      float p,
      float q,
      int input,
      int output) {
    int x = builder.floats(input);
    int y = builder.floatResult(output);
    Elementwise elementwise = builder.kernels().elementwise();
    builder.add(
        name,
        Ints.of(x),
        Ints.of(y),
        operands -> new Step(elementwise, function, p, q, operands[x], operands[y]));
  }

  private record Step(
      Elementwise elementwise, UnaryFunction function, float p, float q, Operand x, Operand y)
      implements NodeStep {

    @Override
    public void reshape() {
      y.reshape(x.shape());
    }

    @Override
    public void run() {
      elementwise.unary(function, p, q, x.data(), y.data(), x.count());
    }
  }
}
