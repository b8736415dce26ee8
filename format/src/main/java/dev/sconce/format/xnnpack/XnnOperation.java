package dev.sconce.format.xnnpack;

import dev.sconce.format.Ints;

/**
 * What a node computes: 47 kinds in 15 shapes.
 *
 * <p>Kinds of one shape are told apart by an enum, so that switches over shapes and over that enum
 * are exhaustive. Values are named by their ids; {@link XnnGraph#NO_ID} stands for an input that is
 * absent. Images are NHWC. {@code flags} are XNNPACK's.
 */
public sealed interface XnnOperation {

  /** Returns XNNPACK's flags. */
  int flags();

  /** Returns the kind of node. */
  default XnnNodeKind kind() {
    return switch (this) {
      case Unary unary -> XnnNodeKind.valueOf(unary.operator().name());
      case Binary binary -> XnnNodeKind.valueOf(binary.operator().name());
      case Convolution convolution -> XnnNodeKind.valueOf(convolution.form().name());
      case Pooling pooling -> XnnNodeKind.valueOf(pooling.reduction().name());
      case FullyConnected _ -> XnnNodeKind.FULLY_CONNECTED;
      case ArgMaxPooling _ -> XnnNodeKind.ARG_MAX_POOLING_2D;
      case Concatenate concatenate ->
          XnnNodeKind.valueOf("CONCATENATE_" + concatenate.parts().size());
      case StaticTranspose _ -> XnnNodeKind.STATIC_TRANSPOSE;
      case StaticReshape _ -> XnnNodeKind.STATIC_RESHAPE;
      case StaticSlice _ -> XnnNodeKind.STATIC_SLICE;
      case StaticConstantPad _ -> XnnNodeKind.STATIC_CONSTANT_PAD;
      case StaticResizeBilinear _ -> XnnNodeKind.STATIC_RESIZE_BILINEAR_2D;
      case LeakyRelu _ -> XnnNodeKind.LEAKY_RELU;
      case Elu _ -> XnnNodeKind.ELU;
      case ScaledDotProductAttention _ -> XnnNodeKind.SCALED_DOT_PRODUCT_ATTENTION;
    };
  }

  /** Returns the ids of the values that are read, without an absent bias. */
  default Ints inputs() {
    return switch (this) {
      case Unary(_, int input, _, _) -> Ints.of(input);
      case Binary(_, int input1, int input2, _, _) -> Ints.of(input1, input2);
      case FullyConnected n -> withBias(n.input(), n.filter(), n.bias());
      case Convolution n -> withBias(n.input(), n.filter(), n.bias());
      case Pooling n -> Ints.of(n.input());
      case ArgMaxPooling n -> Ints.of(n.input());
      case Concatenate n -> n.parts();
      case StaticTranspose n -> Ints.of(n.input());
      case StaticReshape n -> Ints.of(n.input());
      case StaticSlice n -> Ints.of(n.input());
      case StaticConstantPad n -> Ints.of(n.input());
      case StaticResizeBilinear n -> Ints.of(n.input());
      case LeakyRelu n -> Ints.of(n.input());
      case Elu n -> Ints.of(n.input());
      case ScaledDotProductAttention n ->
          Ints.of(n.query(), n.key(), n.value(), n.scale(), n.mask());
    };
  }

  /** Returns the ids of the values that are written. */
  default Ints outputs() {
    return switch (this) {
      case Unary n -> Ints.of(n.output());
      case Binary n -> Ints.of(n.output());
      case FullyConnected n -> Ints.of(n.output());
      case Convolution n -> Ints.of(n.output());
      case Pooling n -> Ints.of(n.output());
      case ArgMaxPooling n -> Ints.of(n.outputValue(), n.outputIndex());
      case Concatenate n -> Ints.of(n.output());
      case StaticTranspose n -> Ints.of(n.output());
      case StaticReshape n -> Ints.of(n.output());
      case StaticSlice n -> Ints.of(n.output());
      case StaticConstantPad n -> Ints.of(n.output());
      case StaticResizeBilinear n -> Ints.of(n.output());
      case LeakyRelu n -> Ints.of(n.output());
      case Elu n -> Ints.of(n.output());
      case ScaledDotProductAttention n -> Ints.of(n.output());
    };
  }

  private static Ints withBias(int input, int filter, int bias) {
    return bias == XnnGraph.NO_ID ? Ints.of(input, filter) : Ints.of(input, filter, bias);
  }

  /**
   * One input, one output, no parameters.
   *
   * @param operator what is computed
   * @param input the input
   * @param output the output
   * @param flags XNNPACK's flags
   */
  record Unary(UnaryOperator operator, int input, int output, int flags) implements XnnOperation {}

  /**
   * Two inputs, one output, no parameters.
   *
   * @param operator what is computed
   * @param input1 the first input
   * @param input2 the second input
   * @param output the output
   * @param flags XNNPACK's flags
   */
  record Binary(BinaryOperator operator, int input1, int input2, int output, int flags)
      implements XnnOperation {}

  /**
   * A linear layer: input · filterᵀ + bias.
   *
   * @param input the input
   * @param filter the weights, [out, in]; with flag 1 (TRANSPOSE_WEIGHTS) [in, out]
   * @param bias the bias, or none
   * @param output the output
   * @param flags XNNPACK's flags
   */
  record FullyConnected(int input, int filter, int bias, int output, int flags)
      implements XnnOperation {

    /** Flag of weights that are stored as [in, out]. */
    public static final int TRANSPOSE_WEIGHTS = 1;
  }

  /**
   * How far a window reaches over the edges of an image.
   *
   * @param top rows above
   * @param right columns to the right
   * @param bottom rows below
   * @param left columns to the left
   */
  record Padding(int top, int right, int bottom, int left) {}

  /**
   * A height and a width.
   *
   * @param height the height
   * @param width the width
   */
  record Extent(int height, int width) {}

  /**
   * A convolution over images.
   *
   * @param form plain, depthwise or transposed
   * @param padding the padding
   * @param kernel the kernel's size
   * @param stride the steps between windows (the schema's "subsampling")
   * @param dilation the steps inside a window
   * @param groupInputChannels input channels of a group
   * @param groupOutputChannels output channels of a group
   * @param groups the number of groups
   * @param adjustment what a transposed convolution adds to its output's size
   * @param input the input
   * @param filter the weights: [oc, kh, kw, ic/groups], depthwise [1, kh, kw, oc]
   * @param bias the bias, or none
   * @param output the output
   * @param flags XNNPACK's flags
   */
  record Convolution(
      ConvolutionForm form,
      Padding padding,
      Extent kernel,
      Extent stride,
      Extent dilation,
      int groupInputChannels,
      int groupOutputChannels,
      int groups,
      Extent adjustment,
      int input,
      int filter,
      int bias,
      int output,
      int flags)
      implements XnnOperation {}

  /**
   * Pooling over images.
   *
   * @param reduction average or maximum
   * @param padding the padding
   * @param window the window's size
   * @param stride the steps between windows
   * @param dilation the steps inside a window
   * @param input the input
   * @param output the output
   * @param flags XNNPACK's flags
   */
  record Pooling(
      PoolingReduction reduction,
      Padding padding,
      Extent window,
      Extent stride,
      Extent dilation,
      int input,
      int output,
      int flags)
      implements XnnOperation {}

  /**
   * Maximum pooling that also says where each maximum stood; windows do not overlap.
   *
   * @param padding the padding
   * @param window the window's size, which is also the stride
   * @param input the input
   * @param outputValue the maxima
   * @param outputIndex their places in the windows
   * @param flags XNNPACK's flags
   */
  record ArgMaxPooling(
      Padding padding, Extent window, int input, int outputValue, int outputIndex, int flags)
      implements XnnOperation {}

  /**
   * Values joined along a dimension.
   *
   * @param axis the dimension
   * @param parts two to five inputs
   * @param output the output
   * @param flags XNNPACK's flags
   */
  record Concatenate(int axis, Ints parts, int output, int flags) implements XnnOperation {

    /** Creates the record; there are kinds for two to five parts. */
    public Concatenate {
      if (parts.size() < 2 || parts.size() > 5) {
        throw new IllegalArgumentException("two to five parts, not " + parts.size());
      }
    }
  }

  /**
   * Dimensions in another order.
   *
   * @param permutation for each dimension of the output, that of the input
   * @param input the input
   * @param output the output
   * @param flags XNNPACK's flags
   */
  record StaticTranspose(Ints permutation, int input, int output, int flags)
      implements XnnOperation {}

  /**
   * The same elements in another shape.
   *
   * @param shape the sizes; one of them may be 0, which means what is left over
   * @param input the input
   * @param output the output
   * @param flags XNNPACK's flags
   */
  record StaticReshape(Ints shape, int input, int output, int flags) implements XnnOperation {}

  /**
   * A box out of the input.
   *
   * @param offsets where it starts, a number a dimension
   * @param sizes its sizes
   * @param input the input
   * @param output the output
   * @param flags XNNPACK's flags
   */
  record StaticSlice(Ints offsets, Ints sizes, int input, int output, int flags)
      implements XnnOperation {}

  /**
   * The input with a margin of one value.
   *
   * @param before the margin's width before each dimension
   * @param after the margin's width after each dimension
   * @param value the value
   * @param input the input
   * @param output the output
   * @param flags XNNPACK's flags
   */
  record StaticConstantPad(Ints before, Ints after, float value, int input, int output, int flags)
      implements XnnOperation {}

  /**
   * An image in another size, interpolated linearly in both directions.
   *
   * @param size the new size
   * @param input the input
   * @param output the output
   * @param flags XNNPACK's flags
   */
  record StaticResizeBilinear(Extent size, int input, int output, int flags)
      implements XnnOperation {}

  /**
   * x for x ≥ 0, else negativeSlope · x.
   *
   * @param negativeSlope the slope below 0
   * @param input the input
   * @param output the output
   * @param flags XNNPACK's flags
   */
  record LeakyRelu(float negativeSlope, int input, int output, int flags) implements XnnOperation {}

  /**
   * x for x ≥ 0, else alpha · (eˣ − 1).
   *
   * @param alpha the negative of the limit below 0
   * @param input the input
   * @param output the output
   * @param flags XNNPACK's flags
   */
  record Elu(float alpha, int input, int output, int flags) implements XnnOperation {}

  /**
   * Attention. In the schema, but no runtime executes it.
   *
   * @param query the queries
   * @param key the keys
   * @param value the values
   * @param scale the scale a channel
   * @param mask the mask
   * @param output the output
   * @param flags XNNPACK's flags
   */
  record ScaledDotProductAttention(
      int query, int key, int value, int scale, int mask, int output, int flags)
      implements XnnOperation {}
}
