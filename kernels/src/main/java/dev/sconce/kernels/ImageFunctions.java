package dev.sconce.kernels;

import dev.sconce.kernels.internal.Memory;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Pooling and resizing of float32 NHWC images. Innermost loops run over channels, where the
 * compiler vectorises them by itself.
 */
public final class ImageFunctions {

  private final ComputePool pool;

  ImageFunctions(ComputePool pool) {
    this.pool = pool;
  }

  private static void require(PoolingShape shape, MemorySegment x, MemorySegment y) {
    MatrixProducts.requireBytes("pooling", "x", x, 4 * shape.inputs());
    MatrixProducts.requireBytes("pooling", "y", y, 4 * shape.outputs());
  }

  /** The maximum of every window; of a window outside of the image -∞. NaN wins if it is first. */
  public void maxPool(PoolingShape shape, MemorySegment x, MemorySegment y, Clamp clamp) {
    require(shape, x, y);
    forPixels(
        shape,
        (image, row, column, at, sums) -> {
          Arrays.fill(sums, Float.NEGATIVE_INFINITY);
          int taps = 0;
          for (int i = 0; i < shape.window().height(); i++) {
            for (int j = 0; j < shape.window().width(); j++) {
              long from = tap(shape, image, row, column, i, j);
              if (from >= 0) {
                greater(x, from, sums, taps++ == 0);
              }
            }
          }
          store(sums, 1, y, at, clamp);
        });
  }

  /** The mean of the part of every window that is inside of the image. */
  public void averagePool(PoolingShape shape, MemorySegment x, MemorySegment y, Clamp clamp) {
    require(shape, x, y);
    forPixels(
        shape,
        (image, row, column, at, sums) -> {
          Arrays.fill(sums, 0);
          int taps = 0;
          for (int i = 0; i < shape.window().height(); i++) {
            for (int j = 0; j < shape.window().width(); j++) {
              long from = tap(shape, image, row, column, i, j);
              if (from >= 0) {
                add(x, from, sums);
                taps++;
              }
            }
          }
          store(sums, 1f / taps, y, at, clamp);
        });
  }

  /**
   * The maximum of every window and its place in the window, row by row; of equals the first.
   *
   * @param indices int32, of the result's shape
   */
  public void argMaxPool(
      PoolingShape shape, MemorySegment x, MemorySegment y, MemorySegment indices) {
    require(shape, x, y);
    MatrixProducts.requireBytes("pooling", "indices", indices, 4 * shape.outputs());
    int channels = shape.channels();
    forPixels(
        shape,
        (image, row, column, at, sums) -> {
          for (int c = 0; c < channels; c++) {
            int best = -1;
            float max = Float.NEGATIVE_INFINITY;
            for (int i = 0; i < shape.window().height(); i++) {
              for (int j = 0; j < shape.window().width(); j++) {
                long from = tap(shape, image, row, column, i, j);
                if (from >= 0) {
                  float value = Memory.getFloat(x, from + 4L * c);
                  if (best < 0 || value > max) {
                    max = value;
                    best = i * shape.window().width() + j;
                  }
                }
              }
            }
            Memory.setFloat(y, at + 4L * c, max);
            Memory.setInt(indices, at + 4L * c, Math.max(best, 0));
          }
        });
  }

  /** Where sampling points of a resized image lie. */
  public enum Sampling {
    /** Pixels are squares: centre on centre of the whole image. */
    HALF_PIXEL,
    /** The centres of the corner pixels stay where they are. */
    ALIGN_CORNERS,
    /** The upper left corners of pixels: TensorFlow's first way. */
    ASYMMETRIC
  }

  /**
   * Resizes images with bilinear interpolation.
   *
   * @param batch how many images
   * @param inputHeight H of the input
   * @param inputWidth W of the input
   * @param channels C
   * @param outputHeight H of the result
   * @param outputWidth W of the result
   * @param sampling where sampling points lie
   * @param x [batch, input height, input width, channels]
   * @param y [batch, output height, output width, channels]
   */
  public void resizeBilinear(
      int batch,
      int inputHeight,
      int inputWidth,
      int channels,
      int outputHeight,
      int outputWidth,
      Sampling sampling,
      MemorySegment x,
      MemorySegment y) {
    long pixels = (long) inputHeight * inputWidth;
    MatrixProducts.requireBytes("resize", "x", x, 4L * batch * pixels * channels);
    MatrixProducts.requireBytes(
        "resize", "y", y, 4L * batch * outputHeight * outputWidth * channels);
    float[] rows = positions(inputHeight, outputHeight, sampling);
    float[] columns = positions(inputWidth, outputWidth, sampling);
    pool.run(
        Math.multiplyExact(batch, outputHeight),
        (line, slot) -> {
          float at = rows[line % outputHeight];
          int top = (int) at;
          int bottom = Math.min(top + 1, inputHeight - 1);
          long image = line / outputHeight * pixels;
          long upper = 4L * (image + (long) top * inputWidth) * channels;
          long lower = 4 * (image + (long) bottom * inputWidth) * channels;
          for (int column = 0; column < outputWidth; column++) {
            int left = (int) columns[column];
            int right = Math.min(left + 1, inputWidth - 1);
            long leftAt = 4L * left * channels;
            long rightAt = 4L * right * channels;
            float down = at - top;
            float along = columns[column] - left;
            long to = 4 * ((long) line * outputWidth + column) * channels;
            for (int c = 0; c < channels; c++) {
              long here = 4L * c;
              float tl = Memory.getFloat(x, upper + leftAt + here);
              float tr = Memory.getFloat(x, upper + rightAt + here);
              float bl = Memory.getFloat(x, lower + leftAt + here);
              float br = Memory.getFloat(x, lower + rightAt + here);
              float first = tl + (tr - tl) * along;
              float second = bl + (br - bl) * along;
              Memory.setFloat(y, to + here, first + (second - first) * down);
            }
          }
        });
  }

  private static float[] positions(int input, int output, Sampling sampling) {
    float[] positions = new float[output];
    boolean corners = sampling == Sampling.ALIGN_CORNERS && output != 1;
    float scale = corners ? (input - 1f) / (output - 1f) : (float) input / output;
    float shift = sampling == Sampling.HALF_PIXEL ? 0.5f * scale - 0.5f : 0;
    for (int i = 0; i < output; i++) {
      positions[i] = Math.clamp(i * scale + shift, 0f, Math.max(0f, input - 1f));
    }
    return positions;
  }

  /** Work on one pixel of a result. */
  @FunctionalInterface
  private interface PixelTask {
    void run(int image, int row, int column, long at, float[] sums);
  }

  private void forPixels(PoolingShape shape, PixelTask task) {
    int channels = shape.channels();
    pool.run(
        Math.multiplyExact(shape.batch(), shape.outputHeight()),
        (line, slot) -> {
          float[] sums = new float[channels];
          int image = line / shape.outputHeight();
          int row = line % shape.outputHeight();
          for (int column = 0; column < shape.outputWidth(); column++) {
            long at = 4 * ((long) line * shape.outputWidth() + column) * channels;
            task.run(image, row, column, at, sums);
          }
        });
  }

  private static long tap(PoolingShape shape, int image, int row, int column, int i, int j) {
    int y = shape.inputRow(row, i);
    int x = shape.inputColumn(column, j);
    if (y < 0 || x < 0) {
      return -1;
    }
    long line = (long) image * shape.inputHeight() + y;
    return 4 * (line * shape.inputWidth() + x) * shape.channels();
  }

  private static void greater(MemorySegment x, long from, float[] best, boolean first) {
    for (int c = 0; c < best.length; c++) {
      float value = Memory.getFloat(x, from + 4L * c);
      best[c] = first || value > best[c] ? value : best[c];
    }
  }

  private static void add(MemorySegment x, long from, float[] sums) {
    for (int c = 0; c < sums.length; c++) {
      sums[c] += Memory.getFloat(x, from + 4L * c);
    }
  }

  private static void store(float[] sums, float factor, MemorySegment y, long at, Clamp clamp) {
    for (int c = 0; c < sums.length; c++) {
      Memory.setFloat(y, at + 4L * c, clamp.apply(sums[c] * factor));
    }
  }
}
