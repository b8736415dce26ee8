package dev.sconce.runtime.internal.operator.aten;

import dev.sconce.ops.SliceRange;
import dev.sconce.runtime.internal.execution.OperatorFailure;
import dev.sconce.runtime.internal.operator.OperatorCall;
import dev.sconce.runtime.internal.operator.OperatorFamily;
import dev.sconce.runtime.internal.operator.OperatorTable;
import dev.sconce.runtime.internal.operator.RuledTable;
import dev.sconce.runtime.internal.operator.element.Layouts;
import dev.sconce.runtime.internal.operator.element.View;
import dev.sconce.runtime.internal.slot.IntListSlot;
import dev.sconce.runtime.internal.slot.ScalarSlot;
import dev.sconce.runtime.internal.slot.TensorListSlot;
import dev.sconce.runtime.internal.slot.TensorSlot;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Operators that move elements: each is a window onto its argument or its result, and a copy. */
public final class RearrangementOperators implements OperatorFamily {

  /** Says which window of an argument becomes the result. */
  @FunctionalInterface
  private interface Window {
    View of(View self, OperatorCall call);
  }

  @Override
  public void addTo(OperatorTable plain) {
    RuledTable table = new RuledTable(plain);
    window(table, "expand_copy", (self, call) -> self.expand(Layouts.sizes(out(call))));
    window(
        table,
        "permute_copy",
        (self, call) -> {
          int[] order = new int[self.sizes().length];
          for (int i = 0; i < order.length; i++) {
            order[i] = Operands.dimension(call.ints(1).get(i), order.length);
          }
          return self.permute(order);
        });
    window(table, "t_copy", (self, call) -> self.sizes().length < 2 ? self : self.permute(1, 0));
    window(
        table,
        "transpose_copy.int_",
        (self, call) -> transpose(self, dimension(self, call, 1), dimension(self, call, 2)));
    window(
        table,
        "select_copy.int_",
        (self, call) -> {
          int dim = dimension(self, call, 1);
          return self.select(dim, wrap(call.integer(2).longValue(), self.sizes()[dim]));
        });
    window(
        table,
        "slice_copy.Tensor_",
        (self, call) -> {
          int dim = dimension(self, call, 1);
          SliceRange range = range(call, 2, self.sizes()[dim]);
          return self.slice(dim, range.start(), range.length(), range.step());
        });
    window(
        table,
        "narrow_copy",
        (self, call) -> {
          int dim = dimension(self, call, 1);
          long start = wrap(call.integer(2).longValue(), self.sizes()[dim]);
          return self.slice(dim, start, call.integer(3).longValue(), 1);
        });
    window(
        table,
        "flip",
        (self, call) -> {
          View flipped = self;
          for (long dim : call.ints(1).toArray()) {
            int rank = self.sizes().length;
            int at = Operands.dimension(dim, rank);
            flipped = rank == 0 ? flipped : flipped.flip(at);
          }
          return flipped;
        });
    window(
        table,
        "as_strided_copy",
        (self, call) -> {
          ScalarSlot offset = call.optionalInteger(3);
          View line = self.as(new long[] {call.tensor(0).numel()}, new long[] {1});
          View from = line.slice(0, offset == null ? 0 : offset.longValue(), 0, 1);
          return from.as(call.ints(1).toArray(), call.ints(2).toArray());
        });
    window(table, "diagonal_copy", RearrangementOperators::diagonal);
    window(
        table,
        "unfold_copy",
        (self, call) -> {
          View vector = self.sizes().length == 0 ? self.as(new long[] {1}, new long[] {1}) : self;
          int dim = dimension(vector, call, 1);
          long size = call.integer(2).longValue();
          long step = call.integer(3).longValue();
          long stride = vector.stride(dim);
          long windows = (vector.sizes()[dim] - size) / step + 1;
          View stepped = vector.slice(dim, 0, windows, step);
          return stepped.insert(stepped.sizes().length, size, stride);
        });
    table.addUntyped("aten::pixel_shuffle.out", call -> context -> pixelShuffle(call));
    table.addUntyped("aten::pixel_unshuffle.out", call -> context -> pixelUnshuffle(call));

    table.addUntyped(
        "aten::repeat.out",
        call -> {
          TensorSlot self = call.tensor(0);
          TensorSlot out = call.tensor(2);
          return context -> repeat(View.of(self), View.of(out));
        });
    table.add("aten::cat.out", call -> context -> concatenate(call));
    table.add("aten::stack.out", call -> context -> stack(call));
    table.addUntyped(
        "aten::split_copy.Tensor_out",
        call -> context -> split(call, call.integer(2), null, call.integer(1).longValue()));
    table.addUntyped(
        "aten::split_with_sizes_copy.out",
        call -> context -> split(call, call.integer(2), call.ints(1), 0));
    table.addUntyped("aten::unbind_copy.int_out", call -> context -> unbind(call));
    table.addUntyped("aten::roll.out", call -> context -> roll(call));
    table.addUntyped(
        "aten::select_scatter.out",
        call ->
            context -> {
              View out = copyOfSelf(call);
              int dim = Operands.dimension(call.integer(2).longValue(), out.sizes().length);
              long index = Operands.index("self", call.integer(3).longValue(), out.sizes()[dim]);
              assign(call.tensor(1), out.select(dim, index));
            });
    table.addUntyped(
        "aten::slice_scatter.out",
        call ->
            context -> {
              View out = copyOfSelf(call);
              int dim = Operands.dimension(call.integer(2).longValue(), out.sizes().length);
              SliceRange range = range(call, 3, out.sizes()[dim]);
              assign(call.tensor(1), out.slice(dim, range.start(), range.length(), range.step()));
            });
  }

  private static void window(RuledTable table, String name, Window window) {
    table.addUntyped(
        "aten::" + name + (name.endsWith("_") ? "out" : ".out"),
        call -> {
          TensorSlot self = call.tensor(0);
          TensorSlot out = out(call);
          return context -> window.of(View.of(self), call).copyTo(View.of(out));
        });
  }

  private static TensorSlot out(OperatorCall call) {
    return call.tensor(call.size() - 2);
  }

  private static int dimension(View self, OperatorCall call, int position) {
    return Operands.dimension(call.integer(position).longValue(), self.sizes().length);
  }

  private static long wrap(long index, long size) {
    return index < 0 ? index + size : index;
  }

  private static SliceRange range(OperatorCall call, int position, long size) {
    ScalarSlot start = call.optionalInteger(position);
    ScalarSlot end = call.optionalInteger(position + 1);
    long step = call.integer(position + 2).longValue();
    if (step <= 0) {
      throw OperatorFailure.of("step: expected a positive number, found %d", step);
    }
    return SliceRange.of(
        start == null ? 0 : start.longValue(), end == null ? size : end.longValue(), step, size);
  }

  private static View transpose(View self, int first, int second) {
    int[] order = new int[self.sizes().length];
    for (int i = 0; i < order.length; i++) {
      order[i] = i == first ? second : i == second ? first : i;
    }
    return self.permute(order);
  }

  private static View diagonal(View self, OperatorCall call) {
    int rows = dimension(self, call, 2);
    int columns = dimension(self, call, 3);
    long offset = call.integer(1).longValue();
    TensorSlot out = out(call);
    long length = out.size(out.rank() - 1);
    // A diagonal outside the matrix is empty, wherever it would start.
    long row = length == 0 ? 0 : Math.max(0, -offset);
    long column = length == 0 ? 0 : Math.max(0, offset);
    long stride = self.stride(rows) + self.stride(columns);
    View start = self.slice(rows, row, 1, 1).slice(columns, column, 1, 1);
    View others = start.select(Math.max(rows, columns), 0).select(Math.min(rows, columns), 0);
    return others.insert(others.sizes().length, length, stride);
  }

  /**
   * [C·r·r, H, W] becomes [C, H·r, W·r]: channel c of the argument holds, of each block of r × r
   * pixels of the result's channel c div r², the one at row c div r mod r and column c mod r.
   */
  private static void pixelShuffle(OperatorCall call) {
    View self = View.of(call.tensor(0));
    long factor = call.integer(1).longValue();
    int rank = self.sizes().length;
    int channels = rank - 3;
    long stride = self.stride(channels);
    View split =
        self.slice(channels, 0, self.sizes()[channels] / (factor * factor), factor * factor)
            .insert(rank, factor, stride)
            .insert(rank, factor, stride * factor);
    int[] order = new int[rank + 2];
    for (int i = 0; i <= channels; i++) {
      order[i] = i;
    }
    order[channels + 1] = rank - 2;
    order[channels + 2] = rank;
    order[channels + 3] = rank - 1;
    order[channels + 4] = rank + 1;
    Reshape.copy(split.permute(order), View.of(out(call)));
  }

  private static void pixelUnshuffle(OperatorCall call) {
    View self = View.of(call.tensor(0));
    long factor = call.integer(1).longValue();
    int height = self.sizes().length - 2;
    int width = height + 1;
    View split =
        self.slice(height, 0, self.sizes()[height] / factor, factor)
            .slice(width, 0, self.sizes()[width] / factor, factor)
            .insert(height, factor, self.stride(width))
            .insert(height, factor, self.stride(height));
    Reshape.copy(split, View.of(out(call)));
  }

  private static void repeat(View self, View out) {
    int rank = out.sizes().length;
    int added = rank - self.sizes().length;
    View source = self;
    View target = out;
    // Each dimension of the result is seen as two: how often, and the argument's own.
    for (int dim = rank - 1; dim >= 0; dim--) {
      long own = dim < added ? 1 : self.sizes()[dim - added];
      long times = own == 0 ? 0 : out.sizes()[dim] / own;
      source = source.insert(Math.max(0, dim - added), times, 0);
      long stride = out.stride(dim);
      target = target.slice(dim, 0, own, 1).insert(dim, times, stride * own);
      if (dim < added) {
        target = target.select(dim + 1, 0);
      }
    }
    source.copyTo(target);
  }

  private static void concatenate(OperatorCall call) {
    TensorListSlot tensors = call.tensors(0);
    View out = View.of(call.tensor(2));
    int dim = out.sizes().length == 0 ? 0 : dimension(out, call, 1);
    long start = 0;
    for (int i = 0; i < tensors.size(); i++) {
      TensorSlot part = tensors.get(i);
      if (part.numel() > 0) {
        long size = part.size(dim);
        View.of(part).copyTo(out.slice(dim, start, size, 1));
        start += size;
      }
    }
  }

  private static void stack(OperatorCall call) {
    TensorListSlot tensors = call.tensors(0);
    View out = View.of(call.tensor(2));
    int dim = dimension(out, call, 1);
    for (int i = 0; i < tensors.size(); i++) {
      View.of(tensors.get(i)).copyTo(out.select(dim, i));
    }
  }

  private static void split(
      OperatorCall call, ScalarSlot dimension, @Nullable IntListSlot sizes, long size) {
    View self = View.of(call.tensor(0));
    int dim = Operands.dimension(dimension.longValue(), self.sizes().length);
    TensorListSlot outs = call.tensors(3);
    long start = 0;
    for (int i = 0; i < outs.size(); i++) {
      View out = View.of(outs.get(i));
      self.slice(dim, start, out.sizes()[dim], 1).copyTo(out);
      start += sizes == null ? size : sizes.get(i);
    }
  }

  private static void unbind(OperatorCall call) {
    View self = View.of(call.tensor(0));
    int dim = dimension(self, call, 1);
    TensorListSlot outs = call.tensors(2);
    for (int i = 0; i < outs.size(); i++) {
      self.select(dim, i).copyTo(View.of(outs.get(i)));
    }
  }

  private static void roll(OperatorCall call) {
    TensorSlot self = call.tensor(0);
    long[] shifts = call.ints(1).toArray();
    long[] dims = call.ints(2).toArray();
    View from = View.of(self);
    View to = View.of(call.tensor(3));
    if (dims.length == 0 && shifts.length == 1 && self.isContiguous()) {
      // Without dimensions the tensor rolls as one line.
      long[] line = {self.numel()};
      long[] step = {1};
      roll(from.as(line, step), to.as(line, step), new int[] {0}, shifts, 0);
      return;
    }
    if (shifts.length != dims.length) {
      throw OperatorFailure.of(
          "expected a shift for each of %d dimensions, found %d", dims.length, shifts.length);
    }
    int[] wrapped = new int[dims.length];
    for (int i = 0; i < dims.length; i++) {
      wrapped[i] = Operands.dimension(dims[i], self.rank());
    }
    roll(from, to, self.rank() == 0 ? new int[0] : wrapped, shifts, 0);
  }

  /** Rolling splits a dimension in two parts that change places; so on inside each part. */
  private static void roll(View from, View to, int[] dims, long[] shifts, int done) {
    if (done == dims.length) {
      from.copyTo(to);
      return;
    }
    int dim = dims[done];
    long size = from.sizes()[dim];
    if (size == 0) {
      return;
    }
    long shift = Math.floorMod(shifts[done], size);
    for (int later = done + 1; later < dims.length; later++) {
      if (dims[later] == dim) {
        shifts[later] = Math.floorMod(shifts[later] + shift, size);
        roll(from, to, dims, shifts, done + 1);
        return;
      }
    }
    roll(
        from.slice(dim, 0, size - shift, 1),
        to.slice(dim, shift, size - shift, 1),
        dims,
        shifts,
        done + 1);
    roll(
        from.slice(dim, size - shift, shift, 1),
        to.slice(dim, 0, shift, 1),
        dims,
        shifts,
        done + 1);
  }

  private static View copyOfSelf(OperatorCall call) {
    View out = View.of(out(call));
    View.of(call.tensor(0)).copyTo(out);
    return out;
  }

  private static void assign(TensorSlot source, View target) {
    View from = View.of(source);
    if (!Arrays.equals(from.sizes(), target.sizes())) {
      throw OperatorFailure.of(
          "src: expected shape %s, found %s", Arrays.toString(target.sizes()), source);
    }
    from.copyTo(target);
  }
}
