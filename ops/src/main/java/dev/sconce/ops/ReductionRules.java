package dev.sconce.ops;

import dev.sconce.base.DType;
import java.util.List;

/** Rules of operators that fold dimensions. */
final class ReductionRules {

  private ReductionRules() {}

  static void addTo(ResultRules.Table table) {
    table.add("aten::amax.out", arguments -> List.of(overList(arguments, 1, 2)));
    table.add("aten::amin.out", arguments -> List.of(overList(arguments, 1, 2)));
    table.add("aten::any.all_out", arguments -> List.of(new TensorSpec(DType.BOOL, Shape.SCALAR)));
    table.add(
        "aten::any.dims_out",
        arguments -> {
          // Unlike for sums, an empty list names no dimension at all.
          boolean none = !arguments.isAbsent(1) && arguments.integers(1).length == 0;
          TensorSpec spec = none ? arguments.tensor(0) : overList(arguments, 1, 2);
          return List.of(new TensorSpec(DType.BOOL, spec.shape()));
        });
    table.add(
        "aten::any.out",
        arguments -> List.of(new TensorSpec(DType.BOOL, overOne(arguments).shape())));
    for (String name : List.of("argmax", "argmin")) {
      table.add(
          "aten::" + name + ".out",
          arguments -> {
            Shape self = arguments.tensor(0).shape();
            Shape shape =
                arguments.isAbsent(1)
                    ? overAll(self, arguments.bool(2))
                    : overOne(arguments).shape();
            return List.of(new TensorSpec(DType.INT64, shape));
          });
    }
    for (String name : List.of("max.dim_max", "min.dim_min")) {
      table.add(
          "aten::" + name,
          arguments -> {
            TensorSpec values = overOne(arguments);
            return List.of(values, new TensorSpec(DType.INT64, values.shape()));
          });
    }
    for (String name : List.of("max.unary_out", "min.unary_out")) {
      table.add(
          "aten::" + name,
          arguments -> List.of(new TensorSpec(arguments.tensor(0).dtype(), Shape.SCALAR)));
    }
    table.add(
        "aten::mean.out", arguments -> List.of(typed(arguments, overList(arguments, 1, 2), 3)));
    table.add(
        "aten::mean.dtype_out",
        arguments ->
            List.of(
                typed(arguments, new TensorSpec(arguments.tensor(0).dtype(), Shape.SCALAR), 1)));
    table.add(
        "aten::sum.IntList_out",
        arguments -> List.of(widened(arguments, overList(arguments, 1, 2), 3)));
    table.add(
        "aten::prod.int_out", arguments -> List.of(widened(arguments, overOne(arguments), 3)));
    table.add(
        "aten::prod.out",
        arguments ->
            List.of(
                widened(arguments, new TensorSpec(arguments.tensor(0).dtype(), Shape.SCALAR), 1)));
    table.add(
        "aten::cumsum.out",
        arguments -> {
          arguments.dimension(1, arguments.tensor(0).shape().rank());
          return List.of(widened(arguments, arguments.tensor(0), 2));
        });
    table.add("aten::var.out", arguments -> List.of(overList(arguments, 1, 3)));
    table.add("aten::var.correction_out", arguments -> List.of(overList(arguments, 1, 3)));
    table.add(
        "aten::var_mean.correction_out",
        arguments -> {
          TensorSpec result = overList(arguments, 1, 3);
          return List.of(result, result);
        });
    table.add(
        "aten::topk.values",
        arguments -> {
          TensorSpec self = arguments.tensor(0);
          int rank = self.shape().rank();
          int dim = arguments.dimension(2, rank);
          long k = arguments.integer(1);
          long size = rank == 0 ? 1 : self.shape().size(dim);
          if (k < 0 || k > size) {
            throw arguments.invalid(1, "a count between 0 and " + size, Long.toString(k));
          }
          Shape shape = rank == 0 ? self.shape() : self.shape().with(dim, k);
          return List.of(new TensorSpec(self.dtype(), shape), new TensorSpec(DType.INT64, shape));
        });
  }

  /** Returns the tensor with the dimensions of a list folded; all of them if it is empty. */
  private static TensorSpec overList(OperatorArguments arguments, int position, int keep) {
    TensorSpec self = arguments.tensor(0);
    long[] dims = arguments.isAbsent(position) ? new long[0] : arguments.integers(position);
    boolean keepDimensions = arguments.bool(keep);
    if (dims.length == 0) {
      return new TensorSpec(self.dtype(), overAll(self.shape(), keepDimensions));
    }
    Shape shape = self.shape();
    boolean[] folded = new boolean[Math.max(1, shape.rank())];
    for (long dim : dims) {
      int index = arguments.dimension(position, dim, shape.rank());
      if (folded[index]) {
        throw arguments.invalid(position, "dimensions named once", "dimension " + index + " twice");
      }
      folded[index] = true;
    }
    for (int dim = shape.rank() - 1; dim >= 0; dim--) {
      if (folded[dim]) {
        shape = keepDimensions ? shape.with(dim, 1) : shape.without(dim);
      }
    }
    return new TensorSpec(self.dtype(), shape);
  }

  private static TensorSpec overOne(OperatorArguments arguments) {
    TensorSpec self = arguments.tensor(0);
    int dim = arguments.dimension(1, self.shape().rank());
    if (self.shape().rank() == 0) {
      return self;
    }
    return new TensorSpec(
        self.dtype(), arguments.bool(2) ? self.shape().with(dim, 1) : self.shape().without(dim));
  }

  private static Shape overAll(Shape shape, boolean keepDimensions) {
    if (!keepDimensions) {
      return Shape.SCALAR;
    }
    Shape ones = shape;
    for (int dim = 0; dim < shape.rank(); dim++) {
      ones = ones.with(dim, 1);
    }
    return ones;
  }

  private static TensorSpec typed(OperatorArguments arguments, TensorSpec spec, int dtype) {
    return arguments.isAbsent(dtype) ? spec : new TensorSpec(arguments.dtype(dtype), spec.shape());
  }

  /** Sums and products of integers are int64 unless the call says otherwise. */
  private static TensorSpec widened(OperatorArguments arguments, TensorSpec spec, int dtype) {
    boolean integral = spec.dtype() == DType.BOOL || spec.dtype().isInteger();
    return typed(arguments, integral ? new TensorSpec(DType.INT64, spec.shape()) : spec, dtype);
  }
}
