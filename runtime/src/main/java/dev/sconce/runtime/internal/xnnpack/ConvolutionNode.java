package dev.sconce.runtime.internal.xnnpack;

import dev.sconce.format.Ints;
import dev.sconce.format.xnnpack.ConvolutionForm;
import dev.sconce.format.xnnpack.XnnGraph;
import dev.sconce.format.xnnpack.XnnOperation.Convolution;
import dev.sconce.format.xnnpack.XnnValue;
import dev.sconce.kernels.Clamp;
import dev.sconce.kernels.ConvolutionShape;
import dev.sconce.kernels.Convolutions;
import dev.sconce.kernels.PackedConvolution;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Conv2d, DepthwiseConv2d and ConvTranspose2d of NHWC images, float or statically quantized. */
final class ConvolutionNode {

  private ConvolutionNode() {}

  static void plan(GraphBuilder builder, Convolution n, Clamp clamp) {
    Geometry geometry = geometry(builder, n);
    if (builder.isQuantized(n.input()) && builder.isQuantized(n.output())) {
      IntegerConvolutionNode.plan(builder, n, geometry, clamp);
      return;
    }
    Function function =
        n.form() == ConvolutionForm.DEPTHWISE_CONV_2D
            ? depthwise(builder, n, clamp)
            : plain(builder, n, geometry, clamp);
    int x = builder.floats(n.input());
    int y = builder.floatResult(n.output());
    add(builder, n, geometry, x, y, function);
  }

  static void add(
      GraphBuilder builder, Convolution n, Geometry geometry, int x, int y, Function function) {
    builder.add(
        n.form().name(),
        Ints.of(x),
        Ints.of(y),
        operands -> new Step(geometry, function, operands[x], operands[y]));
  }

  private static Function plain(
      GraphBuilder builder, Convolution n, Geometry geometry, Clamp clamp) {
    PackedConvolution weights =
        new WeightLoader(builder)
            .convolution(n.filter(), n.bias(), n.groups(), geometry.outputs(), geometry.patch());
    Convolutions convolutions = builder.kernels().convolutions();
    return (shape, x, y) -> convolutions.convolve(weights, shape, x, y, clamp);
  }

  private static Function depthwise(GraphBuilder builder, Convolution n, Clamp clamp) {
    MemorySegment filter = builder.floatConstant(n.filter());
    MemorySegment bias = new WeightLoader(builder).floatBias(n.bias());
    Convolutions convolutions = builder.kernels().convolutions();
    return (shape, x, y) -> convolutions.convolveDepthwise(filter, bias, shape, x, y, clamp);
  }

  private static Geometry geometry(GraphBuilder builder, Convolution n) {
    GraphFault fault = builder.fault();
    Windows rows = Windows.vertical(n.kernel(), n.stride(), n.dilation(), n.padding(), n.flags());
    Windows columns =
        Windows.horizontal(n.kernel(), n.stride(), n.dilation(), n.padding(), n.flags());
    rows.check(fault);
    columns.check(fault);
    fault.require(
        n.groups() > 0
            && n.groupInputChannels() > 0
            && n.groupOutputChannels() > 0
            && (long) n.groups() * n.groupInputChannels() < Integer.MAX_VALUE
            && (long) n.groups() * n.groupOutputChannels() < Integer.MAX_VALUE,
        "groups and channels",
        "numbers above 0",
        "%d × (%d, %d)".formatted(n.groups(), n.groupInputChannels(), n.groupOutputChannels()));
    boolean depthwise = n.form() == ConvolutionForm.DEPTHWISE_CONV_2D;
    fault.require(
        !depthwise || n.groupInputChannels() == 1,
        "group_input_channels",
        "1 in a depthwise convolution",
        n.groupInputChannels());
    int outputs = n.groups() * n.groupOutputChannels();
    Ints expected =
        depthwise
            ? Ints.of(1, rows.window(), columns.window(), outputs)
            : Ints.of(outputs, rows.window(), columns.window(), n.groupInputChannels());
    XnnValue filter = builder.declared(n.filter());
    fault.require(filter.dims().equals(expected), filter, "", "%s", expected, filter.dims());
    if (!filter.isConstant()) {
      throw fault.unsupported("a filter that is no constant (value " + filter.id() + ")");
    }
    if (n.bias() != XnnGraph.NO_ID) {
      XnnValue bias = builder.declared(n.bias());
      fault.require(bias.elements() == outputs, bias, "", "a bias of %s", outputs, bias.dims());
    }
    return new Geometry(
        n.form() == ConvolutionForm.CONV_TRANSPOSE_2D,
        rows,
        columns,
        n.adjustment().height(),
        n.adjustment().width(),
        n.groups(),
        n.groups() * n.groupInputChannels(),
        outputs);
  }

  /** What a file says of a convolution, images left aside. */
  record Geometry(
      boolean transposed,
      Windows rows,
      Windows columns,
      int adjustHeight,
      int adjustWidth,
      int groups,
      int inputs,
      int outputs) {

    int patch() {
      return Math.multiplyExact(
          Math.multiplyExact(rows.window(), columns.window()), inputs / groups);
    }

    ConvolutionShape shape(Operand x) {
      x.require(x.rank() == 4, "4 dimensions");
      x.require(x.size(3) == inputs, inputs + " channels");
      int height =
          transposed ? rows.transposedCount(x.size(1), adjustHeight) : rows.count(x.size(1));
      int width =
          transposed ? columns.transposedCount(x.size(2), adjustWidth) : columns.count(x.size(2));
      x.require(height > 0 && width > 0, "room for one result at least");
      return new ConvolutionShape(
          transposed,
          x.size(0),
          x.size(1),
          x.size(2),
          inputs,
          outputs,
          groups,
          new ConvolutionShape.Extent(rows.window(), columns.window()),
          new ConvolutionShape.Extent(rows.stride(), columns.stride()),
          new ConvolutionShape.Extent(rows.dilation(), columns.dilation()),
          rows.padBefore(x.size(1)),
          columns.padBefore(x.size(2)),
          height,
          width);
    }
  }

  /** The convolution itself. */
  @FunctionalInterface
  interface Function {
    void run(ConvolutionShape shape, MemorySegment x, MemorySegment y);
  }

  private static final class Step implements NodeStep {

    private final Geometry geometry;
    private final Function function;
    private final Operand x;
    private final Operand y;
    private @Nullable ConvolutionShape shape;

    Step(Geometry geometry, Function function, Operand x, Operand y) {
      this.geometry = geometry;
      this.function = function;
      this.x = x;
      this.y = y;
    }

    @Override
    public void reshape() {
      ConvolutionShape now = geometry.shape(x);
      y.reshape(x.size(0), now.outputHeight(), now.outputWidth(), geometry.outputs());
      shape = now;
    }

    @Override
    public void run() {
      if (shape != null && y.count() > 0) {
        function.run(shape, x.data(), y.data());
      }
    }
  }
}
