package dev.sconce.kernels;

import java.lang.foreign.MemorySegment;

/**
 * One line of the result of a depthwise convolution. The innermost loops run over channels, where
 * the compiler vectorises them by itself.
 */
final class DepthwiseLine {

  private final ConvolutionShape shape;
  private final float[] weights;
  private final float[] start;

  /**
   * Prepares lines.
   *
   * @param shape the convolution
   * @param weights [kernel height, kernel width, output channels]
   * @param start what sums begin with, [output channels]
   */
  DepthwiseLine(ConvolutionShape shape, float[] weights, float[] start) {
    this.shape = shape;
    this.weights = weights;
    this.start = start;
  }

  /** Takes the sums of a pixel. */
  @FunctionalInterface
  interface Target {
    void store(int line, int column, float[] sums);
  }

  void run(int line, MemorySegment x, Patches.Reader reader, Target target) {
    int outputs = shape.outputChannels();
    int channels = shape.inputChannels();
    int image = line / shape.outputHeight();
    int row = line % shape.outputHeight();
    float[] inputs = new float[Math.multiplyExact(shape.inputWidth(), channels)];
    float[] lineSums = new float[Math.multiplyExact(shape.outputWidth(), outputs)];
    for (int column = 0; column < shape.outputWidth(); column++) {
      System.arraycopy(start, 0, lineSums, column * outputs, outputs);
    }
    for (int i = 0; i < shape.kernel().height(); i++) {
      int y = shape.inputRow(row, i);
      if (y < 0) {
        continue;
      }
      long first = ((long) image * shape.inputHeight() + y) * shape.inputWidth() * channels;
      reader.read(x, first, inputs.length, inputs, 0);
      for (int j = 0; j < shape.kernel().width(); j++) {
        int tap = (i * shape.kernel().width() + j) * outputs;
        for (int column = 0; column < shape.outputWidth(); column++) {
          int z = shape.inputColumn(column, j);
          if (z >= 0) {
            add(inputs, z * channels, tap, lineSums, column * outputs);
          }
        }
      }
    }
    float[] sums = new float[outputs];
    for (int column = 0; column < shape.outputWidth(); column++) {
      System.arraycopy(lineSums, column * outputs, sums, 0, outputs);
      target.store(line, column, sums);
    }
  }

  private void add(float[] inputs, int from, int tap, float[] sums, int to) {
    int channels = shape.inputChannels();
    int multiplier = shape.outputChannels() / channels;
    if (multiplier == 1) {
      for (int i = 0; i < channels; i++) {
        sums[to + i] += inputs[from + i] * weights[tap + i];
      }
      return;
    }
    for (int i = 0; i < channels; i++) {
      for (int m = 0; m < multiplier; m++) {
        int output = i * multiplier + m;
        sums[to + output] += inputs[from + i] * weights[tap + output];
      }
    }
  }
}
