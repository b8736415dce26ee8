package dev.sconce.runtime.internal.xnnpack;

import dev.sconce.format.Ints;
import dev.sconce.format.xnnpack.XnnOperation.StaticResizeBilinear;
import dev.sconce.kernels.ImageFunctions;
import dev.sconce.kernels.ImageFunctions.Sampling;

/** StaticResizeBilinear2D. */
final class ResizeNode {

  /** XNN_FLAG_TENSORFLOW_LEGACY_MODE. */
  static final int LEGACY = 0x4;

  /** XNN_FLAG_ALIGN_CORNERS. */
  static final int ALIGN_CORNERS = 0x8;

  private ResizeNode() {}

  static void plan(GraphBuilder builder, StaticResizeBilinear n) {
    int height = n.size().height();
    int width = n.size().width();
    builder
        .fault()
        .require(height > 0 && width > 0, "new_height, new_width", "a size above 0", n.size());
    int x = builder.floats(n.input());
    int y = builder.floatResult(n.output());
    ImageFunctions functions = builder.kernels().imageFunctions();
    Sampling sampling =
        (n.flags() & ALIGN_CORNERS) != 0
            ? Sampling.ALIGN_CORNERS
            : (n.flags() & LEGACY) != 0 ? Sampling.ASYMMETRIC : Sampling.HALF_PIXEL;
    builder.add(
        "StaticResizeBilinear2D",
        Ints.of(x),
        Ints.of(y),
        operands -> new Step(functions, sampling, height, width, operands[x], operands[y]));
  }

  private record Step(
      ImageFunctions functions, Sampling sampling, int height, int width, Operand x, Operand y)
      implements NodeStep {

    @Override
    public void reshape() {
      x.require(x.rank() == 4, "4 dimensions");
      x.require(x.size(1) > 0 && x.size(2) > 0, "a height and a width above 0");
      y.reshape(x.size(0), height, width, x.size(3));
    }

    @Override
    public void run() {
      functions.resizeBilinear(
          x.size(0), x.size(1), x.size(2), x.size(3), height, width, sampling, x.data(), y.data());
    }
  }
}
