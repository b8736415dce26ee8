package dev.sconce.runtime.internal.xnnpack;

import dev.sconce.format.Ints;
import dev.sconce.format.xnnpack.XnnGraph;
import dev.sconce.format.xnnpack.XnnOperation.FullyConnected;
import dev.sconce.format.xnnpack.XnnValue;
import dev.sconce.kernels.Clamp;
import dev.sconce.kernels.IntegerProducts;
import dev.sconce.kernels.MatrixProducts;
import dev.sconce.kernels.PackedIntegerWeights;
import dev.sconce.kernels.PackedWeights;
import dev.sconce.kernels.QuantizedType;
import dev.sconce.runtime.internal.execution.OperatorFailure;
import java.util.Arrays;

/**
 * FullyConnected: {@code y[…,N] = clamp(x[…,K] · Wᵀ + bias)}, in three forms.
 *
 * <ul>
 *   <li>float activations or rows quantized at run time, with packed weights of any encoding;
 *   <li>bytes with one scale and zero point, with 8-bit weights: sums of integers;
 *   <li>float activations with weights that a node computes.
 * </ul>
 */
final class LinearNode {

  /** XNN_FLAG_TENSORFLOW_RESHAPE_2D: the result is a matrix. */
  static final int RESHAPE_2D = 0x4;

  private LinearNode() {}

  static void plan(GraphBuilder builder, FullyConnected n, Clamp clamp) {
    XnnValue filter = builder.declared(n.filter());
    builder
        .fault()
        .require(
            filter.dims().size() == 2 && filter.dims().at(0) > 0 && filter.dims().at(1) > 0,
            filter,
            "",
            "the two dimensions of weights, above 0",
            filter.dims());
    boolean transposed = (n.flags() & FullyConnected.TRANSPOSE_WEIGHTS) != 0;
    boolean flatten = (n.flags() & RESHAPE_2D) != 0;
    Shape shape =
        new Shape(
            filter.dims().at(transposed ? 1 : 0), filter.dims().at(transposed ? 0 : 1), flatten);
    requireBias(builder, n, shape);
    if (!filter.isConstant()) {
      planVariable(builder, n, shape, transposed, clamp);
    } else if (builder.isQuantized(n.input()) && builder.isQuantized(n.output())) {
      planIntegers(builder, n, shape, transposed, clamp);
    } else {
      planPacked(builder, n, shape, transposed, clamp);
    }
  }

  private static void requireBias(GraphBuilder builder, FullyConnected n, Shape shape) {
    if (n.bias() != XnnGraph.NO_ID) {
      XnnValue bias = builder.declared(n.bias());
      builder
          .fault()
          .require(
              bias.elements() == shape.outputs(),
              bias,
              "",
              "a bias of %s",
              shape.outputs(),
              bias.dims());
    }
  }

  private static void planPacked(
      GraphBuilder builder, FullyConnected n, Shape shape, boolean transposed, Clamp clamp) {
    boolean dynamic = builder.isDynamic(n.input());
    PackedWeights weights =
        new WeightLoader(builder).linear(n.filter(), n.bias(), transposed, dynamic);
    int x = dynamic ? builder.rows(n.input()) : builder.floats(n.input());
    int y = builder.floatResult(n.output());
    MatrixProducts products = builder.kernels().matrixProducts();
    Function function =
        dynamic
            ? (in, rows, out) -> products.multiply(weights, in.rows(), out.data(), clamp)
            : (in, rows, out) -> products.multiply(weights, in.data(), rows, out.data(), clamp);
    builder.add(
        "FullyConnected",
        Ints.of(x),
        Ints.of(y),
        operands -> new Step(shape, function, operands[x], operands[y]));
  }

  private static void planIntegers(
      GraphBuilder builder, FullyConnected n, Shape shape, boolean transposed, Clamp clamp) {
    PackedIntegerWeights weights =
        new WeightLoader(builder).integerLinear(n.filter(), n.bias(), transposed);
    int x = builder.stored(n.input());
    int y = builder.stored(n.output());
    QuantizedType xType = builder.value(x).quantizedType();
    QuantizedType yType = builder.value(y).quantizedType();
    int min = QuantizedRange.min(yType, clamp);
    int max = QuantizedRange.max(yType, clamp);
    IntegerProducts products = builder.kernels().integerProducts();
    Function function =
        (in, rows, out) ->
            products.multiply(weights, in.data(), xType, rows, out.data(), yType, min, max);
    builder.add(
        "FullyConnected",
        Ints.of(x),
        Ints.of(y),
        operands -> new Step(shape, function, operands[x], operands[y]));
  }

  private static void planVariable(
      GraphBuilder builder, FullyConnected n, Shape shape, boolean transposed, Clamp clamp) {
    int x = builder.floats(n.input());
    int w = builder.floats(n.filter());
    int bias = n.bias() == XnnGraph.NO_ID ? -1 : builder.floats(n.bias());
    int y = builder.floatResult(n.output());
    builder.add(
        "FullyConnected",
        bias < 0 ? Ints.of(x, w) : Ints.of(x, w, bias),
        Ints.of(y),
        operands ->
            new VariableLinearStep(
                builder.kernels(),
                shape.flatten(),
                transposed,
                clamp,
                operands[x],
                operands[w],
                bias < 0 ? null : operands[bias],
                operands[y]));
  }

  /**
   * The sizes of weights.
   *
   * @param outputs N
   * @param inputs K
   * @param flatten whether the result is a matrix whatever the operand is
   */
  private record Shape(int outputs, int inputs, boolean flatten) {}

  /** Sets the result's shape and returns the number of rows. */
  static int reshape(Operand x, Operand y, int outputs, int inputs, boolean flatten) {
    int rows = (int) (x.count() / inputs);
    if (flatten) {
      x.require(x.count() % inputs == 0, "a multiple of " + inputs + " elements");
      y.reshape(rows, outputs);
      return rows;
    }
    if (x.rank() < 1 || x.lastSize() != inputs) {
      throw OperatorFailure.of("expected %d inputs in the last dimension, found %s", inputs, x);
    }
    int[] shape = Arrays.copyOf(x.shape(), x.rank());
    shape[shape.length - 1] = outputs;
    y.reshape(shape);
    return rows;
  }

  /** The product itself. */
  @FunctionalInterface
  private interface Function {
    void run(Operand x, int rows, Operand y);
  }

  private static final class Step implements NodeStep {

    private final Shape shape;
    private final Function function;
    private final Operand x;
    private final Operand y;
    private int rows;

    Step(Shape shape, Function function, Operand x, Operand y) {
      this.shape = shape;
      this.function = function;
      this.x = x;
      this.y = y;
    }

    @Override
    public void reshape() {
      rows = LinearNode.reshape(x, y, shape.outputs(), shape.inputs(), shape.flatten());
    }

    @Override
    public void run() {
      if (rows > 0) {
        function.run(x, rows, y);
      }
    }
  }
}
