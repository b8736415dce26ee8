package dev.sconce.runtime.internal.xnnpack;

import dev.sconce.base.UnsupportedProgramException;
import dev.sconce.format.xnnpack.BinaryOperator;
import dev.sconce.format.xnnpack.UnaryOperator;
import dev.sconce.format.xnnpack.XnnOperation;
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

/** Which flags of XNNPACK mean something for which node; others are refused, never ignored. */
final class NodeFlags {

  // XNN_FLAG_YIELD_WORKERS: how threads wait. Any node may have it, no result depends on it.
  private static final int YIELD_WORKERS = 0x10;

  // XNN_FLAG_MAYBE_PACK_FOR_GEMM: a layout that the official delegate of KleidiAI builds asks for.
  private static final int PACK_FOR_GEMM = 0x100;

  private NodeFlags() {}

  /**
   * Checks the flags of a node.
   *
   * @throws UnsupportedProgramException if one is set that the node does not know
   */
  static void requireKnown(GraphBuilder builder, XnnOperation operation) {
    int unknown = operation.flags() & ~(known(operation) | YIELD_WORKERS);
    if (unknown != 0) {
      throw builder.fault().unsupported("flag 0x" + Integer.toHexString(unknown));
    }
  }

  private static int known(XnnOperation operation) {
    return switch (operation) {
      case FullyConnected _ -> FullyConnected.TRANSPOSE_WEIGHTS | LinearNode.RESHAPE_2D;
      case Unary n -> known(n.operator());
      case Binary n ->
          n.operator() == BinaryOperator.BATCH_MATRIX_MULTIPLY
              ? BatchProductNode.TRANSPOSE_A | BatchProductNode.TRANSPOSE_B
              : 0;
      case Convolution _ -> Windows.SAME_PADDING;
      // The official exporter marks pooling as if it could drop dimensions.
      case Pooling _ -> Windows.SAME_PADDING | PoolingNode.KEEP_DIMS;
      case StaticResizeBilinear _ -> ResizeNode.LEGACY | ResizeNode.ALIGN_CORNERS;
      case ArgMaxPooling _,
          Concatenate _,
          StaticTranspose _,
          StaticReshape _,
          StaticSlice _,
          StaticConstantPad _,
          LeakyRelu _,
          Elu _,
          ScaledDotProductAttention _ ->
          0;
    };
  }

  private static int known(UnaryOperator operator) {
    if (operator == UnaryOperator.GLOBAL_AVG_POOLING_2D) {
      return PoolingNode.KEEP_DIMS;
    }
    return operator == UnaryOperator.CONVERT ? PACK_FOR_GEMM : 0;
  }
}
