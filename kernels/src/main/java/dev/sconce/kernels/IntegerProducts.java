package dev.sconce.kernels;

import static dev.sconce.kernels.internal.PanelKernel.COLUMNS;

import dev.sconce.base.InvalidInputException;
import dev.sconce.kernels.internal.KernelProvider;
import dev.sconce.kernels.internal.Memory;
import dev.sconce.kernels.internal.PanelJob;
import dev.sconce.kernels.internal.Partition;
import dev.sconce.kernels.internal.Scratch;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Products and convolutions of statically quantized tensors: int8 or uint8 in, int8 or uint8 out.
 *
 * <p>Sums are exact, as in 32-bit integers; they are computed in float32, in parts short enough to
 * hold them. Results are requantized as XNNPACK does it (see {@link Requantization}).
 */
public final class IntegerProducts {

  private final KernelProvider provider;
  private final ComputePool pool;
  private final MatrixProducts products;

  IntegerProducts(KernelProvider provider, ComputePool pool, Scratch scratch) {
    this.provider = provider;
    this.pool = pool;
    this.products = new MatrixProducts(provider, pool, scratch);
  }

  /**
   * Packs weights.
   *
   * @param source the weights, which are not needed afterwards
   * @param arena owns the packed weights; must be accessible from all threads
   */
  public PackedIntegerWeights pack(IntegerWeights source, Arena arena) {
    int outputs = source.outputs();
    MemorySegment values = source.values();
    int shift = 0;
    try (Arena temporary = Arena.ofShared()) {
      if (!source.signed()) {
        // uint8 less 128 is int8.
        shift = -128;
        long count = (long) outputs * source.inputs();
        MemorySegment shifted = temporary.allocate(count);
        for (long i = 0; i < count; i++) {
          Memory.setByte(shifted, i, (byte) (Memory.getByte(values, i) ^ 0x80));
        }
        values = shifted;
      }
      MemorySegment ones = temporary.allocate(4L * outputs);
      for (int i = 0; i < outputs; i++) {
        Memory.setFloat(ones, 4L * i, 1);
      }
      WeightSource weights =
          new WeightSource(
              WeightEncoding.INT8_PER_CHANNEL,
              outputs,
              source.inputs(),
              source.transposed(),
              values,
              ones,
              source.inputs(),
              null);
      return new PackedIntegerWeights(
          products.pack(weights, arena),
          source.zeroPoint() + shift,
          source.scales().clone(),
          bias(source.bias(), 0, outputs));
    }
  }

  private static int[] bias(@Nullable MemorySegment bias, int first, int outputs) {
    int[] values = new int[outputs];
    if (bias != null) {
      MemorySegment.copy(bias, Memory.INT, 4L * first, values, 0, outputs);
    }
    return values;
  }

  /**
   * Multiplies {@code y[M,N] = x[M,K] · Wᵀ}.
   *
   * @param weights W and bias
   * @param x [M, K]
   * @param xType how to read x
   * @param rows M
   * @param y [M, N]
   * @param yType how y is written
   * @param min the least result, as a quantized value
   * @param max the greatest result, as a quantized value
   */
  public void multiply(
      PackedIntegerWeights weights,
      MemorySegment x,
      QuantizedType xType,
      int rows,
      MemorySegment y,
      QuantizedType yType,
      int min,
      int max) {
    int inputs = weights.inputs();
    MatrixProducts.requireBytes("multiply", "x", x, (long) rows * inputs);
    MatrixProducts.requireBytes("multiply", "y", y, (long) rows * weights.outputs());
    PanelJob.Rows source =
        (first, end, to) -> read(xType, x, (long) first * inputs, (end - first) * inputs, to, 0);
    Requantization requantization = weights.requantization(xType, yType, min, max);
    run(weights, source, requantization, rows, y, 0, weights.outputs());
  }

  /**
   * Convolves.
   *
   * @param filter one matrix of weights a group: [outputs of a group, taps · inputs of a group]
   * @param shape the sizes
   * @param x [batch, input height, input width, input channels]
   * @param xType how to read x
   * @param y [batch, output height, output width, output channels]
   * @param yType how y is written
   * @param min the least result, as a quantized value
   * @param max the greatest result, as a quantized value
   */
  public void convolve(
      PackedIntegerWeights[] filter,
      ConvolutionShape shape,
      MemorySegment x,
      QuantizedType xType,
      MemorySegment y,
      QuantizedType yType,
      int min,
      int max) {
    Convolutions.requireTensors(shape, x, y, 1);
    int outputs = shape.outputChannels() / shape.groups();
    for (int group = 0; group < shape.groups(); group++) {
      PackedIntegerWeights weights = filter[group];
      if (weights.inputs() != shape.patch() || weights.outputs() != outputs) {
        throw new InvalidInputException(
            "convolution",
            "filter",
            "[%d, %d]".formatted(outputs, shape.patch()),
            "[%d, %d]".formatted(weights.outputs(), weights.inputs()));
      }
      Patches patches = new Patches(shape, x, reader(xType), group);
      Requantization requantization = weights.requantization(xType, yType, min, max);
      long offset = (long) group * outputs;
      run(
          weights,
          patches::fill,
          requantization,
          shape.pixels(),
          y,
          offset,
          shape.outputChannels());
    }
  }

  /**
   * Convolves every channel by itself.
   *
   * @param filter the weights, a matrix [kernel height · kernel width, output channels]; scales and
   *     bias are one an output channel
   * @param shape the sizes; groups equal the input channels
   * @param x [batch, input height, input width, input channels]
   * @param xType how to read x
   * @param y [batch, output height, output width, output channels]
   * @param yType how y is written
   * @param min the least result, as a quantized value
   * @param max the greatest result, as a quantized value
   */
  public void convolveDepthwise(
      IntegerWeights filter,
      ConvolutionShape shape,
      MemorySegment x,
      QuantizedType xType,
      MemorySegment y,
      QuantizedType yType,
      int min,
      int max) {
    Convolutions.requireTensors(shape, x, y, 1);
    int outputs = shape.outputChannels();
    int taps = shape.kernel().height() * shape.kernel().width();
    if (shape.groups() != shape.inputChannels()
        || !filter.transposed()
        || filter.outputs() != outputs
        || filter.inputs() != taps
        || taps > PanelJob.EXACT_CHUNK) {
      throw new InvalidInputException(
          "convolution",
          "filter",
          "transposed [%d, %d] with at most %d taps".formatted(taps, outputs, PanelJob.EXACT_CHUNK),
          "[%d, %d]".formatted(filter.inputs(), filter.outputs()));
    }
    float[] weights = new float[taps * outputs];
    for (int i = 0; i < weights.length; i++) {
      byte bits = Memory.getByte(filter.values(), i);
      weights[i] = (filter.signed() ? bits : bits & 0xFF) - filter.zeroPoint();
    }
    DepthwiseLine lineKernel = new DepthwiseLine(shape, weights, new float[outputs]);
    Patches.Reader reader = reader(xType);
    int[] bias = bias(filter.bias(), 0, outputs);
    Requantization requantization =
        new Requantization(xType, yType, filter.scales(), bias, min, max);
    DepthwiseLine.Target target =
        (line, column, sums) -> {
          long to = ((long) line * shape.outputWidth() + column) * outputs;
          for (int i = 0; i < outputs; i++) {
            requantization.store((int) sums[i], i, y, to + i);
          }
        };
    pool.run(
        Math.multiplyExact(shape.batch(), shape.outputHeight()),
        (line, slot) -> lineKernel.run(line, x, reader, target));
  }

  private void run(
      PackedIntegerWeights weights,
      PanelJob.Rows source,
      Requantization requantization,
      int rows,
      MemorySegment y,
      long yOffset,
      long yStride) {
    PackedWeights packed = weights.weights();
    PanelJob.Panels panels = (block, panel) -> panel(weights, block, panel);
    Partition partition = Partition.of(packed.blocks(), rows, pool.size());
    pool.run(
        partition.tasks(),
        (index, slot) -> {
          IntegerResults results =
              new IntegerResults(requantization, packed.outputs(), y, yOffset, yStride);
          provider
              .panelProduct()
              .run(
                  new PanelJob(source, panels, results, packed.inputs(), PanelJob.EXACT_CHUNK),
                  partition.firstBlock(index),
                  partition.endBlock(index),
                  partition.firstRow(index),
                  partition.endRow(index));
        });
  }

  private void panel(PackedIntegerWeights weights, int block, float[] panel) {
    provider.decoder().decode(weights.weights(), block, panel);
    float zeroPoint = weights.zeroPoint();
    if (zeroPoint != 0) {
      for (int i = 0; i < weights.inputs() * COLUMNS; i++) {
        panel[i] -= zeroPoint;
      }
    }
  }

  private static Patches.Reader reader(QuantizedType type) {
    return (from, element, count, to, index) -> read(type, from, element, count, to, index);
  }

  private static void read(
      QuantizedType type, MemorySegment from, long element, int count, float[] to, int index) {
    for (int i = 0; i < count; i++) {
      to[index + i] = type.value(Memory.getByte(from, element + i)) - type.zeroPoint();
    }
  }
}
