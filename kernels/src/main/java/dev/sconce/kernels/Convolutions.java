package dev.sconce.kernels;

import dev.sconce.base.InvalidInputException;
import dev.sconce.kernels.internal.FloatResults;
import dev.sconce.kernels.internal.KernelProvider;
import dev.sconce.kernels.internal.Memory;
import dev.sconce.kernels.internal.PanelJob;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Two-dimensional convolutions of float32 NHWC tensors, plain and transposed, grouped, strided,
 * dilated and padded, as products of patches with packed filters; and depthwise convolutions, whose
 * groups are too small for that.
 */
public final class Convolutions {

  private final KernelProvider provider;
  private final ComputePool pool;
  private final MatrixProducts products;

  Convolutions(KernelProvider provider, ComputePool pool, MatrixProducts products) {
    this.provider = provider;
    this.pool = pool;
    this.products = products;
  }

  /**
   * Packs a filter.
   *
   * @param filter the weights [outputs, kernel height, kernel width, inputs of a group], as a
   *     matrix with one row an output; not transposed, and without 4-bit values if there are
   *     several groups
   * @param groups the number of groups
   * @param arena owns the packed weights
   */
  public PackedConvolution pack(WeightSource filter, int groups, Arena arena) {
    if (filter.outputs() % groups != 0 || (groups > 1 && filter.transposed())) {
      throw new InvalidInputException(
          "convolution", "groups", "a divisor of " + filter.outputs() + " outputs", "" + groups);
    }
    int outputs = filter.outputs() / groups;
    List<PackedWeights> packed = new ArrayList<>();
    for (int group = 0; group < groups; group++) {
      packed.add(products.pack(part(filter, group * outputs, outputs), arena));
    }
    return new PackedConvolution(packed);
  }

  private static WeightSource part(WeightSource filter, int first, int outputs) {
    if (outputs == filter.outputs()) {
      return filter;
    }
    int inputs = filter.inputs();
    long row = ((long) inputs * filter.encoding().bits() + 7) / 8;
    MemorySegment scales = filter.scales();
    long scaleRow =
        filter.encoding() == WeightEncoding.INT4_PER_GROUP
            ? 2L * (inputs / filter.groupSize())
            : 4L;
    MemorySegment bias = filter.bias();
    return new WeightSource(
        filter.encoding(),
        outputs,
        inputs,
        false,
        filter.values().asSlice(first * row, outputs * row),
        scales == null ? null : scales.asSlice(first * scaleRow, outputs * scaleRow),
        filter.groupSize(),
        bias == null ? null : bias.asSlice(4L * first, 4L * outputs));
  }

  /**
   * Convolves.
   *
   * @param filter the filter
   * @param shape the sizes
   * @param x [batch, input height, input width, input channels]
   * @param y [batch, output height, output width, output channels]
   * @param clamp bounds of the results
   */
  public void convolve(
      PackedConvolution filter,
      ConvolutionShape shape,
      MemorySegment x,
      MemorySegment y,
      Clamp clamp) {
    requireTensors(shape, x, y, 4);
    int outputs = shape.outputChannels() / shape.groups();
    for (int group = 0; group < shape.groups(); group++) {
      PackedWeights weights = filter.groups().get(group);
      if (weights.inputs() != shape.patch() || weights.outputs() != outputs) {
        throw new InvalidInputException(
            "convolution",
            "filter",
            "[%d, %d]".formatted(outputs, shape.patch()),
            "[%d, %d]".formatted(weights.outputs(), weights.inputs()));
      }
      Patches patches = new Patches(shape, x, Convolutions::read, group);
      FloatResults results =
          new FloatResults(
              provider.panelEpilogue(),
              outputs,
              weights.bias(),
              y,
              4L * group * outputs,
              4L * shape.outputChannels(),
              clamp);
      PanelJob job =
          new PanelJob(
              patches::fill,
              (block, panel) -> provider.decoder().decode(weights, block, panel),
              results,
              shape.patch(),
              PanelJob.FLOAT_CHUNK);
      provider.panelProduct().run(job, weights.blocks(), shape.pixels(), pool);
    }
  }

  /**
   * Convolves every channel by itself.
   *
   * @param filter float32 [kernel height, kernel width, output channels]; the outputs of a channel
   *     are neighbours
   * @param bias float32 [output channels], or null
   * @param shape the sizes; groups equal the input channels
   * @param x [batch, input height, input width, input channels]
   * @param y [batch, output height, output width, output channels]
   * @param clamp bounds of the results
   */
  public void convolveDepthwise(
      MemorySegment filter,
      @Nullable MemorySegment bias,
      ConvolutionShape shape,
      MemorySegment x,
      MemorySegment y,
      Clamp clamp) {
    requireTensors(shape, x, y, 4);
    int outputs = shape.outputChannels();
    if (shape.groups() != shape.inputChannels()) {
      throw new InvalidInputException(
          "convolution", "groups", "one a channel", "" + shape.groups());
    }
    long taps = (long) shape.kernel().height() * shape.kernel().width();
    MatrixProducts.requireBytes("convolution", "filter", filter, 4 * taps * outputs);
    float[] weights = new float[Math.toIntExact(taps * outputs)];
    MemorySegment.copy(filter, Memory.FLOAT, 0, weights, 0, weights.length);
    float[] start = new float[outputs];
    if (bias != null) {
      MemorySegment.copy(bias, Memory.FLOAT, 0, start, 0, outputs);
    }
    int lines = Math.multiplyExact(shape.batch(), shape.outputHeight());
    DepthwiseLine lineKernel = new DepthwiseLine(shape, weights, start);
    DepthwiseLine.Target target =
        (line, column, sums) -> {
          long to = 4 * ((long) line * shape.outputWidth() + column) * outputs;
          for (int i = 0; i < outputs; i++) {
            Memory.setFloat(y, to + 4L * i, clamp.apply(sums[i]));
          }
        };
    pool.run(lines, (line, slot) -> lineKernel.run(line, x, Convolutions::read, target));
  }

  static void requireTensors(
      ConvolutionShape shape, MemorySegment x, MemorySegment y, int elementSize) {
    long pixels = (long) shape.batch() * shape.inputHeight() * shape.inputWidth();
    long inputs = pixels * shape.inputChannels() * elementSize;
    long outputs = (long) shape.pixels() * shape.outputChannels() * elementSize;
    MatrixProducts.requireBytes("convolution", "x", x, inputs);
    MatrixProducts.requireBytes("convolution", "y", y, outputs);
  }

  private static void read(MemorySegment from, long element, int count, float[] to, int index) {
    MemorySegment.copy(from, Memory.FLOAT, 4 * element, to, index, count);
  }
}
