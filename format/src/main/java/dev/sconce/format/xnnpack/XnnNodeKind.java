package dev.sconce.format.xnnpack;

import java.util.Optional;

/** The kinds of nodes, in the order of their numbers in blobs. */
public enum XnnNodeKind {
  /** XNNAdd. */
  ADD(1, "XNNAdd", Layout.BINARY),
  /** XNNFullyConnected. */
  FULLY_CONNECTED(2, "XNNFullyConnected", Layout.FULLY_CONNECTED),
  /** XNNSoftmax. */
  SOFTMAX(3, "XNNSoftmax", Layout.UNARY),
  /** XNNSigmoid. */
  SIGMOID(4, "XNNSigmoid", Layout.UNARY),
  /** XNNStaticTranspose. */
  STATIC_TRANSPOSE(5, "XNNStaticTranspose", Layout.STATIC_TRANSPOSE),
  /** XNNClamp. */
  CLAMP(6, "XNNClamp", Layout.UNARY),
  /** XNNConv2d. */
  CONV_2D(7, "XNNConv2d", Layout.CONVOLUTION),
  /** XNNDiv. */
  DIV(8, "XNNDiv", Layout.BINARY),
  /** XNNStaticResizeBilinear2D. */
  STATIC_RESIZE_BILINEAR_2D(9, "XNNStaticResizeBilinear2D", Layout.STATIC_RESIZE_BILINEAR),
  /** XNNStaticConstantPad. */
  STATIC_CONSTANT_PAD(10, "XNNStaticConstantPad", Layout.STATIC_CONSTANT_PAD),
  /** XNNAvgPooling2d. */
  AVG_POOLING_2D(11, "XNNAvgPooling2d", Layout.POOLING),
  /** XNNMinimum. */
  MINIMUM(12, "XNNMinimum", Layout.BINARY),
  /** XNNDepthwiseConv2d. */
  DEPTHWISE_CONV_2D(13, "XNNDepthwiseConv2d", Layout.CONVOLUTION),
  /** XNNMaxPooling2d. */
  MAX_POOLING_2D(14, "XNNMaxPooling2d", Layout.POOLING),
  /** XNNMultiply. */
  MULTIPLY(15, "XNNMultiply", Layout.BINARY),
  /** XNNSubtract. */
  SUBTRACT(16, "XNNSubtract", Layout.BINARY),
  /** XNNFloor. */
  FLOOR(17, "XNNFloor", Layout.UNARY),
  /** XNNConvert. */
  CONVERT(18, "XNNConvert", Layout.UNARY),
  /** XNNGlobalAvgPooling2d. */
  GLOBAL_AVG_POOLING_2D(19, "XNNGlobalAvgPooling2d", Layout.UNARY),
  /** XNNStaticReshape. */
  STATIC_RESHAPE(20, "XNNStaticReshape", Layout.STATIC_RESHAPE),
  /** XNNArgMaxPooling2d. */
  ARG_MAX_POOLING_2D(21, "XNNArgMaxPooling2d", Layout.ARG_MAX_POOLING),
  /** XNNSquareRoot. */
  SQUARE_ROOT(22, "XNNSquareRoot", Layout.UNARY),
  /** XNNCeiling. */
  CEILING(23, "XNNCeiling", Layout.UNARY),
  /** XNNHardswish. */
  HARDSWISH(24, "XNNHardswish", Layout.UNARY),
  /** XNNLeakyReLU. */
  LEAKY_RELU(25, "XNNLeakyReLU", Layout.LEAKY_RELU),
  /** XNNMaximum. */
  MAXIMUM(26, "XNNMaximum", Layout.BINARY),
  /** XNNNegate. */
  NEGATE(27, "XNNNegate", Layout.UNARY),
  /** XNNSquare. */
  SQUARE(28, "XNNSquare", Layout.UNARY),
  /** XNNELU. */
  ELU(29, "XNNELU", Layout.ELU),
  /** XNNAbs. */
  ABS(30, "XNNAbs", Layout.UNARY),
  /** XNNPReLU. */
  PRELU(31, "XNNPReLU", Layout.BINARY),
  /** XNNConcatenate2. */
  CONCATENATE_2(32, "XNNConcatenate2", Layout.CONCATENATE),
  /** XNNConcatenate3. */
  CONCATENATE_3(33, "XNNConcatenate3", Layout.CONCATENATE),
  /** XNNConcatenate4. */
  CONCATENATE_4(34, "XNNConcatenate4", Layout.CONCATENATE),
  /** XNNStaticSlice. */
  STATIC_SLICE(35, "XNNStaticSlice", Layout.STATIC_SLICE),
  /** XNNScaledDotProductAttention. */
  SCALED_DOT_PRODUCT_ATTENTION(
      36, "XNNScaledDotProductAttention", Layout.SCALED_DOT_PRODUCT_ATTENTION),
  /** XNNBatchMatrixMultiply. */
  BATCH_MATRIX_MULTIPLY(37, "XNNBatchMatrixMultiply", Layout.BINARY),
  /** XNNConcatenate5. */
  CONCATENATE_5(38, "XNNConcatenate5", Layout.CONCATENATE),
  /** XNNConvTranspose2d. */
  CONV_TRANSPOSE_2D(39, "XNNConvTranspose2d", Layout.CONVOLUTION),
  /** XNNReciprocalSquareRoot. */
  RECIPROCAL_SQUARE_ROOT(40, "XNNReciprocalSquareRoot", Layout.UNARY),
  /** XNNLog. */
  LOG(41, "XNNLog", Layout.UNARY),
  /** XNNGelu. */
  GELU(42, "XNNGelu", Layout.UNARY),
  /** XNNTanh. */
  TANH(43, "XNNTanh", Layout.UNARY),
  /** XNNExp. */
  EXP(44, "XNNExp", Layout.UNARY),
  /** XNNSin. */
  SIN(45, "XNNSin", Layout.UNARY),
  /** XNNCopy. */
  COPY(46, "XNNCopy", Layout.UNARY),
  /** XNNCos. */
  COS(47, "XNNCos", Layout.UNARY);

  /** The tables of the schema: which fields a kind has. */
  enum Layout {
    BINARY,
    FULLY_CONNECTED,
    UNARY,
    STATIC_TRANSPOSE,
    CONVOLUTION,
    STATIC_RESIZE_BILINEAR,
    STATIC_CONSTANT_PAD,
    POOLING,
    STATIC_RESHAPE,
    ARG_MAX_POOLING,
    LEAKY_RELU,
    ELU,
    CONCATENATE,
    STATIC_SLICE,
    SCALED_DOT_PRODUCT_ATTENTION
  }

  private static final XnnNodeKind[] BY_TAG = values();

  private final int tag;
  private final String schemaName;
  private final Layout layout;

  XnnNodeKind(int tag, String schemaName, Layout layout) {
    this.tag = tag;
    this.schemaName = schemaName;
    this.layout = layout;
  }

  /** Returns the kind of a number. */
  // Numbers are dense from 1 and the constants are declared in their order.
  public static Optional<XnnNodeKind> ofTag(int tag) {
    return tag >= 1 && tag <= BY_TAG.length ? Optional.of(BY_TAG[tag - 1]) : Optional.empty();
  }

  /** Returns the number in blobs, from 1 to 47. */
  public int tag() {
    return tag;
  }

  /** Returns the name in the schema, such as {@code XNNFullyConnected}. */
  public String schemaName() {
    return schemaName;
  }

  Layout layout() {
    return layout;
  }
}
