package dev.sconce.runtime.internal.xnnpack;

import dev.sconce.format.xnnpack.ConvolutionForm;
import dev.sconce.format.xnnpack.XnnGraph;
import dev.sconce.format.xnnpack.XnnOperation.Convolution;
import dev.sconce.format.xnnpack.XnnValue;
import dev.sconce.kernels.Clamp;
import dev.sconce.kernels.IntegerProducts;
import dev.sconce.kernels.IntegerWeights;
import dev.sconce.kernels.PackedIntegerWeights;
import dev.sconce.kernels.QuantizedType;
import dev.sconce.runtime.internal.xnnpack.ConvolutionNode.Function;
import dev.sconce.runtime.internal.xnnpack.ConvolutionNode.Geometry;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** Convolutions of statically quantized images: sums of integers, requantized. */
final class IntegerConvolutionNode {

  private IntegerConvolutionNode() {}

  /** Filters of all groups; a class of its own to be shared by key. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Filters(PackedIntegerWeights[] groups) {}

  static void plan(GraphBuilder builder, Convolution n, Geometry geometry, Clamp clamp) {
    int x = builder.stored(n.input());
    int y = builder.stored(n.output());
    QuantizedType xType = builder.value(x).quantizedType();
    QuantizedType yType = builder.value(y).quantizedType();
    int min = QuantizedRange.min(yType, clamp);
    int max = QuantizedRange.max(yType, clamp);
    IntegerProducts products = builder.kernels().integerProducts();
    XnnValue filter = builder.declared(n.filter());
    Function function;
    if (n.form() == ConvolutionForm.DEPTHWISE_CONV_2D) {
      IntegerWeights weights =
          new WeightLoader(builder)
              .integers(filter, n.bias(), geometry.outputs(), geometry.patch(), true, 3);
      function =
          (shape, in, out) ->
              products.convolveDepthwise(weights, shape, in, xType, out, yType, min, max);
    } else {
      IntegerWeights all =
          new WeightLoader(builder)
              .integers(filter, n.bias(), geometry.outputs(), geometry.patch(), false, 0);
      PackedIntegerWeights[] groups = pack(builder, n, all, geometry.groups());
      function =
          (shape, in, out) -> products.convolve(groups, shape, in, xType, out, yType, min, max);
    }
    ConvolutionNode.add(builder, n, geometry, x, y, function);
  }

  private static PackedIntegerWeights[] pack(
      GraphBuilder builder, Convolution n, IntegerWeights all, int groups) {
    Object key =
        Arrays.asList(
            builder.constants().key(builder.declared(n.filter())),
            n.bias() == XnnGraph.NO_ID
                ? "none"
                : builder.constants().key(builder.declared(n.bias())),
            groups);
    return builder
        .shared()
        .get(
            Filters.class,
            key,
            arena -> {
              PackedIntegerWeights[] packed = new PackedIntegerWeights[groups];
              for (int group = 0; group < groups; group++) {
                packed[group] =
                    builder.kernels().integerProducts().pack(part(all, group, groups), arena);
              }
              return new Filters(packed);
            })
        .groups();
  }

  private static IntegerWeights part(IntegerWeights all, int group, int groups) {
    int outputs = all.outputs() / groups;
    int first = group * outputs;
    MemorySegment bias = all.bias();
    float[] scales = all.scales();
    return new IntegerWeights(
        outputs,
        all.inputs(),
        false,
        all.values().asSlice((long) first * all.inputs(), (long) outputs * all.inputs()),
        all.signed(),
        all.zeroPoint(),
        scales.length == 1 ? scales : Arrays.copyOfRange(scales, first, first + outputs),
        bias == null ? null : bias.asSlice(4L * first, 4L * outputs));
  }
}
