package dev.sconce.ops;

import dev.sconce.base.DType;
import java.util.List;

/** Rules of convolution, pooling and resampling. */
final class ImageRules {

  private ImageRules() {}

  static void addTo(ResultRules.Table table) {
    table.add("aten::convolution.out", arguments -> List.of(convolution(arguments)));
    table.add(
        "aten::convolution_backward.out",
        arguments -> {
          TensorSpec weight = arguments.tensor(2);
          long channels = arguments.tensor(0).shape().size(1);
          return List.of(
              arguments.tensor(1), weight, new TensorSpec(weight.dtype(), Shape.of(channels)));
        });
    table.add("aten::avg_pool2d.out", arguments -> List.of(pool(arguments, false)));
    table.add(
        "aten::max_pool2d_with_indices.out",
        arguments -> {
          TensorSpec result = pool(arguments, true);
          return List.of(result, new TensorSpec(DType.INT64, result.shape()));
        });
    table.add(
        "aten::max_pool2d_with_indices_backward.grad_input",
        arguments -> List.of(arguments.tensor(1)));
    table.add(
        "aten::_adaptive_avg_pool2d.out",
        arguments -> List.of(withImage(arguments, arguments.integers(1))));
    table.add("aten::upsample_bilinear2d.vec_out", arguments -> List.of(upsample(arguments, 3)));
    table.add("aten::upsample_nearest2d.vec_out", arguments -> List.of(upsample(arguments, 2)));
    table.add(
        "aten::_upsample_bilinear2d_aa.out",
        arguments -> List.of(withImage(arguments, arguments.integers(1))));
    table.add(
        "aten::grid_sampler_2d.out",
        arguments -> {
          TensorSpec input = arguments.tensor(0);
          TensorSpec grid = arguments.tensor(1);
          LinearAlgebraRules.requireRank(arguments, 0, input, 4);
          LinearAlgebraRules.requireRank(arguments, 1, grid, 4);
          if (grid.shape().size(3) != 2 || grid.shape().size(0) != input.shape().size(0)) {
            throw arguments.invalid(1, "points for each of " + input.shape(), grid.toString());
          }
          return List.of(
              new TensorSpec(
                  input.dtype(),
                  input.shape().with(2, grid.shape().size(1)).with(3, grid.shape().size(2))));
        });
    table.add(
        "preprocess::tile_crop.out",
        arguments -> {
          TensorSpec input = arguments.tensor(0);
          LinearAlgebraRules.requireRank(arguments, 0, input, 3);
          long tile = arguments.integer(1);
          Shape shape = input.shape();
          if (tile <= 0 || shape.size(1) % tile != 0 || shape.size(2) % tile != 0) {
            throw arguments.invalid(1, "a size that divides " + shape, Long.toString(tile));
          }
          long tiles = (shape.size(1) / tile) * (shape.size(2) / tile);
          return List.of(new TensorSpec(input.dtype(), Shape.of(tiles, shape.size(0), tile, tile)));
        });
  }

  private static TensorSpec convolution(OperatorArguments arguments) {
    TensorSpec input = arguments.tensor(0);
    Shape in = input.shape();
    Shape weight = arguments.tensor(1).shape();
    int spatial = weight.rank() - 2;
    int lead = in.rank() - spatial;
    if (spatial < 1 || lead < 1 || lead > 2) {
      throw arguments.invalid(0, "an input for weights of shape " + weight, in.toString());
    }
    boolean transposed = arguments.bool(6);
    long groups = arguments.integer(8);
    long channels = in.size(lead - 1);
    long own = transposed ? weight.size(0) : weight.size(1);
    boolean divides = groups >= 1 && channels % groups == 0 && weight.size(0) % groups == 0;
    if (!divides || channels != (transposed ? own : own * groups)) {
      throw arguments.invalid(
          1, "weights for %d channels in %d groups".formatted(channels, groups), weight.toString());
    }
    Shape out = in.with(lead - 1, transposed ? weight.size(1) * groups : weight.size(0));
    for (int i = 0; i < spatial; i++) {
      long stride = atLeast(arguments, 3, i, spatial, 1);
      long padding = atLeast(arguments, 4, i, spatial, 0);
      long dilation = atLeast(arguments, 5, i, spatial, 1);
      long extra = atLeast(arguments, 7, i, spatial, 0);
      long reach = dilation * (weight.size(i + 2) - 1);
      long size = in.size(lead + i);
      long length =
          transposed
              ? (size - 1) * stride - 2 * padding + reach + extra + 1
              : Math.floorDiv(size + 2 * padding - reach - 1, stride) + 1;
      if (length < 0 || weight.size(i + 2) < 1) {
        throw arguments.invalid(1, "a kernel that fits in " + in, weight.toString());
      }
      out = out.with(lead + i, length);
    }
    return new TensorSpec(input.dtype(), out);
  }

  /** Returns one number of a list that has one for each dimension, or one for all. */
  private static long atLeast(
      OperatorArguments arguments, int position, int dim, int dims, long least) {
    long[] values = arguments.integers(position);
    long value =
        values.length == 0
            ? least
            : values[values.length == 1 ? 0 : Math.min(dim, values.length - 1)];
    if ((values.length > 1 && values.length != dims)
        || value < least
        || value > Integer.MAX_VALUE) {
      throw arguments.invalid(
          position, dims + " numbers of at least " + least, Shape.of(values).toString());
    }
    return value;
  }

  private static TensorSpec pool(OperatorArguments arguments, boolean dilated) {
    TensorSpec self = arguments.tensor(0);
    int lead = image(arguments, self);
    Shape out = self.shape();
    boolean ceil = arguments.bool(dilated ? 5 : 4);
    for (int i = 0; i < 2; i++) {
      long kernel = atLeast(arguments, 1, i, 2, 1);
      long stride = arguments.integers(2).length == 0 ? kernel : atLeast(arguments, 2, i, 2, 1);
      long padding = atLeast(arguments, 3, i, 2, 0);
      long dilation = dilated ? atLeast(arguments, 4, i, 2, 1) : 1;
      if (padding > kernel / 2) {
        throw arguments.invalid(3, "at most half of the kernel", Long.toString(padding));
      }
      long size = self.shape().size(lead + i);
      long room = size + 2 * padding - dilation * (kernel - 1) - 1;
      long length = Math.floorDiv(room + (ceil ? stride - 1 : 0), stride) + 1;
      // The last window must start inside the image or its left padding.
      if (ceil && (length - 1) * stride >= size + padding) {
        length--;
      }
      if (length < 1) {
        throw arguments.invalid(1, "a kernel that fits in " + self, Long.toString(kernel));
      }
      out = out.with(lead + i, length);
    }
    return new TensorSpec(self.dtype(), out);
  }

  private static int image(OperatorArguments arguments, TensorSpec self) {
    int rank = self.shape().rank();
    if (rank != 3 && rank != 4) {
      throw arguments.invalid(0, "3 or 4 dimensions", self.toString());
    }
    return rank - 2;
  }

  private static TensorSpec withImage(OperatorArguments arguments, long[] sizes) {
    TensorSpec self = arguments.tensor(0);
    int lead = image(arguments, self);
    if (sizes.length != 2 || sizes[0] < 0 || sizes[1] < 0) {
      throw arguments.invalid(1, "a height and a width", Shape.of(sizes).toString());
    }
    return new TensorSpec(self.dtype(), self.shape().with(lead, sizes[0]).with(lead + 1, sizes[1]));
  }

  private static TensorSpec upsample(OperatorArguments arguments, int scales) {
    if (!arguments.isAbsent(1)) {
      return withImage(arguments, arguments.integers(1));
    }
    TensorSpec self = arguments.tensor(0);
    LinearAlgebraRules.requireRank(arguments, 0, self, 4);
    double[] factors = arguments.isAbsent(scales) ? new double[0] : arguments.reals(scales);
    if (factors.length != 2 || !(factors[0] > 0) || !(factors[1] > 0)) {
      throw arguments.invalid(scales, "two positive factors", List.of(factors).size() + " numbers");
    }
    return withImage(
        arguments,
        new long[] {
          (long) (self.shape().size(2) * factors[0]), (long) (self.shape().size(3) * factors[1])
        });
  }
}
