package dev.sconce.kernels;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Turns pixels of a convolution's result into rows of a matrix: the inputs under the filter, tap by
 * tap, channel by channel.
 *
 * @param shape the convolution
 * @param x the input, NHWC
 * @param reader reads its elements
 * @param group whose channels are read
 */
record Patches(ConvolutionShape shape, MemorySegment x, Reader reader, int group) {

  /** Reads neighbouring elements as floats. */
  @FunctionalInterface
  interface Reader {
    void read(MemorySegment from, long element, int count, float[] to, int index);
  }

  /** Writes the patches of the pixels {@code first … end-1}. */
  void fill(int first, int end, float[] rows) {
    int patch = shape.patch();
    for (int pixel = first; pixel < end; pixel++) {
      int column = pixel % shape.outputWidth();
      int line = pixel / shape.outputWidth();
      int row = line % shape.outputHeight();
      fillOne(line / shape.outputHeight(), row, column, rows, (pixel - first) * patch);
    }
  }

  private void fillOne(int image, int row, int column, float[] rows, int index) {
    int channels = shape.inputChannels() / shape.groups();
    int to = index;
    for (int i = 0; i < shape.kernel().height(); i++) {
      int y = shape.inputRow(row, i);
      for (int j = 0; j < shape.kernel().width(); j++, to += channels) {
        int z = y < 0 ? -1 : shape.inputColumn(column, j);
        if (z < 0) {
          Arrays.fill(rows, to, to + channels, 0);
        } else {
          long pixel = ((long) image * shape.inputHeight() + y) * shape.inputWidth() + z;
          long element = pixel * shape.inputChannels() + (long) group * channels;
          reader.read(x, element, channels, rows, to);
        }
      }
    }
  }
}
