package dev.sconce.runtime.internal.operator.aten;

import dev.sconce.base.DType;
import dev.sconce.runtime.internal.execution.OperatorFailure;
import dev.sconce.runtime.internal.execution.Step;
import dev.sconce.runtime.internal.operator.OperatorCall;
import dev.sconce.runtime.internal.operator.OperatorFamily;
import dev.sconce.runtime.internal.operator.OperatorTable;
import dev.sconce.runtime.internal.operator.RuledTable;
import dev.sconce.runtime.internal.operator.element.Arithmetic;
import dev.sconce.runtime.internal.operator.element.Elements;
import dev.sconce.runtime.internal.operator.element.Layouts;
import dev.sconce.runtime.internal.operator.element.View;
import dev.sconce.runtime.internal.operator.element.Walk;
import dev.sconce.runtime.internal.slot.ScalarSlot;
import dev.sconce.runtime.internal.slot.TensorSlot;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Gathering and scattering along one dimension, embeddings, and what masks select. */
public final class IndexingOperators implements OperatorFamily {

  @Override
  public void addTo(OperatorTable plain) {
    RuledTable table = new RuledTable(plain);
    table.add("aten::embedding.out", IndexingOperators::bindEmbedding);
    table.add("aten::index_select.out", IndexingOperators::bindIndexSelect);
    table.add("aten::gather.out", IndexingOperators::bindGather);
    table.add("aten::scatter.src_out", call -> bindScatter(call, call.tensor(3), null, false));
    table.add("aten::scatter.value_out", call -> bindScatter(call, null, call.scalar(3), false));
    table.add("aten::scatter_add.out", call -> bindScatter(call, call.tensor(3), null, true));
    table.addUnsized("aten::masked_select.out", IndexingOperators::bindMaskedSelect);
    table.add("aten::masked_scatter.out", IndexingOperators::bindMaskedScatter);
    table.addUnsized("aten::nonzero.out", IndexingOperators::bindNonzero);
    table.addUnsized("aten::repeat_interleave.Tensor_out", IndexingOperators::bindRepeatInterleave);
  }

  private static Step bindEmbedding(OperatorCall call) {
    TensorSlot weight = call.tensor(0);
    TensorSlot indices = call.tensor(1);
    TensorSlot out = call.tensor(5);
    return context -> {
      Operands.requireIndices("indices", indices);
      View rows = View.of(weight);
      View results =
          View.of(out)
              .as(new long[] {indices.numel(), weight.size(1)}, new long[] {weight.size(1), 1});
      Elements index = Elements.of(indices);
      for (long i = 0; i < indices.numel(); i++) {
        long row = Operands.exactIndex("weight", index.getLong(i), weight.size(0));
        rows.select(0, row).copyTo(results.select(0, i));
      }
    };
  }

  private static Step bindIndexSelect(OperatorCall call) {
    TensorSlot self = call.tensor(0);
    ScalarSlot dimension = call.integer(1);
    TensorSlot index = call.tensor(2);
    TensorSlot out = call.tensor(3);
    return context -> {
      Operands.requireIndices("index", index);
      View from = View.of(self);
      View to = View.of(out);
      Elements indices = Elements.of(index);
      if (self.rank() == 0) {
        Operands.exactIndex("self", indices.getLong(0), 1);
        from.copyTo(to);
        return;
      }
      int dim = Operands.dimension(dimension.longValue(), self.rank());
      if (self.isContiguous() && out.isContiguous()) {
        selectPieces(self, dim, indices, index.numel(), out);
        return;
      }
      for (long i = 0; i < index.numel(); i++) {
        long at = Operands.exactIndex("self", indices.getLong(i), self.size(dim));
        from.select(dim, at).copyTo(to.select(dim, i));
      }
    };
  }

  /** Copies what lies in one piece for each index: all dimensions behind the one of the indices. */
  private static void selectPieces(
      TensorSlot self, int dim, Elements indices, long count, TensorSlot out) {
    long piece = self.dtype().size();
    for (int d = dim + 1; d < self.rank(); d++) {
      piece *= self.size(d);
    }
    long size = self.size(dim);
    MemorySegment from = Elements.memoryOf(self);
    MemorySegment to = Elements.memoryOf(out);
    for (long i = 0; i < count; i++) {
      long at = Operands.exactIndex("self", indices.getLong(i), size);
      long source = at * piece;
      for (long target = i * piece; target < out.nbytes(); target += count * piece) {
        MemorySegment.copy(from, source, to, target, piece);
        source += size * piece;
      }
    }
  }

  /** Pairs each entry of an index tensor with the place that it points at. */
  @FunctionalInterface
  private interface Pairing {
    void pair(long place, long entry);
  }

  /**
   * Visits the entries of an index tensor.
   *
   * @param target the tensor that the indices point into, along {@code dim}
   * @param entries the tensor whose offsets go with the entries
   */
  private static void forEachIndex(
      TensorSlot target, int dim, TensorSlot index, TensorSlot entries, Pairing pairing) {
    if (index.numel() == 0) {
      return;
    }
    Operands.requireIndices("index", index);
    Elements indices = Elements.of(index);
    int rank = index.rank();
    long size = target.rank() == 0 ? 1 : target.size(dim);
    long stride = target.rank() == 0 ? 1 : target.stride(dim);
    long[] along = new long[rank];
    for (int d = 0; d < rank; d++) {
      boolean fits =
          (d == dim || index.size(d) <= (target.rank() == 0 ? 1 : target.size(d)))
              && index.size(d) <= (entries.rank() == 0 ? 1 : entries.size(d));
      if (!fits || Math.max(1, target.rank()) != rank || Math.max(1, entries.rank()) != rank) {
        throw OperatorFailure.of(
            "index: expected sizes that fit in %s and %s, found %s", target, entries, index);
      }
      along[d] = d == dim || target.rank() == 0 ? 0 : target.stride(d);
    }
    long[] entryStrides = entries.rank() == 0 ? new long[rank] : Layouts.strides(entries);
    new Walk(Layouts.sizes(index), Layouts.strides(index), along, entryStrides)
        .run(
            (offsets, steps, count) -> {
              for (long i = 0; i < count; i++) {
                long at = indices.getLong(offsets[0] + i * steps[0]);
                long place = Operands.exactIndex("dimension " + dim, at, size) * stride;
                pairing.pair(place + offsets[1] + i * steps[1], offsets[2] + i * steps[2]);
              }
            });
  }

  private static Step bindGather(OperatorCall call) {
    TensorSlot self = call.tensor(0);
    ScalarSlot dim = call.integer(1);
    TensorSlot index = call.tensor(2);
    TensorSlot out = call.tensor(4);
    boolean integer = Arithmetic.of(self.dtype()) == Arithmetic.INTEGER;
    return context -> {
      Elements source = Elements.of(self);
      Elements target = Elements.of(out);
      int along = Operands.dimension(dim.longValue(), self.rank());
      forEachIndex(
          self,
          along,
          index,
          out,
          (place, entry) -> {
            if (integer) {
              target.setLong(entry, source.getLong(place));
            } else {
              target.setDouble(entry, source.getDouble(place));
            }
          });
    };
  }

  private static Step bindScatter(
      OperatorCall call, @Nullable TensorSlot src, @Nullable ScalarSlot value, boolean adds) {
    TensorSlot self = call.tensor(0);
    ScalarSlot dim = call.integer(1);
    TensorSlot index = call.tensor(2);
    TensorSlot out = call.tensor(4);
    boolean integer =
        Arithmetic.of(self.dtype()) == Arithmetic.INTEGER && (value == null || !value.isDouble());
    return context -> {
      View.of(self).copyTo(View.of(out));
      Elements target = Elements.of(out);
      Elements source = src == null ? target : Elements.of(src);
      int along = Operands.dimension(dim.longValue(), self.rank());
      TensorSlot entries = src == null ? index : src;
      forEachIndex(
          out,
          along,
          index,
          entries,
          (place, entry) -> {
            if (integer) {
              long given = value == null ? source.getLong(entry) : value.toLong();
              target.setLong(place, adds ? target.getLong(place) + given : given);
            } else {
              double given = value == null ? source.getDouble(entry) : value.toDouble();
              target.setDouble(place, adds ? target.getDouble(place) + given : given);
            }
          });
    };
  }

  private static void requireMask(TensorSlot mask) {
    if (mask.dtype() != DType.BOOL) {
      throw OperatorFailure.of("mask: expected bools, found %s", mask);
    }
  }

  /** Visits offsets into two tensors in the shape in which they meet. */
  private static void forEachMet(TensorSlot self, TensorSlot mask, Pairing pairing) {
    int rank = Math.max(self.rank(), mask.rank());
    long[] sizes = new long[rank];
    long[] selfStrides = new long[rank];
    long[] maskStrides = new long[rank];
    for (int d = 0; d < rank; d++) {
      int own = d - (rank - self.rank());
      int other = d - (rank - mask.rank());
      int left = own < 0 ? 1 : self.size(own);
      int right = other < 0 ? 1 : mask.size(other);
      sizes[d] = left == 1 ? right : left;
      selfStrides[d] = left == 1 ? 0 : self.stride(own);
      maskStrides[d] = right == 1 ? 0 : mask.stride(other);
    }
    new Walk(sizes, selfStrides, maskStrides)
        .run(
            (offsets, steps, count) -> {
              for (long i = 0; i < count; i++) {
                pairing.pair(offsets[0] + i * steps[0], offsets[1] + i * steps[1]);
              }
            });
  }

  private static Step bindMaskedSelect(OperatorCall call) {
    TensorSlot self = call.tensor(0);
    TensorSlot mask = call.tensor(1);
    TensorSlot out = call.tensor(2);
    boolean integer = Arithmetic.of(self.dtype()) == Arithmetic.INTEGER;
    return context -> {
      requireMask(mask);
      Elements chosen = Elements.of(mask);
      int[] count = {0};
      forEachMet(self, mask, (at, bit) -> count[0] += (int) chosen.getLong(bit));
      out.resize(count[0]);
      Elements source = Elements.of(self);
      Elements target = Elements.of(out);
      long[] next = {0};
      forEachMet(
          self,
          mask,
          (at, bit) -> {
            if (chosen.getLong(bit) == 0) {
              return;
            }
            if (integer) {
              target.setLong(next[0]++, source.getLong(at));
            } else {
              target.setDouble(next[0]++, source.getDouble(at));
            }
          });
    };
  }

  private static Step bindMaskedScatter(OperatorCall call) {
    TensorSlot self = call.tensor(0);
    TensorSlot mask = call.tensor(1);
    TensorSlot source = call.tensor(2);
    TensorSlot out = call.tensor(3);
    boolean integer = Arithmetic.of(self.dtype()) == Arithmetic.INTEGER;
    return context -> {
      requireMask(mask);
      Operands.requireExpands("mask", mask, out);
      Operands.requireExpands("self", self, out);
      View.of(self).expand(Layouts.sizes(out)).copyTo(View.of(out));
      Elements chosen = Elements.of(mask);
      Elements values = Elements.of(source);
      Elements target = Elements.of(out);
      long[] next = {0};
      forEachMet(
          out,
          mask,
          (at, bit) -> {
            if (chosen.getLong(bit) == 0) {
              return;
            }
            if (next[0] >= source.numel()) {
              throw OperatorFailure.of(
                  "source: expected an element for each that the mask selects, found %s", source);
            }
            if (integer) {
              target.setLong(at, values.getLong(next[0]++));
            } else {
              target.setDouble(at, values.getDouble(next[0]++));
            }
          });
    };
  }

  private static Step bindNonzero(OperatorCall call) {
    TensorSlot self = call.tensor(0);
    TensorSlot out = call.tensor(1);
    return context -> {
      Elements source = Elements.of(self);
      int[] count = {0};
      View.of(self)
          .walk(
              (offsets, steps, rowCount) -> {
                for (long i = 0; i < rowCount; i++) {
                  count[0] += source.getDouble(offsets[0] + i * steps[0]) != 0 ? 1 : 0;
                }
              });
      out.resize(count[0], self.rank());
      Elements target = Elements.of(out);
      long[] sizes = Layouts.sizes(self);
      long[] place = {0};
      // A walk of the logical positions beside the offsets: row-major strides of the same sizes.
      new Walk(sizes, Layouts.strides(self), Layouts.rowMajor(sizes))
          .run(
              (offsets, steps, rowCount) -> {
                for (long i = 0; i < rowCount; i++) {
                  if (source.getDouble(offsets[0] + i * steps[0]) != 0) {
                    storePosition(target, place[0]++, offsets[1] + i * steps[1], sizes);
                  }
                }
              });
    };
  }

  // The exporter marks this result as column-major; the official kernel writes rows all the same.
  private static void storePosition(Elements target, long row, long position, long[] sizes) {
    long rest = position;
    for (int dim = sizes.length - 1; dim >= 0; dim--) {
      target.setLong(row * sizes.length + dim, rest % sizes[dim]);
      rest /= sizes[dim];
    }
  }

  private static Step bindRepeatInterleave(OperatorCall call) {
    TensorSlot repeats = call.tensor(0);
    ScalarSlot size = call.optionalInteger(1);
    TensorSlot out = call.tensor(2);
    return context -> {
      Operands.requireIndices("repeats", repeats);
      Elements counts = Elements.of(repeats);
      long total = 0;
      for (long i = 0; i < repeats.numel(); i++) {
        long count = counts.getLong(i);
        if (count < 0) {
          throw OperatorFailure.of("repeats: expected no negative number, found %d", count);
        }
        total = Math.addExact(total, count);
      }
      if (size != null && size.longValue() != total) {
        throw OperatorFailure.of(
            "output_size: expected the sum of repeats %d, found %d", total, size.longValue());
      }
      out.resize(Math.toIntExact(total));
      Elements target = Elements.of(out);
      long next = 0;
      for (long i = 0; i < repeats.numel(); i++) {
        for (long k = counts.getLong(i); k > 0; k--) {
          target.setLong(next++, i);
        }
      }
    };
  }
}
