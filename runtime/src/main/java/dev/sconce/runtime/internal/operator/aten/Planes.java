package dev.sconce.runtime.internal.operator.aten;

import dev.sconce.runtime.internal.execution.OperatorFailure;
import dev.sconce.runtime.internal.slot.TensorSlot;

/** The images in the last two dimensions of tensors of rank 3 or 4. */
final class Planes {

  private Planes() {}

  /**
   * One image: where its pixels are.
   *
   * @param offset the offset of its first pixel
   * @param height the number of its rows
   * @param width the number of its columns
   * @param rowStride what a step down adds
   * @param columnStride what a step to the right adds
   */
  record Plane(long offset, int height, int width, long rowStride, long columnStride) {

    static Plane of(TensorSlot tensor, int image, int channel) {
      int lead = tensor.rank() - 2;
      long offset = channel * tensor.stride(lead - 1);
      return new Plane(
          lead == 2 ? offset + image * tensor.stride(0) : offset,
          tensor.size(lead),
          tensor.size(lead + 1),
          tensor.stride(lead),
          tensor.stride(lead + 1));
    }

    long at(int y, int x) {
      return offset + y * rowStride + x * columnStride;
    }
  }

  /** Computes one pixel of the result from an image of the argument. */
  @FunctionalInterface
  interface Pixel {
    /**
     * Computes it.
     *
     * @param from the image of the argument
     * @param y the row in the result
     * @param x the column in the result
     * @param at the offset in the result
     */
    void compute(Plane from, int y, int x, long at);
  }

  /** Visits every pixel of a result whose images come from those of an argument, one by one. */
  static void forEach(TensorSlot argument, TensorSlot result, Pixel pixel) {
    int lead = argument.rank() - 2;
    if (lead < 1 || lead > 2 || result.rank() != argument.rank()) {
      throw OperatorFailure.of("expected 3 or 4 dimensions, found %s", argument);
    }
    int images = lead == 2 ? argument.size(0) : 1;
    for (int image = 0; image < images; image++) {
      for (int channel = 0; channel < argument.size(lead - 1); channel++) {
        Plane from = Plane.of(argument, image, channel);
        Plane to = Plane.of(result, image, channel);
        for (int y = 0; y < to.height; y++) {
          for (int x = 0; x < to.width; x++) {
            pixel.compute(from, y, x, to.at(y, x));
          }
        }
      }
    }
  }
}
