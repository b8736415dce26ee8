package dev.sconce.ops;

import dev.sconce.base.DType;
import java.util.List;
import java.util.Optional;

/** Rules of operators that pick or replace elements by position. */
final class IndexingRules {

  private IndexingRules() {}

  static void addTo(ResultRules.Table table) {
    table.add("aten::embedding.out", IndexingRules::embedding);
    table.add("aten::gather.out", IndexingRules::gather);
    table.add("aten::index.Tensor_out", IndexingRules::index);
    for (String name :
        List.of(
            "index_put.out",
            "index_put_",
            "scatter.src_out",
            "scatter.value_out",
            "scatter_add.out",
            "select_scatter.out",
            "slice_scatter.out")) {
      table.add("aten::" + name, arguments -> List.of(arguments.tensor(0)));
    }
    table.add("aten::index_select.out", IndexingRules::indexSelect);
    table.add("aten::masked_scatter.out", ElementwiseRules::masked);
    table.add("aten::masked_select.out", IndexingRules::maskedSelect);
    table.add("aten::narrow_copy.out", IndexingRules::narrow);
    table.add("aten::nonzero.out", IndexingRules::nonzero);
    table.add("aten::repeat_interleave.Tensor_out", IndexingRules::repeatInterleave);
    table.add("aten::select_copy.int_out", IndexingRules::select);
    table.add("aten::slice_copy.Tensor_out", IndexingRules::slice);
  }

  private static List<TensorSpec> embedding(OperatorArguments arguments) {
    TensorSpec weight = arguments.tensor(0);
    if (weight.shape().rank() != 2) {
      throw arguments.invalid(0, "a matrix", weight.toString());
    }
    Shape indices = arguments.tensor(1).shape();
    return List.of(
        new TensorSpec(weight.dtype(), indices.insert(indices.rank(), weight.shape().size(1))));
  }

  private static List<TensorSpec> gather(OperatorArguments arguments) {
    TensorSpec self = arguments.tensor(0);
    Shape index = arguments.tensor(2).shape();
    int dim = arguments.dimension(1, self.shape().rank());
    boolean fits = Math.max(1, index.rank()) == Math.max(1, self.shape().rank());
    for (int d = 0; fits && index.elements() > 0 && d < index.rank(); d++) {
      fits = d == dim || index.size(d) <= (self.shape().rank() == 0 ? 1 : self.shape().size(d));
    }
    if (!fits) {
      throw arguments.invalid(2, "sizes that fit in " + self, index.toString());
    }
    return List.of(new TensorSpec(self.dtype(), index));
  }

  /**
   * Advanced indexing: the indices broadcast; the dimensions they make stand where the indexed ones
   * were if these are neighbours, in front otherwise. A mask counts as one index for each of its
   * dimensions, with as many entries as it may hold at most.
   */
  private static List<TensorSpec> index(OperatorArguments arguments) {
    TensorSpec self = arguments.tensor(0);
    List<Optional<TensorSpec>> indices = arguments.tensors(1);
    Shape block = null;
    int first = -1;
    boolean adjacent = true;
    boolean gap = false;
    int dim = 0;
    boolean[] indexed = new boolean[self.shape().rank() + 1];
    for (Optional<TensorSpec> index : indices) {
      if (index.isEmpty()) {
        gap |= first >= 0;
        dim++;
        continue;
      }
      Shape shape = index.get().shape();
      boolean mask = index.get().dtype() == DType.BOOL || index.get().dtype() == DType.UINT8;
      int consumed = mask ? shape.rank() : 1;
      Shape entries = mask ? Shape.of(shape.elements()) : shape;
      if (dim + consumed > self.shape().rank()) {
        throw arguments.invalid(
            1, "at most " + self.shape().rank() + " indices", "more, counting masks' dimensions");
      }
      for (int d = 0; d < consumed; d++) {
        indexed[dim + d] = true;
        if (mask && shape.size(d) != self.shape().size(dim + d)) {
          throw arguments.invalid(1, "a mask of sizes of " + self, shape.toString());
        }
      }
      block =
          block == null
              ? entries
              : ElementwiseRules.shape(arguments, 1, block, new TensorSpec(DType.INT64, entries));
      adjacent &= !gap;
      first = first < 0 ? dim : first;
      dim += consumed;
    }
    if (block == null) {
      return List.of(self);
    }
    Shape shape = Shape.SCALAR;
    int at = adjacent ? first : 0;
    for (int d = 0; d < self.shape().rank(); d++) {
      shape = indexed[d] ? shape : shape.insert(shape.rank(), self.shape().size(d));
    }
    for (int d = 0; d < block.rank(); d++) {
      shape = shape.insert(at + d, block.size(d));
    }
    return List.of(new TensorSpec(self.dtype(), shape));
  }

  private static List<TensorSpec> indexSelect(OperatorArguments arguments) {
    TensorSpec self = arguments.tensor(0);
    Shape index = arguments.tensor(2).shape();
    int dim = arguments.dimension(1, self.shape().rank());
    if (index.rank() > 1) {
      throw arguments.invalid(2, "a vector", index.toString());
    }
    if (self.shape().rank() == 0) {
      return List.of(self);
    }
    return List.of(new TensorSpec(self.dtype(), self.shape().with(dim, index.elements())));
  }

  private static List<TensorSpec> maskedSelect(OperatorArguments arguments) {
    TensorSpec self = arguments.tensor(0);
    Shape both = ElementwiseRules.shape(arguments, 1, self.shape(), arguments.tensor(1));
    return List.of(new TensorSpec(self.dtype(), Shape.of(both.elements())));
  }

  private static List<TensorSpec> nonzero(OperatorArguments arguments) {
    Shape self = arguments.tensor(0).shape();
    return List.of(new TensorSpec(DType.INT64, Shape.of(self.elements(), self.rank())));
  }

  private static List<TensorSpec> repeatInterleave(OperatorArguments arguments) {
    TensorSpec repeats = arguments.tensor(0);
    if (repeats.shape().rank() != 1) {
      throw arguments.invalid(0, "a vector", repeats.toString());
    }
    // Without output_size only the data tell: the out argument says how much there may be.
    long size =
        arguments.isAbsent(1) ? arguments.tensor(2).shape().elements() : arguments.integer(1);
    return List.of(new TensorSpec(repeats.dtype(), Shape.of(size)));
  }

  private static List<TensorSpec> select(OperatorArguments arguments) {
    TensorSpec self = arguments.tensor(0);
    int dim = RearrangementRules.ranked(arguments, 1);
    checkIndex(arguments, 2, self.shape().size(dim));
    return List.of(new TensorSpec(self.dtype(), self.shape().without(dim)));
  }

  static void checkIndex(OperatorArguments arguments, int position, long size) {
    long index = arguments.integer(position);
    if (index < -size || index >= size) {
      throw arguments.invalid(
          position, "an index between " + -size + " and " + (size - 1), Long.toString(index));
    }
  }

  private static List<TensorSpec> narrow(OperatorArguments arguments) {
    TensorSpec self = arguments.tensor(0);
    int dim = RearrangementRules.ranked(arguments, 1);
    long size = self.shape().size(dim);
    long start = arguments.integer(2);
    long length = arguments.integer(3);
    long from = start < 0 ? start + size : start;
    if (from < 0 || from > size || length < 0 || length > size - from) {
      throw arguments.invalid(
          2, "a range inside " + size, "%d elements from %d".formatted(length, start));
    }
    return List.of(new TensorSpec(self.dtype(), self.shape().with(dim, length)));
  }

  private static List<TensorSpec> slice(OperatorArguments arguments) {
    TensorSpec self = arguments.tensor(0);
    int dim = RearrangementRules.ranked(arguments, 1);
    SliceRange range = SliceRange.of(arguments, 2, self.shape().size(dim));
    return List.of(new TensorSpec(self.dtype(), self.shape().with(dim, range.length())));
  }
}
