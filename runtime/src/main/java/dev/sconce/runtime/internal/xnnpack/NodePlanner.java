package dev.sconce.runtime.internal.xnnpack;

import dev.sconce.base.UnsupportedProgramException;
import dev.sconce.format.xnnpack.XnnNode;
import dev.sconce.format.xnnpack.XnnOperation.ArgMaxPooling;
import dev.sconce.format.xnnpack.XnnOperation.Binary;
import dev.sconce.format.xnnpack.XnnOperation.Concatenate;
import dev.sconce.format.xnnpack.XnnOperation.Convolution;
import dev.sconce.format.xnnpack.XnnOperation.Elu;
import dev.sconce.format.xnnpack.XnnOperation.FullyConnected;
import dev.sconce.format.xnnpack.XnnOperation.LeakyRelu;
import dev.sconce.format.xnnpack.XnnOperation.Pooling;
import dev.sconce.format.xnnpack.XnnOperation.ScaledDotProductAttention;
import dev.sconce.format.xnnpack.XnnOperation.StaticConstantPad;
import dev.sconce.format.xnnpack.XnnOperation.StaticReshape;
import dev.sconce.format.xnnpack.XnnOperation.StaticResizeBilinear;
import dev.sconce.format.xnnpack.XnnOperation.StaticSlice;
import dev.sconce.format.xnnpack.XnnOperation.StaticTranspose;
import dev.sconce.format.xnnpack.XnnOperation.Unary;
import dev.sconce.kernels.Clamp;
import dev.sconce.kernels.UnaryFunction;
import java.util.ArrayList;
import java.util.List;

/** Hands each node of a blob to the family that plans it. */
final class NodePlanner {

  private final GraphBuilder builder;

  NodePlanner(GraphBuilder builder) {
    this.builder = builder;
  }

  /**
   * Plans all nodes.
   *
   * @throws UnsupportedProgramException naming everything in the blob that cannot be executed
   */
  void planAll(List<XnnNode> nodes) {
    List<String> missing = new ArrayList<>();
    for (XnnNode node : nodes) {
      builder.begin(node);
      try {
        NodeFlags.requireKnown(builder, node.operation());
        plan(node);
      } catch (UnsupportedProgramException e) {
        e.missing().forEach(what -> missing.add(node.operation().kind() + ": " + what));
      }
      builder.end();
    }
    if (!missing.isEmpty()) {
      throw new UnsupportedProgramException(builder.fault().file(), missing);
    }
  }

  private void plan(XnnNode node) {
    Clamp clamp = new Clamp(node.outputMin(), node.outputMax());
    builder
        .fault()
        .require(
            clamp.min() <= clamp.max(), "output_min_max", "a minimum up to the maximum", clamp);
    switch (node.operation()) {
      case Unary n -> planUnary(n, clamp);
      case Binary n -> planBinary(n, clamp);
      case FullyConnected n -> LinearNode.plan(builder, n, clamp);
      case Convolution n -> ConvolutionNode.plan(builder, n, clamp);
      case Pooling n -> PoolingNode.plan(builder, n, clamp);
      case ArgMaxPooling n -> PoolingNode.plan(builder, n);
      case Concatenate n -> RearrangingNode.plan(builder, n);
      case StaticTranspose n -> RearrangingNode.plan(builder, n);
      case StaticReshape n -> ReshapeNode.plan(builder, n);
      case StaticSlice n -> RearrangingNode.plan(builder, n);
      case StaticConstantPad n -> PaddingNode.plan(builder, n);
      case StaticResizeBilinear n -> ResizeNode.plan(builder, n);
      case LeakyRelu n ->
          UnaryNode.plan(
              builder,
              "LeakyReLU",
              UnaryFunction.LEAKY_RELU,
              n.negativeSlope(),
              0,
              n.input(),
              n.output());
      case Elu n ->
          UnaryNode.plan(builder, "ELU", UnaryFunction.ELU, n.alpha(), 0, n.input(), n.output());
      // The official runtime knows the node and refuses it.
      case ScaledDotProductAttention _ ->
          throw builder.fault().unsupported("no runtime executes it");
    }
  }

  private void planUnary(Unary n, Clamp clamp) {
    switch (n.operator()) {
      case SOFTMAX -> SoftmaxNode.plan(builder, n);
      case CONVERT -> ConvertNode.plan(builder, n);
      case COPY -> ReshapeNode.plan(builder, n);
      case GLOBAL_AVG_POOLING_2D -> PoolingNode.planGlobal(builder, n, clamp);
      case CLAMP ->
          UnaryNode.plan(
              builder,
              "Clamp",
              UnaryFunction.CLAMP,
              clamp.min(),
              clamp.max(),
              n.input(),
              n.output());
      case SIGMOID -> planUnary(n, UnaryFunction.SIGMOID);
      case FLOOR -> planUnary(n, UnaryFunction.FLOOR);
      case SQUARE_ROOT -> planUnary(n, UnaryFunction.SQUARE_ROOT);
      case CEILING -> planUnary(n, UnaryFunction.CEIL);
      case HARDSWISH -> planUnary(n, UnaryFunction.HARD_SWISH);
      case NEGATE -> planUnary(n, UnaryFunction.NEGATE);
      case SQUARE -> planUnary(n, UnaryFunction.SQUARE);
      case ABS -> planUnary(n, UnaryFunction.ABS);
      case RECIPROCAL_SQUARE_ROOT -> planUnary(n, UnaryFunction.RECIPROCAL_SQUARE_ROOT);
      case LOG -> planUnary(n, UnaryFunction.LOG);
      case GELU -> planUnary(n, UnaryFunction.GELU);
      case TANH -> planUnary(n, UnaryFunction.TANH);
      case EXP -> planUnary(n, UnaryFunction.EXP);
      case SIN -> planUnary(n, UnaryFunction.SIN);
      case COS -> planUnary(n, UnaryFunction.COS);
    }
  }

  private void planUnary(Unary n, UnaryFunction function) {
    UnaryNode.plan(builder, n.operator().name(), function, 0, 0, n.input(), n.output());
  }

  private void planBinary(Binary n, Clamp clamp) {
    switch (n.operator()) {
      case BATCH_MATRIX_MULTIPLY -> BatchProductNode.plan(builder, n);
      // The official runtime hands the output range only to the four basic operations.
      case MINIMUM, MAXIMUM, PRELU -> BinaryNode.plan(builder, n, Clamp.NONE);
      case ADD, SUBTRACT, MULTIPLY, DIV -> BinaryNode.plan(builder, n, clamp);
    }
  }
}
