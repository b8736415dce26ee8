package dev.sconce.ops;

import dev.sconce.base.DType;
import java.util.List;

/** Rules of matrix products, distances and Fourier transforms. */
final class LinearAlgebraRules {

  private LinearAlgebraRules() {}

  static void addTo(ResultRules.Table table) {
    table.add("aten::mm.out", arguments -> List.of(matrixProduct(arguments, 0, 1)));
    table.add(
        "aten::addmm.out",
        arguments -> {
          TensorSpec product = matrixProduct(arguments, 1, 2);
          if (!Broadcasting.expandsTo(arguments.tensor(0).shape(), product.shape())) {
            throw arguments.invalid(
                0, "a shape that expands to " + product.shape(), arguments.tensor(0).toString());
          }
          return List.of(product);
        });
    table.add("aten::bmm.out", LinearAlgebraRules::batched);
    table.add("aten::linear.out", LinearAlgebraRules::linear);
    table.add("aten::_cdist_forward.out", LinearAlgebraRules::distances);
    table.add("aten::_pdist_forward.out", LinearAlgebraRules::pairwiseDistances);
    table.add("aten::_fft_r2c.out", LinearAlgebraRules::realToComplex);
    table.add("aten::_fft_c2r.out", LinearAlgebraRules::complexToReal);
  }

  static TensorSpec matrixProduct(OperatorArguments arguments, int left, int right) {
    TensorSpec a = arguments.tensor(left);
    TensorSpec b = arguments.tensor(right);
    requireRank(arguments, left, a, 2);
    requireRank(arguments, right, b, 2);
    if (a.shape().size(1) != b.shape().size(0)) {
      throw arguments.invalid(right, a.shape().size(1) + " rows", b.toString());
    }
    return new TensorSpec(a.dtype(), Shape.of(a.shape().size(0), b.shape().size(1)));
  }

  static void requireRank(OperatorArguments arguments, int position, TensorSpec spec, int rank) {
    if (spec.shape().rank() != rank) {
      throw arguments.invalid(position, rank + " dimensions", spec.toString());
    }
  }

  private static List<TensorSpec> batched(OperatorArguments arguments) {
    TensorSpec a = arguments.tensor(0);
    TensorSpec b = arguments.tensor(1);
    requireRank(arguments, 0, a, 3);
    requireRank(arguments, 1, b, 3);
    if (a.shape().size(0) != b.shape().size(0) || a.shape().size(2) != b.shape().size(1)) {
      throw arguments.invalid(
          1,
          "%d matrices of %d rows".formatted(a.shape().size(0), a.shape().size(2)),
          b.toString());
    }
    return List.of(new TensorSpec(a.dtype(), a.shape().with(2, b.shape().size(2))));
  }

  private static List<TensorSpec> linear(OperatorArguments arguments) {
    TensorSpec input = arguments.tensor(0);
    TensorSpec weight = arguments.tensor(1);
    requireRank(arguments, 1, weight, 2);
    int last = input.shape().rank() - 1;
    if (last < 0 || input.shape().size(last) != weight.shape().size(1)) {
      throw arguments.invalid(0, "rows of " + weight.shape().size(1), input.toString());
    }
    long width = weight.shape().size(0);
    if (!arguments.isAbsent(2)
        && !Broadcasting.expandsTo(arguments.tensor(2).shape(), Shape.of(width))) {
      throw arguments.invalid(2, "a vector of " + width, arguments.tensor(2).toString());
    }
    return List.of(new TensorSpec(input.dtype(), input.shape().with(last, width)));
  }

  private static List<TensorSpec> distances(OperatorArguments arguments) {
    TensorSpec a = arguments.tensor(0);
    TensorSpec b = arguments.tensor(1);
    int rankA = a.shape().rank();
    int rankB = b.shape().rank();
    if (rankA < 2 || rankB < 2 || a.shape().size(rankA - 1) != b.shape().size(rankB - 1)) {
      throw arguments.invalid(1, "vectors as long as those of " + a, b.toString());
    }
    Shape batch =
        ElementwiseRules.shape(
            arguments,
            1,
            a.shape().without(rankA - 1).without(rankA - 2),
            new TensorSpec(b.dtype(), b.shape().without(rankB - 1).without(rankB - 2)));
    Shape shape =
        batch
            .insert(batch.rank(), a.shape().size(rankA - 2))
            .insert(batch.rank() + 1, b.shape().size(rankB - 2));
    return List.of(new TensorSpec(a.dtype(), shape));
  }

  private static List<TensorSpec> pairwiseDistances(OperatorArguments arguments) {
    TensorSpec self = arguments.tensor(0);
    requireRank(arguments, 0, self, 2);
    long n = self.shape().size(0);
    return List.of(new TensorSpec(self.dtype(), Shape.of(n * Math.max(0, n - 1) / 2)));
  }

  private static List<TensorSpec> realToComplex(OperatorArguments arguments) {
    TensorSpec self = arguments.tensor(0);
    int last = transformed(arguments);
    Shape shape =
        arguments.bool(3) ? self.shape().with(last, self.shape().size(last) / 2 + 1) : self.shape();
    DType complex =
        switch (self.dtype()) {
          case FLOAT64 -> DType.COMPLEX128;
          case FLOAT16 -> DType.COMPLEX32;
          default -> DType.COMPLEX64;
        };
    return List.of(new TensorSpec(complex, shape));
  }

  private static List<TensorSpec> complexToReal(OperatorArguments arguments) {
    TensorSpec self = arguments.tensor(0);
    int last = transformed(arguments);
    long size = arguments.integer(3);
    if (size < 1 || self.shape().size(last) < size / 2 + 1) {
      throw arguments.invalid(
          3, "a size between 1 and " + (2 * self.shape().size(last) - 1), Long.toString(size));
    }
    DType real =
        switch (self.dtype()) {
          case COMPLEX128 -> DType.FLOAT64;
          case COMPLEX32 -> DType.FLOAT16;
          default -> DType.FLOAT32;
        };
    return List.of(new TensorSpec(real, self.shape().with(last, size)));
  }

  private static int transformed(OperatorArguments arguments) {
    int rank = arguments.tensor(0).shape().rank();
    long[] dims = arguments.integers(1);
    if (dims.length == 0 || rank == 0) {
      throw arguments.invalid(1, "at least one dimension", "none");
    }
    int last = 0;
    for (long dim : dims) {
      last = arguments.dimension(1, dim, rank);
    }
    return last;
  }
}
