package dev.sconce.ops;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Rules of operators that move elements without computing on them. */
final class RearrangementRules {

  private RearrangementRules() {}

  static void addTo(ResultRules.Table table) {
    table.add("aten::view_copy.out", RearrangementRules::view);
    table.add("executorch_prim::et_view.default", RearrangementRules::view);
    table.add("aten::expand_copy.out", RearrangementRules::expand);
    table.add("aten::permute_copy.out", RearrangementRules::permute);
    table.add("aten::t_copy.out", RearrangementRules::transposeMatrix);
    table.add("aten::transpose_copy.int_out", RearrangementRules::transpose);
    table.add("aten::unsqueeze_copy.out", RearrangementRules::unsqueeze);
    table.add("aten::squeeze_copy.dim_out", RearrangementRules::squeezeOne);
    table.add("aten::squeeze_copy.dims_out", RearrangementRules::squeezeSeveral);
    table.add("aten::cat.out", RearrangementRules::cat);
    table.add("aten::stack.out", RearrangementRules::stack);
    table.add("aten::split_copy.Tensor_out", RearrangementRules::split);
    table.add("aten::split_with_sizes_copy.out", RearrangementRules::splitWithSizes);
    table.add("aten::unbind_copy.int_out", RearrangementRules::unbind);
    table.add("aten::repeat.out", RearrangementRules::repeat);
    table.add("aten::as_strided_copy.out", RearrangementRules::asStrided);
    table.add("aten::diagonal_copy.out", RearrangementRules::diagonal);
    table.add("aten::unfold_copy.out", RearrangementRules::unfold);
    table.add("aten::view_as_real_copy.out", RearrangementRules::viewAsReal);
    table.add("aten::constant_pad_nd.out", arguments -> pad(arguments, Integer.MAX_VALUE));
    for (int dims = 1; dims <= 3; dims++) {
      int padded = dims;
      for (String kind : List.of("reflection", "replication")) {
        table.add("aten::" + kind + "_pad" + dims + "d.out", arguments -> pad(arguments, padded));
      }
    }
    table.add("aten::pixel_shuffle.out", RearrangementRules::pixelShuffle);
    table.add("aten::pixel_unshuffle.out", RearrangementRules::pixelUnshuffle);
  }

  private static List<TensorSpec> of(TensorSpec self, long... sizes) {
    return List.of(new TensorSpec(self.dtype(), Shape.of(sizes)));
  }

  private static List<TensorSpec> of(TensorSpec self, Shape shape) {
    return List.of(new TensorSpec(self.dtype(), shape));
  }

  private static List<TensorSpec> view(OperatorArguments arguments) {
    TensorSpec self = arguments.tensor(0);
    long[] sizes = arguments.integers(1);
    long elements = self.shape().elements();
    long known = 1;
    int inferred = -1;
    for (int i = 0; i < sizes.length; i++) {
      if (sizes[i] == -1 && inferred < 0) {
        inferred = i;
      } else if (sizes[i] < 0) {
        throw arguments.invalid(1, "sizes, one of them -1 at most", Shape.of(sizes).toString());
      } else {
        known = Math.multiplyExact(known, sizes[i]);
      }
    }
    if (inferred >= 0 && known > 0 && elements % known == 0) {
      sizes[inferred] = elements / known;
    } else if (inferred >= 0 || known != elements) {
      throw arguments.invalid(1, "sizes for " + elements + " elements", Shape.of(sizes).toString());
    }
    return of(self, sizes);
  }

  private static List<TensorSpec> expand(OperatorArguments arguments) {
    TensorSpec self = arguments.tensor(0);
    long[] sizes = arguments.integers(1);
    int added = sizes.length - self.shape().rank();
    for (int i = 0; i < sizes.length; i++) {
      long own = i >= added && added >= 0 ? self.shape().size(i - added) : 1;
      boolean kept = sizes[i] == -1 && i >= added;
      if (added < 0 || (!kept && sizes[i] != own && own != 1) || (!kept && sizes[i] < 0)) {
        throw arguments.invalid(
            1, "sizes to which " + self + " expands", Shape.of(sizes).toString());
      }
      sizes[i] = kept ? own : sizes[i];
    }
    if (added < 0) {
      throw arguments.invalid(1, "at least " + self.shape().rank() + " sizes", "none");
    }
    return of(self, sizes);
  }

  private static List<TensorSpec> permute(OperatorArguments arguments) {
    TensorSpec self = arguments.tensor(0);
    long[] dims = arguments.integers(1);
    int rank = self.shape().rank();
    boolean[] seen = new boolean[Math.max(rank, 1)];
    long[] sizes = new long[dims.length];
    if (dims.length != rank) {
      throw arguments.invalid(1, "every dimension of " + self + " once", Shape.of(dims).toString());
    }
    for (int i = 0; i < rank; i++) {
      int dim = arguments.dimension(1, dims[i], rank);
      if (seen[dim]) {
        throw arguments.invalid(
            1, "every dimension of " + self + " once", Shape.of(dims).toString());
      }
      seen[dim] = true;
      sizes[i] = self.shape().size(dim);
    }
    return of(self, sizes);
  }

  private static List<TensorSpec> transposeMatrix(OperatorArguments arguments) {
    TensorSpec self = arguments.tensor(0);
    Shape shape = self.shape();
    if (shape.rank() > 2) {
      throw arguments.invalid(0, "at most two dimensions", shape.toString());
    }
    return shape.rank() < 2 ? List.of(self) : of(self, shape.size(1), shape.size(0));
  }

  private static List<TensorSpec> transpose(OperatorArguments arguments) {
    TensorSpec self = arguments.tensor(0);
    Shape shape = self.shape();
    int first = arguments.dimension(1, shape.rank());
    int second = arguments.dimension(2, shape.rank());
    if (shape.rank() == 0) {
      return List.of(self);
    }
    return of(self, shape.with(first, shape.size(second)).with(second, shape.size(first)));
  }

  private static List<TensorSpec> unsqueeze(OperatorArguments arguments) {
    TensorSpec self = arguments.tensor(0);
    return of(self, self.shape().insert(arguments.dimension(1, self.shape().rank() + 1), 1));
  }

  private static List<TensorSpec> squeezeOne(OperatorArguments arguments) {
    TensorSpec self = arguments.tensor(0);
    int dim = arguments.dimension(1, self.shape().rank());
    boolean one = self.shape().rank() > 0 && self.shape().size(dim) == 1;
    return one ? of(self, self.shape().without(dim)) : List.of(self);
  }

  private static List<TensorSpec> squeezeSeveral(OperatorArguments arguments) {
    TensorSpec self = arguments.tensor(0);
    int rank = self.shape().rank();
    boolean[] named = new boolean[Math.max(rank, 1)];
    for (long dim : arguments.integers(1)) {
      named[arguments.dimension(1, dim, rank)] = true;
    }
    Shape shape = self.shape();
    for (int dim = rank - 1; dim >= 0; dim--) {
      shape = named[dim] && shape.size(dim) == 1 ? shape.without(dim) : shape;
    }
    return of(self, shape);
  }

  private static List<TensorSpec> cat(OperatorArguments arguments) {
    List<TensorSpec> tensors = present(arguments);
    // PyTorch skips empty vectors whatever the rank of the others.
    List<TensorSpec> counted =
        tensors.stream().filter(t -> !t.shape().equals(Shape.of(0))).toList();
    if (counted.isEmpty()) {
      return List.of(tensors.getFirst());
    }
    TensorSpec first = counted.getFirst();
    int rank = first.shape().rank();
    if (rank == 0) {
      throw arguments.invalid(0, "tensors with dimensions", first.toString());
    }
    int dim = arguments.dimension(1, rank);
    TensorSpec result = first;
    for (TensorSpec other : counted.subList(1, counted.size())) {
      if (other.shape().rank() != rank
          || !other.shape().with(dim, 0).equals(first.shape().with(dim, 0))) {
        throw arguments.invalid(
            0,
            "shapes that differ from " + first.shape() + " in dimension " + dim + " at most",
            other.shape().toString());
      }
      result =
          new TensorSpec(
              TypePromotion.promote(result.dtype(), other.dtype()).orElse(result.dtype()),
              result.shape().with(dim, result.shape().size(dim) + other.shape().size(dim)));
    }
    return List.of(result);
  }

  private static List<TensorSpec> stack(OperatorArguments arguments) {
    List<TensorSpec> tensors = present(arguments);
    TensorSpec first = tensors.getFirst();
    int dim = arguments.dimension(1, first.shape().rank() + 1);
    for (TensorSpec other : tensors) {
      if (!other.shape().equals(first.shape())) {
        throw arguments.invalid(0, "tensors of shape " + first.shape(), other.shape().toString());
      }
    }
    return of(first, first.shape().insert(dim, tensors.size()));
  }

  private static List<TensorSpec> present(OperatorArguments arguments) {
    List<TensorSpec> tensors = arguments.tensors(0).stream().flatMap(Optional::stream).toList();
    if (tensors.isEmpty()) {
      throw arguments.invalid(0, "at least one tensor", "none");
    }
    return tensors;
  }

  private static List<TensorSpec> split(OperatorArguments arguments) {
    TensorSpec self = arguments.tensor(0);
    int dim = ranked(arguments, 2);
    long size = self.shape().size(dim);
    long part = arguments.integer(1);
    if (part < 0 || (part == 0 && size != 0)) {
      throw arguments.invalid(1, "a positive size", Long.toString(part));
    }
    List<TensorSpec> results = new ArrayList<>();
    for (long start = 0; start < size || results.isEmpty(); start += part) {
      results.add(
          new TensorSpec(self.dtype(), self.shape().with(dim, Math.min(part, size - start))));
    }
    return results;
  }

  private static List<TensorSpec> splitWithSizes(OperatorArguments arguments) {
    TensorSpec self = arguments.tensor(0);
    int dim = ranked(arguments, 2);
    List<TensorSpec> results = new ArrayList<>();
    long sum = 0;
    for (long size : arguments.integers(1)) {
      if (size < 0) {
        throw arguments.invalid(1, "sizes that are not negative", Long.toString(size));
      }
      sum = Math.addExact(sum, size);
      results.add(new TensorSpec(self.dtype(), self.shape().with(dim, size)));
    }
    if (sum != self.shape().size(dim)) {
      throw arguments.invalid(
          1, "sizes that add up to " + self.shape().size(dim), Long.toString(sum));
    }
    return results;
  }

  private static List<TensorSpec> unbind(OperatorArguments arguments) {
    TensorSpec self = arguments.tensor(0);
    int dim = ranked(arguments, 1);
    TensorSpec part = new TensorSpec(self.dtype(), self.shape().without(dim));
    List<TensorSpec> results = new ArrayList<>();
    for (long i = 0; i < self.shape().size(dim); i++) {
      results.add(part);
    }
    return results;
  }

  /** Returns the dimension that an argument names, of a tensor that must have one. */
  static int ranked(OperatorArguments arguments, int position) {
    Shape self = arguments.tensor(0).shape();
    if (self.rank() == 0) {
      throw arguments.invalid(0, "a tensor with dimensions", self.toString());
    }
    return arguments.dimension(position, self.rank());
  }

  private static List<TensorSpec> repeat(OperatorArguments arguments) {
    TensorSpec self = arguments.tensor(0);
    long[] repeats = arguments.integers(1);
    int added = repeats.length - self.shape().rank();
    for (int i = 0; i < repeats.length; i++) {
      if (added < 0 || repeats[i] < 0) {
        throw arguments.invalid(
            1, "a count for every dimension of " + self, Shape.of(repeats).toString());
      }
      repeats[i] = Math.multiplyExact(repeats[i], i < added ? 1 : self.shape().size(i - added));
    }
    if (added < 0) {
      throw arguments.invalid(1, "a count for every dimension of " + self, "none");
    }
    return of(self, repeats);
  }

  private static List<TensorSpec> asStrided(OperatorArguments arguments) {
    TensorSpec self = arguments.tensor(0);
    long[] sizes = arguments.integers(1);
    long[] strides = arguments.integers(2);
    long last = arguments.isAbsent(3) ? 0 : arguments.integer(3);
    boolean empty = false;
    boolean legal = sizes.length == strides.length && last >= 0;
    for (int i = 0; legal && i < sizes.length; i++) {
      legal = sizes[i] >= 0 && strides[i] >= 0;
      empty |= sizes[i] == 0;
      last = legal ? Math.addExact(last, Math.multiplyExact(sizes[i] - 1, strides[i])) : last;
    }
    if (!legal || (!empty && last >= self.shape().elements())) {
      throw arguments.invalid(
          1,
          "sizes and strides inside " + self,
          "sizes %s, strides %s".formatted(Shape.of(sizes), Shape.of(strides)));
    }
    return of(self, sizes);
  }

  private static List<TensorSpec> diagonal(OperatorArguments arguments) {
    TensorSpec self = arguments.tensor(0);
    Shape shape = self.shape();
    int rows = ranked(arguments, 2);
    int columns = ranked(arguments, 3);
    if (rows == columns) {
      throw arguments.invalid(3, "another dimension than " + rows, Integer.toString(columns));
    }
    long offset = arguments.integer(1);
    long length =
        offset >= 0
            ? Math.min(shape.size(rows), shape.size(columns) - offset)
            : Math.min(shape.size(rows) + offset, shape.size(columns));
    Shape others = shape.without(Math.max(rows, columns)).without(Math.min(rows, columns));
    return of(self, others.insert(others.rank(), Math.max(0, length)));
  }

  private static List<TensorSpec> unfold(OperatorArguments arguments) {
    TensorSpec self = arguments.tensor(0);
    Shape shape = self.shape().rank() == 0 ? Shape.of(1) : self.shape();
    int dim = arguments.dimension(1, shape.rank());
    long size = arguments.integer(2);
    long step = arguments.integer(3);
    if (size < 0 || size > shape.size(dim)) {
      throw arguments.invalid(2, "a size up to " + shape.size(dim), Long.toString(size));
    }
    if (step <= 0) {
      throw arguments.invalid(3, "a positive step", Long.toString(step));
    }
    Shape windows = shape.with(dim, (shape.size(dim) - size) / step + 1);
    return of(self, windows.insert(windows.rank(), size));
  }

  private static List<TensorSpec> viewAsReal(OperatorArguments arguments) {
    TensorSpec self = arguments.tensor(0);
    int out = arguments.schema().arguments().size() - 1;
    return List.of(
        new TensorSpec(arguments.tensor(out).dtype(), self.shape().insert(self.shape().rank(), 2)));
  }

  /** Padding lists pairs from the last dimension backwards; negative widths crop. */
  private static List<TensorSpec> pad(OperatorArguments arguments, int dims) {
    TensorSpec self = arguments.tensor(0);
    long[] widths = arguments.integers(1);
    int rank = self.shape().rank();
    boolean pairs = widths.length % 2 == 0 && widths.length / 2 <= rank;
    if (!pairs || (dims != Integer.MAX_VALUE && widths.length != 2 * dims)) {
      throw arguments.invalid(1, "pairs for dimensions of " + self, Shape.of(widths).toString());
    }
    Shape shape = self.shape();
    for (int i = 0; i < widths.length / 2; i++) {
      int dim = rank - 1 - i;
      long size = Math.addExact(shape.size(dim), Math.addExact(widths[2 * i], widths[2 * i + 1]));
      if (size < 0) {
        throw arguments.invalid(1, "widths that leave something", Shape.of(widths).toString());
      }
      shape = shape.with(dim, size);
    }
    return of(self, shape);
  }

  private static List<TensorSpec> pixelShuffle(OperatorArguments arguments) {
    TensorSpec self = arguments.tensor(0);
    Shape shape = self.shape();
    int rank = shape.rank();
    long factor = factor(arguments);
    if (rank < 3 || shape.size(rank - 3) % (factor * factor) != 0) {
      throw arguments.invalid(0, "channels in groups of " + factor * factor, shape.toString());
    }
    return of(
        self,
        shape
            .with(rank - 3, shape.size(rank - 3) / (factor * factor))
            .with(rank - 2, Math.multiplyExact(shape.size(rank - 2), factor))
            .with(rank - 1, Math.multiplyExact(shape.size(rank - 1), factor)));
  }

  private static List<TensorSpec> pixelUnshuffle(OperatorArguments arguments) {
    TensorSpec self = arguments.tensor(0);
    Shape shape = self.shape();
    int rank = shape.rank();
    long factor = factor(arguments);
    if (rank < 3 || shape.size(rank - 2) % factor != 0 || shape.size(rank - 1) % factor != 0) {
      throw arguments.invalid(0, "height and width in multiples of " + factor, shape.toString());
    }
    return of(
        self,
        shape
            .with(rank - 3, Math.multiplyExact(shape.size(rank - 3), factor * factor))
            .with(rank - 2, shape.size(rank - 2) / factor)
            .with(rank - 1, shape.size(rank - 1) / factor));
  }

  private static long factor(OperatorArguments arguments) {
    long factor = arguments.integer(1);
    if (factor < 1 || factor > Short.MAX_VALUE) {
      throw arguments.invalid(1, "a positive factor", Long.toString(factor));
    }
    return factor;
  }
}
