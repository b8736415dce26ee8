package dev.sconce.format.xnnpack;

/**
 * The forms of an {@link XnnOperation.Convolution}. Constants are named as in {@link XnnNodeKind}.
 */
public enum ConvolutionForm {
  /** Each output channel sees all input channels of its group. */
  CONV_2D,
  /** Each output channel sees one input channel. */
  DEPTHWISE_CONV_2D,
  /** The gradient of a convolution: images grow by the stride. */
  CONV_TRANSPOSE_2D
}
