package dev.sconce.ops;

import java.util.List;

/** Rules of operators that make tensors from sizes and numbers; the out argument has the type. */
final class CreationRules {

  private CreationRules() {}

  static void addTo(ResultRules.Table table) {
    for (String name : List.of("empty", "full", "ones", "rand", "randn", "zeros")) {
      table.add("aten::" + name + ".out", arguments -> sized(arguments, arguments.integers(0)));
    }
    table.add(
        "dim_order_ops::_empty_dim_order.out",
        arguments -> sized(arguments, arguments.integers(0)));
    table.add("aten::scalar_tensor.out", arguments -> sized(arguments));
    table.add(
        "aten::full_like.out",
        arguments -> sized(arguments, arguments.tensor(0).shape().toArray()));
    table.add(
        "aten::arange.out",
        arguments -> sized(arguments, count(arguments, 0, 0, arguments.real(0), 1)));
    table.add(
        "aten::arange.start_out",
        arguments ->
            sized(
                arguments,
                count(arguments, 2, arguments.real(0), arguments.real(1), arguments.real(2))));
  }

  private static List<TensorSpec> sized(OperatorArguments arguments, long... sizes) {
    for (long size : sizes) {
      if (size < 0) {
        throw arguments.invalid(0, "sizes that are not negative", Shape.of(sizes).toString());
      }
    }
    int out = arguments.schema().arguments().size() - 1;
    return List.of(new TensorSpec(arguments.tensor(out).dtype(), Shape.of(sizes)));
  }

  private static long count(
      OperatorArguments arguments, int stepPosition, double start, double end, double step) {
    double count = Math.ceil((end - start) / step);
    if (step == 0 || !(count >= 0 && count <= Long.MAX_VALUE)) {
      throw arguments.invalid(
          stepPosition,
          "a step that leads from start to end",
          "start %s, end %s, step %s".formatted(start, end, step));
    }
    return (long) count;
  }
}
