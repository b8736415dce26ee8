package dev.sconce.kernels;

import dev.sconce.base.InvalidInputException;

/**
 * The sizes of a two-dimensional convolution of NHWC tensors.
 *
 * @param transposed whether this is a transposed convolution
 * @param batch N
 * @param inputHeight H of the input
 * @param inputWidth W of the input
 * @param inputChannels C of the input
 * @param outputChannels C of the result
 * @param groups into how many independent parts channels are divided
 * @param kernel the filter's extent
 * @param stride the steps of the filter (transposed: of the input within the result)
 * @param dilation the distance of neighbouring taps
 * @param padTop rows of zeros above (transposed: rows of the result that are left out)
 * @param padLeft columns of zeros on the left
 * @param outputHeight H of the result
 * @param outputWidth W of the result
 */
public record ConvolutionShape(
    boolean transposed,
    int batch,
    int inputHeight,
    int inputWidth,
    int inputChannels,
    int outputChannels,
    int groups,
    Extent kernel,
    Extent stride,
    Extent dilation,
    int padTop,
    int padLeft,
    int outputHeight,
    int outputWidth) {

  /**
   * A pair of vertical and horizontal lengths.
   *
   * @param height the vertical one
   * @param width the horizontal one
   */
  public record Extent(int height, int width) {

    /** Checks that both are positive. */
    public Extent {
      if (height < 1 || width < 1) {
        throw new InvalidInputException(
            "convolution", "extent", "positive lengths", height + " × " + width);
      }
    }
  }

  /** Checks the sizes. */
  public ConvolutionShape {
    boolean valid =
        batch >= 0
            && inputHeight >= 0
            && inputWidth >= 0
            && outputHeight >= 0
            && outputWidth >= 0
            && inputChannels >= 1
            && outputChannels >= 1
            && groups >= 1
            && inputChannels % groups == 0
            && outputChannels % groups == 0;
    if (!valid) {
      throw new InvalidInputException(
          "convolution",
          "shape",
          "channels divisible by groups, no negative size",
          "input %d × %d × %d × %d, result %d × %d × %d, %d groups"
              .formatted(
                  batch,
                  inputHeight,
                  inputWidth,
                  inputChannels,
                  outputHeight,
                  outputWidth,
                  outputChannels,
                  groups));
    }
  }

  /** Returns the length of a convolution's result along one dimension. */
  public static int outputLength(
      int input, int kernel, int stride, int dilation, int padBefore, int padAfter) {
    return Math.floorDiv(input + padBefore + padAfter - dilation * (kernel - 1) - 1, stride) + 1;
  }

  /** Returns the length of a transposed convolution's result along one dimension. */
  public static int transposedLength(
      int input,
      int kernel,
      int stride,
      int dilation,
      int padBefore,
      int padAfter,
      int adjustment) {
    return (input - 1) * stride + dilation * (kernel - 1) + 1 - padBefore - padAfter + adjustment;
  }

  /** Returns how many pixels results have, over the batch. */
  int pixels() {
    return Math.multiplyExact(Math.multiplyExact(batch, outputHeight), outputWidth);
  }

  /** Returns how many inputs one result has: taps times channels of a group. */
  int patch() {
    return Math.multiplyExact(
        Math.multiplyExact(kernel.height(), kernel.width()), inputChannels / groups);
  }

  /** Returns the row of the input under a tap of a result, or -1 if there is none. */
  int inputRow(int outputRow, int tap) {
    return under(outputRow, tap * dilation.height(), stride.height(), padTop, inputHeight);
  }

  /** Returns the column of the input under a tap of a result, or -1 if there is none. */
  int inputColumn(int outputColumn, int tap) {
    return under(outputColumn, tap * dilation.width(), stride.width(), padLeft, inputWidth);
  }

  private int under(int output, int tap, int step, int pad, int length) {
    if (!transposed) {
      int at = output * step - pad + tap;
      return at >= 0 && at < length ? at : -1;
    }
    int scaled = output + pad - tap;
    return scaled >= 0 && scaled % step == 0 && scaled / step < length ? scaled / step : -1;
  }
}
