package dev.sconce.runtime.internal.xnnpack;

import dev.sconce.format.Ints;
import dev.sconce.format.xnnpack.PoolingReduction;
import dev.sconce.format.xnnpack.XnnOperation.ArgMaxPooling;
import dev.sconce.format.xnnpack.XnnOperation.Extent;
import dev.sconce.format.xnnpack.XnnOperation.Pooling;
import dev.sconce.format.xnnpack.XnnOperation.Unary;
import dev.sconce.kernels.Clamp;
import dev.sconce.kernels.ConvolutionShape;
import dev.sconce.kernels.ImageFunctions;
import dev.sconce.kernels.PoolingShape;
import org.jspecify.annotations.Nullable;

/** Pooling of NHWC images. */
final class PoolingNode {

  private static final Extent ONE = new Extent(1, 1);

  /** XNN_FLAG_KEEP_DIMS. */
  static final int KEEP_DIMS = 0x40;

  private PoolingNode() {}

  static void plan(GraphBuilder builder, Pooling n, Clamp clamp) {
    ImageFunctions functions = builder.kernels().imageFunctions();
    boolean maximum = n.reduction() == PoolingReduction.MAX_POOLING_2D;
    // The schema has the field for both, XNNPACK for the maximum only.
    Extent dilation = maximum ? n.dilation() : ONE;
    Windows rows = Windows.vertical(n.window(), n.stride(), dilation, n.padding(), n.flags());
    Windows columns = Windows.horizontal(n.window(), n.stride(), dilation, n.padding(), n.flags());
    int x = builder.floats(n.input());
    int y = builder.floatResult(n.output());
    add(
        builder,
        maximum ? "MaxPooling2d" : "AvgPooling2d",
        rows,
        columns,
        x,
        Ints.of(y),
        maximum
            ? (shape, in, out) -> functions.maxPool(shape, in.data(), out[0].data(), clamp)
            : (shape, in, out) -> functions.averagePool(shape, in.data(), out[0].data(), clamp));
  }

  static void plan(GraphBuilder builder, ArgMaxPooling n) {
    ImageFunctions functions = builder.kernels().imageFunctions();
    Windows rows = Windows.vertical(n.window(), n.window(), ONE, n.padding(), n.flags());
    Windows columns = Windows.horizontal(n.window(), n.window(), ONE, n.padding(), n.flags());
    int x = builder.floats(n.input());
    int y = builder.floatResult(n.outputValue());
    int indices = builder.stored(n.outputIndex());
    builder
        .fault()
        .require(
            builder.value(indices).storage() == Storage.INT32,
            builder.declared(n.outputIndex()),
            "",
            "int32 indices",
            builder.declared(n.outputIndex()).datatype());
    add(
        builder,
        "ArgMaxPooling2d",
        rows,
        columns,
        x,
        Ints.of(y, indices),
        (shape, in, out) -> functions.argMaxPool(shape, in.data(), out[0].data(), out[1].data()));
  }

  private static void add(
      GraphBuilder builder,
      String name,
      Windows rows,
      Windows columns,
      int x,
      Ints results,
      Function function) {
    rows.check(builder.fault());
    columns.check(builder.fault());
    builder.add(
        name,
        Ints.of(x),
        results,
        operands ->
            new Step(
                rows,
                columns,
                function,
                operands[x],
                results.ints().mapToObj(i -> operands[i]).toArray(Operand[]::new)));
  }

  /** The mean over height and width. */
  static void planGlobal(GraphBuilder builder, Unary n, Clamp clamp) {
    int x = builder.floats(n.input());
    int y = builder.floatResult(n.output());
    boolean keepDims = (n.flags() & KEEP_DIMS) != 0;
    ImageFunctions functions = builder.kernels().imageFunctions();
    builder.add(
        "GlobalAvgPooling2d",
        Ints.of(x),
        Ints.of(y),
        operands -> new GlobalStep(functions, clamp, keepDims, operands[x], operands[y]));
  }

  /** What becomes of windows. */
  @FunctionalInterface
  private interface Function {
    void run(PoolingShape shape, Operand x, Operand[] results);
  }

  private static final class Step implements NodeStep {

    private final Windows rows;
    private final Windows columns;
    private final Function function;
    private final Operand x;
    private final Operand[] results;
    private @Nullable PoolingShape shape;

    Step(Windows rows, Windows columns, Function function, Operand x, Operand[] results) {
      this.rows = rows;
      this.columns = columns;
      this.function = function;
      this.x = x;
      this.results = results;
    }

    @Override
    public void reshape() {
      x.require(x.rank() == 4, "4 dimensions");
      int height = rows.count(x.size(1));
      int width = columns.count(x.size(2));
      x.require(height > 0 && width > 0, "room for one window at least");
      shape =
          new PoolingShape(
              x.size(0),
              x.size(1),
              x.size(2),
              x.size(3),
              new ConvolutionShape.Extent(rows.window(), columns.window()),
              new ConvolutionShape.Extent(rows.stride(), columns.stride()),
              new ConvolutionShape.Extent(rows.dilation(), columns.dilation()),
              rows.padBefore(x.size(1)),
              columns.padBefore(x.size(2)),
              height,
              width);
      for (Operand result : results) {
        result.reshape(x.size(0), height, width, x.size(3));
      }
    }

    @Override
    public void run() {
      if (shape != null) {
        function.run(shape, x, results);
      }
    }
  }

  private static final class GlobalStep implements NodeStep {

    private final ImageFunctions functions;
    private final Clamp clamp;
    private final boolean keepDims;
    private final Operand x;
    private final Operand y;
    private @Nullable PoolingShape shape;

    GlobalStep(ImageFunctions functions, Clamp clamp, boolean keepDims, Operand x, Operand y) {
      this.functions = functions;
      this.clamp = clamp;
      this.keepDims = keepDims;
      this.x = x;
      this.y = y;
    }

    @Override
    public void reshape() {
      x.require(x.rank() == 4, "4 dimensions");
      x.require(x.size(1) > 0 && x.size(2) > 0, "a height and a width above 0");
      ConvolutionShape.Extent one = new ConvolutionShape.Extent(1, 1);
      ConvolutionShape.Extent all = new ConvolutionShape.Extent(x.size(1), x.size(2));
      shape =
          new PoolingShape(x.size(0), x.size(1), x.size(2), x.size(3), all, one, one, 0, 0, 1, 1);
      if (keepDims) {
        y.reshape(x.size(0), 1, 1, x.size(3));
      } else {
        y.reshape(x.size(0), x.size(3));
      }
    }

    @Override
    public void run() {
      if (shape != null) {
        functions.averagePool(shape, x.data(), y.data(), clamp);
      }
    }
  }
}
