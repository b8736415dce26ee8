package dev.sconce.runtime.internal.xnnpack;

import dev.sconce.format.Ints;
import dev.sconce.format.xnnpack.BinaryOperator;
import dev.sconce.format.xnnpack.XnnOperation.Binary;
import dev.sconce.kernels.BinaryFunction;
import dev.sconce.kernels.Clamp;
import dev.sconce.kernels.Elementwise;
import dev.sconce.kernels.UnaryFunction;

/** Elementwise functions of two operands, which are broadcast as NumPy does it. */
final class BinaryNode {

  private BinaryNode() {}

  static void plan(GraphBuilder builder, Binary n, Clamp clamp) {
    BinaryFunction function = function(n.operator());
    int a = builder.floats(n.input1());
    int b = builder.floats(n.input2());
    int y = builder.floatResult(n.output());
    Elementwise elementwise = builder.kernels().elementwise();
    builder.add(
        n.operator().name(),
        Ints.of(a, b),
        Ints.of(y),
        operands -> new Step(elementwise, function, clamp, operands[a], operands[b], operands[y]));
  }

  private static BinaryFunction function(BinaryOperator operator) {
    return switch (operator) {
      case ADD -> BinaryFunction.ADD;
      case SUBTRACT -> BinaryFunction.SUBTRACT;
      case MULTIPLY -> BinaryFunction.MULTIPLY;
      case DIV -> BinaryFunction.DIVIDE;
      case MINIMUM -> BinaryFunction.MINIMUM;
      case MAXIMUM -> BinaryFunction.MAXIMUM;
      case PRELU -> BinaryFunction.PRELU;
      case BATCH_MATRIX_MULTIPLY -> throw new IllegalArgumentException("not elementwise");
    };
  }

  private record Step(
      Elementwise elementwise,
      BinaryFunction function,
      Clamp clamp,
      Operand a,
      Operand b,
      Operand y)
      implements NodeStep {

    @Override
    public void reshape() {
      y.reshape(Broadcasting.shape(a, b, 0));
    }

    @Override
    public void run() {
      elementwise.binary(function, a.data(), a.shape(), b.data(), b.shape(), y.data());
      if (!clamp.isNone()) {
        elementwise.unary(
            UnaryFunction.CLAMP, clamp.min(), clamp.max(), y.data(), y.data(), y.count());
      }
    }
  }
}
