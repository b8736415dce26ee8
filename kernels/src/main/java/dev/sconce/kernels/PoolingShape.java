package dev.sconce.kernels;

import dev.sconce.base.InvalidInputException;
import dev.sconce.kernels.ConvolutionShape.Extent;

/**
 * The sizes of a pooling of NHWC tensors.
 *
 * @param batch N
 * @param inputHeight H of the input
 * @param inputWidth W of the input
 * @param channels C
 * @param window the window's extent
 * @param stride the steps of the window
 * @param dilation the distance of neighbours in the window
 * @param padTop rows outside of the image above
 * @param padLeft columns outside of the image on the left
 * @param outputHeight H of the result
 * @param outputWidth W of the result
 */
public record PoolingShape(
    int batch,
    int inputHeight,
    int inputWidth,
    int channels,
    Extent window,
    Extent stride,
    Extent dilation,
    int padTop,
    int padLeft,
    int outputHeight,
    int outputWidth) {

  /** Checks the sizes. */
  public PoolingShape {
    if (batch < 0
        || inputHeight < 0
        || inputWidth < 0
        || channels < 0
        || outputHeight < 0
        || outputWidth < 0) {
      throw new InvalidInputException(
          "pooling",
          "shape",
          "no negative size",
          "%d × %d × %d × %d to %d × %d"
              .formatted(batch, inputHeight, inputWidth, channels, outputHeight, outputWidth));
    }
  }

  long inputs() {
    return (long) batch * inputHeight * inputWidth * channels;
  }

  long outputs() {
    return (long) batch * outputHeight * outputWidth * channels;
  }

  /** Returns the row of the input under a row of a window, or -1 if there is none. */
  int inputRow(int output, int tap) {
    int row = output * stride.height() - padTop + tap * dilation.height();
    return row >= 0 && row < inputHeight ? row : -1;
  }

  /** Returns the column of the input under a column of a window, or -1 if there is none. */
  int inputColumn(int output, int tap) {
    int column = output * stride.width() - padLeft + tap * dilation.width();
    return column >= 0 && column < inputWidth ? column : -1;
  }
}
