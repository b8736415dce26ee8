package dev.sconce.runtime.internal.xnnpack;

import dev.sconce.format.xnnpack.XnnOperation.Extent;
import dev.sconce.format.xnnpack.XnnOperation.Padding;
import dev.sconce.kernels.ConvolutionShape;

/**
 * How windows lie along one dimension of an image.
 *
 * @param window the window's length
 * @param stride the steps between windows
 * @param dilation the distance of neighbours in a window
 * @param before how far the first window reaches over the edge
 * @param after how far the last one may
 * @param same whether the margins are to be chosen such that there are ⌈input / stride⌉ windows
 */
record Windows(int window, int stride, int dilation, int before, int after, boolean same) {

  /** XNN_FLAG_TENSORFLOW_SAME_PADDING. */
  static final int SAME_PADDING = 0x4;

  static Windows vertical(
      Extent window, Extent stride, Extent dilation, Padding padding, int flags) {
    return new Windows(
        window.height(),
        stride.height(),
        dilation.height(),
        padding.top(),
        padding.bottom(),
        (flags & SAME_PADDING) != 0);
  }

  static Windows horizontal(
      Extent window, Extent stride, Extent dilation, Padding padding, int flags) {
    return new Windows(
        window.width(),
        stride.width(),
        dilation.width(),
        padding.left(),
        padding.right(),
        (flags & SAME_PADDING) != 0);
  }

  /** Checks what a file says. */
  void check(GraphFault fault) {
    fault.require(
        window > 0 && stride > 0 && dilation > 0,
        "kernel, stride and dilation",
        "numbers above 0",
        this);
    fault.require(
        (window - 1L) * dilation < Integer.MAX_VALUE / 4
            && before < Integer.MAX_VALUE / 4
            && after < Integer.MAX_VALUE / 4,
        "kernel, dilation and padding",
        "a window that 32-bit numbers can count",
        this);
  }

  private int reach() {
    return (window - 1) * dilation + 1;
  }

  /** Returns the margin before the image. */
  int padBefore(int input) {
    return same ? missing(input) / 2 : before;
  }

  private int missing(int input) {
    long covered = (Math.ceilDiv(input, stride) - 1L) * stride + reach();
    return (int) Math.max(0, covered - input);
  }

  /** Returns the number of windows. */
  int count(int input) {
    return same
        ? Math.ceilDiv(input, stride)
        : ConvolutionShape.outputLength(input, window, stride, dilation, before, after);
  }

  /** Returns the length of a transposed convolution's result. */
  int transposedCount(int input, int adjustment) {
    return ConvolutionShape.transposedLength(
        input, window, stride, dilation, before, after, adjustment);
  }
}
