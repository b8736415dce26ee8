package dev.sconce.runtime.internal.operator;

import dev.sconce.base.DType;
import dev.sconce.runtime.internal.execution.OperatorFailure;
import dev.sconce.runtime.internal.execution.Step;
import dev.sconce.runtime.internal.memory.ElementAccess;
import dev.sconce.runtime.internal.slot.IntListSlot;
import dev.sconce.runtime.internal.slot.ScalarSlot;
import dev.sconce.runtime.internal.slot.TensorSlot;
import dev.sconce.runtime.internal.slot.TensorSlot.Dynamism;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** Primitive operators between tensors and numbers: sizes, single elements, views, map results. */
final class TensorPrimOperators implements OperatorFamily {

  @Override
  public void addTo(OperatorTable table) {
    table.add("aten::sym_size.int", TensorPrimOperators::bindSize);
    table.add("aten::sym_numel", TensorPrimOperators::bindNumel);
    table.add("aten::_local_scalar_dense", TensorPrimOperators::bindItem);
    table.add("executorch_prim::et_view.default", TensorPrimOperators::bindView);
    table.add("executorch_prim::et_copy_index.tensor", TensorPrimOperators::bindCopyIndex);
  }

  private static Step bindSize(OperatorCall call) {
    TensorSlot self = call.tensor(0);
    ScalarSlot dim = call.integer(1);
    ScalarSlot out = call.scalar(2);
    return context -> {
      int index = dim.intValue();
      int wrapped = index < 0 ? index + self.rank() : index;
      if (wrapped < 0 || wrapped >= self.rank()) {
        throw OperatorFailure.of("expected a dimension of %s, found %d", self, index);
      }
      out.set(self.size(wrapped));
    };
  }

  private static Step bindNumel(OperatorCall call) {
    TensorSlot self = call.tensor(0);
    ScalarSlot out = call.scalar(1);
    return context -> out.set(self.numel());
  }

  private static Step bindItem(OperatorCall call) {
    TensorSlot self = call.tensor(0);
    ScalarSlot out = call.scalar(1);
    if (!self.dtype().isFloating() && !ElementAccess.isIntegral(self.dtype())) {
      throw new UnsupportedCall("dtype " + self.dtype());
    }
    return context -> {
      if (self.numel() == 0) {
        throw OperatorFailure.of("expected a tensor with an element, found %s", self);
      }
      storeFirst(self, out);
    };
  }

  private static void storeFirst(TensorSlot self, ScalarSlot out) {
    if (self.dtype() == DType.BOOL) {
      out.set(ElementAccess.loadLong(self.data(), DType.BOOL, 0) != 0);
    } else if (self.dtype().isInteger()) {
      out.set(ElementAccess.loadLong(self.data(), self.dtype(), 0));
    } else {
      out.set(ElementAccess.load(self.data(), self.dtype(), 0));
    }
  }

  private static Step bindView(OperatorCall call) {
    TensorSlot self = call.tensor(0);
    IntListSlot size = call.ints(1);
    TensorSlot out = call.tensor(2);
    if (self.dtype() != out.dtype()) {
      throw call.site().malformedArgument(2, "a " + self.dtype() + " tensor", out.toString());
    }
    int[] sizes = new int[size.size()];
    return context -> {
      size.copyInto(sizes);
      inferSize(sizes, self);
      out.view(self, sizes);
    };
  }

  /** Replaces the one size of -1, if there is one, by what the element count leaves for it. */
  private static void inferSize(int[] sizes, TensorSlot self) {
    int inferred = -1;
    long known = 1;
    for (int i = 0; i < sizes.length; i++) {
      if (sizes[i] == -1 && inferred < 0) {
        inferred = i;
      } else if (sizes[i] < 0) {
        throw OperatorFailure.of(
            "expected sizes with at most one -1, found %s", Arrays.toString(sizes));
      } else {
        known = Math.multiplyExact(known, (long) sizes[i]);
      }
    }
    if (inferred >= 0 && known == 0) {
      throw OperatorFailure.of(
          "expected sizes without a 0 beside -1, found %s", Arrays.toString(sizes));
    }
    if (inferred >= 0) {
      sizes[inferred] = Math.toIntExact(self.numel() / known);
      known *= sizes[inferred];
    }
    if (known != self.numel()) {
      throw OperatorFailure.of(
          "expected sizes for the %d elements of %s, found %s",
          self.numel(), self, Arrays.toString(sizes));
    }
  }

  // One round of a map: row `index` of self becomes copy_from, and self has index + 1 rows then, so
  // that a map over fewer rows than the call before leaves as many. The official kernel refuses
  // static tensors of other sizes; here they keep their rows.
  private static Step bindCopyIndex(OperatorCall call) {
    TensorSlot self = call.tensor(0);
    TensorSlot from = call.tensor(1);
    ScalarSlot index = call.integer(2);
    if (self.dtype() != from.dtype() || self.rank() != from.rank() + 1) {
      throw call.site()
          .malformedArgument(1, "a tensor of the elements of " + self, from.toString());
    }
    return context -> {
      long row = index.longValue();
      boolean sameRows = true;
      for (int i = 0; i < from.rank(); i++) {
        sameRows &= self.size(i + 1) == from.size(i);
      }
      if (row < 0 || row >= Integer.MAX_VALUE || (row > 0 && !sameRows)) {
        throw OperatorFailure.of("expected a row of %s, found %s at row %d", self, from, row);
      }
      if (self.dynamism() == Dynamism.BOUNDED || self.size(0) <= row) {
        int[] grown = new int[self.rank()];
        grown[0] = (int) row + 1;
        System.arraycopy(from.sizes(), 0, grown, 1, from.rank());
        self.resize(grown);
      } else if (!sameRows) {
        throw OperatorFailure.of("expected a row of %s, found %s", self, from);
      }
      long bytes = from.nbytes();
      MemorySegment.copy(from.data(), 0, self.data(), row * bytes, bytes);
    };
  }
}
