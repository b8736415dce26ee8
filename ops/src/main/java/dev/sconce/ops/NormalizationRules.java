package dev.sconce.ops;

import dev.sconce.base.DType;
import java.util.List;

/** Rules of softmax and of layer, group and batch normalisation. */
final class NormalizationRules {

  private NormalizationRules() {}

  static void addTo(ResultRules.Table table) {
    for (String name : List.of("_softmax", "_log_softmax")) {
      table.add(
          "aten::" + name + ".out",
          arguments -> {
            TensorSpec self = arguments.tensor(0);
            arguments.dimension(1, self.shape().rank());
            return List.of(arguments.bool(2) ? new TensorSpec(DType.FLOAT32, self.shape()) : self);
          });
    }
    table.add("aten::native_layer_norm.out", NormalizationRules::layerNorm);
    table.add("aten::native_group_norm.out", NormalizationRules::groupNorm);
    table.add(
        "aten::_native_batch_norm_legit_no_training.out",
        arguments -> {
          TensorSpec input = arguments.tensor(0);
          TensorSpec none = new TensorSpec(input.dtype(), Shape.of(0));
          return List.of(input, none, none);
        });
    table.add(
        "aten::_native_batch_norm_legit.out",
        arguments -> {
          TensorSpec input = arguments.tensor(0);
          TensorSpec none = new TensorSpec(input.dtype(), Shape.of(0));
          return List.of(input, none, none);
        });
    table.add(
        "aten::_native_batch_norm_legit.no_stats_out",
        arguments -> {
          TensorSpec input = arguments.tensor(0);
          if (input.shape().rank() < 2) {
            throw arguments.invalid(0, "channels in dimension 1", input.toString());
          }
          TensorSpec channels = new TensorSpec(input.dtype(), Shape.of(input.shape().size(1)));
          return List.of(input, channels, channels);
        });
  }

  private static List<TensorSpec> layerNorm(OperatorArguments arguments) {
    TensorSpec input = arguments.tensor(0);
    long[] normalized = arguments.integers(1);
    Shape statistics = input.shape();
    int lead = input.shape().rank() - normalized.length;
    for (int i = 0; i < normalized.length; i++) {
      if (lead < 0 || input.shape().size(lead + i) != normalized[i]) {
        throw arguments.invalid(1, "the last sizes of " + input, Shape.of(normalized).toString());
      }
      statistics = statistics.with(lead + i, 1);
    }
    for (int position = 2; position <= 3; position++) {
      if (!arguments.isAbsent(position)
          && !arguments.tensor(position).shape().equals(Shape.of(normalized))) {
        throw arguments.invalid(
            position, Shape.of(normalized).toString(), arguments.tensor(position).toString());
      }
    }
    TensorSpec moments = new TensorSpec(input.dtype(), statistics);
    return List.of(input, moments, moments);
  }

  private static List<TensorSpec> groupNorm(OperatorArguments arguments) {
    TensorSpec input = arguments.tensor(0);
    long batch = arguments.integer(3);
    long channels = arguments.integer(4);
    long area = arguments.integer(5);
    long groups = arguments.integer(6);
    Shape shape = input.shape();
    if (shape.rank() < 2
        || shape.size(0) != batch
        || shape.size(1) != channels
        || shape.elements() != Math.multiplyExact(Math.multiplyExact(batch, channels), area)) {
      throw arguments.invalid(
          0, "%d images of %d channels of %d".formatted(batch, channels, area), input.toString());
    }
    if (groups < 1 || channels % groups != 0) {
      throw arguments.invalid(6, "a divisor of " + channels, Long.toString(groups));
    }
    for (int position = 1; position <= 2; position++) {
      if (!arguments.isAbsent(position)
          && !arguments.tensor(position).shape().equals(Shape.of(channels))) {
        throw arguments.invalid(
            position, "a vector of " + channels, arguments.tensor(position).toString());
      }
    }
    TensorSpec moments = new TensorSpec(input.dtype(), Shape.of(batch, groups));
    return List.of(input, moments, moments);
  }
}
