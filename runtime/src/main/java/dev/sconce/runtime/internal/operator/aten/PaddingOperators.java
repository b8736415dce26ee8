package dev.sconce.runtime.internal.operator.aten;

import dev.sconce.runtime.internal.execution.OperatorFailure;
import dev.sconce.runtime.internal.operator.OperatorFamily;
import dev.sconce.runtime.internal.operator.OperatorTable;
import dev.sconce.runtime.internal.operator.RuledTable;
import dev.sconce.runtime.internal.operator.element.View;
import dev.sconce.runtime.internal.slot.IntListSlot;
import dev.sconce.runtime.internal.slot.ScalarSlot;
import dev.sconce.runtime.internal.slot.TensorSlot;

/**
 * Padding. Widths come in pairs, before and after, from the last dimension backwards; negative ones
 * crop.
 */
public final class PaddingOperators implements OperatorFamily {

  @Override
  public void addTo(OperatorTable plain) {
    RuledTable table = new RuledTable(plain);
    table.add(
        "aten::constant_pad_nd.out",
        call -> {
          TensorSlot self = call.tensor(0);
          IntListSlot widths = call.ints(1);
          ScalarSlot value = call.scalar(2);
          TensorSlot out = call.tensor(3);
          return context -> padConstant(self, widths.toArray(), value, out);
        });
    for (int dims = 1; dims <= 3; dims++) {
      addMirror(table, "reflection_pad" + dims + "d", PaddingOperators::reflect, true);
      addMirror(table, "replication_pad" + dims + "d", PaddingOperators::replicate, false);
    }
  }

  /** Says which index of the argument stands at an index that may lie outside. */
  @FunctionalInterface
  private interface Source {
    long index(long position, long size);
  }

  private static long reflect(long position, long size) {
    long inside = position < 0 ? -position : position;
    return inside >= size ? 2 * (size - 1) - inside : inside;
  }

  private static long replicate(long position, long size) {
    return Math.clamp(position, 0, size - 1);
  }

  private static void padConstant(
      TensorSlot self, long[] widths, ScalarSlot value, TensorSlot out) {
    View from = View.of(self);
    View to = View.of(out);
    CreationOperators.fill(to, value);
    for (int i = 0; i < widths.length / 2; i++) {
      int dim = self.rank() - 1 - i;
      long before = widths[2 * i];
      long after = widths[2 * i + 1];
      long cropped = Math.max(0, -before);
      long length = self.size(dim) - cropped - Math.max(0, -after);
      if (length <= 0) {
        return;
      }
      from = from.slice(dim, cropped, length, 1);
      to = to.slice(dim, Math.max(0, before), length, 1);
    }
    from.copyTo(to);
  }

  private static void addMirror(RuledTable table, String name, Source source, boolean reflects) {
    table.addUntyped(
        "aten::" + name + ".out",
        call -> {
          TensorSlot self = call.tensor(0);
          IntListSlot padding = call.ints(1);
          TensorSlot out = call.tensor(2);
          return context -> {
            long[] widths = padding.toArray();
            for (int i = 0; i < widths.length; i++) {
              long size = self.size(self.rank() - 1 - i / 2);
              if (size == 0 || (reflects && widths[i] >= size)) {
                throw OperatorFailure.of(
                    "padding: expected less than the size %d, found %d", size, widths[i]);
              }
            }
            fold(View.of(self), View.of(out), widths, widths.length / 2 - 1, source);
          };
        });
  }

  /** Copies slice by slice in one padded dimension, outermost first. */
  private static void fold(View from, View to, long[] widths, int pair, Source source) {
    if (pair < 0) {
      from.copyTo(to);
      return;
    }
    int dim = from.sizes().length - 1 - pair;
    long size = from.sizes()[dim];
    for (long i = 0; i < to.sizes()[dim]; i++) {
      long index = source.index(i - widths[2 * pair], size);
      fold(from.slice(dim, index, 1, 1), to.slice(dim, i, 1, 1), widths, pair - 1, source);
    }
  }
}
