package dev.sconce.runtime.internal.operator.aten;

import dev.sconce.runtime.internal.execution.OperatorFailure;
import dev.sconce.runtime.internal.execution.Step;
import dev.sconce.runtime.internal.operator.OperatorCall;
import dev.sconce.runtime.internal.operator.OperatorFamily;
import dev.sconce.runtime.internal.operator.OperatorTable;
import dev.sconce.runtime.internal.operator.RuledTable;
import dev.sconce.runtime.internal.operator.element.Arithmetic;
import dev.sconce.runtime.internal.operator.element.Elements;
import dev.sconce.runtime.internal.operator.element.Fold;
import dev.sconce.runtime.internal.slot.IntListSlot;
import dev.sconce.runtime.internal.slot.ScalarSlot;
import dev.sconce.runtime.internal.slot.TensorSlot;
import org.jspecify.annotations.Nullable;

/** Largest and smallest elements and where they are. NaN counts as the most extreme of all. */
public final class ExtremumOperators implements OperatorFamily {

  @Override
  public void addTo(OperatorTable plain) {
    RuledTable table = new RuledTable(plain);
    addFor(table, "max", true);
    addFor(table, "min", false);
  }

  private static void addFor(RuledTable table, String side, boolean largest) {
    table.add(
        "aten::a" + side + ".out",
        call -> {
          IntListSlot dims = call.ints(1);
          return bind(call, largest, call.tensor(3), null, self -> Fold.of(self, dims.toArray()));
        });
    table.add(
        "aten::" + side + ".unary_out",
        call -> bind(call, largest, call.tensor(1), null, Fold::all));
    table.add(
        "aten::" + side + ".dim_" + side,
        call -> {
          ScalarSlot dim = call.integer(1);
          return bind(
              call,
              largest,
              call.tensor(3),
              call.tensor(4),
              self -> Fold.of(self, dim.longValue()));
        });
    table.add(
        "aten::arg" + side + ".out",
        call -> {
          ScalarSlot dim = call.optionalInteger(1);
          return bind(
              call,
              largest,
              null,
              call.tensor(3),
              self -> dim == null ? Fold.all(self) : Fold.of(self, dim.longValue()));
        });
  }

  @FunctionalInterface
  private interface Dimensions {
    boolean[] of(TensorSlot self);
  }

  private static Step bind(
      OperatorCall call,
      boolean largest,
      @Nullable TensorSlot values,
      @Nullable TensorSlot indices,
      Dimensions dimensions) {
    TensorSlot self = call.tensor(0);
    if (values == null && indices == null) {
      throw new IllegalArgumentException("nothing asked for");
    }
    return context -> {
      boolean[] folded = dimensions.of(self);
      boolean nothing = Fold.count(self, folded) == 0;
      if (nothing
          && (values == null || values.numel() > 0)
          && (indices == null || indices.numel() > 0)) {
        throw OperatorFailure.of("expected at least one element to choose from, found %s", self);
      }
      // The layout of both results is walked the same way; indices follow values.
      new Extremum(self, largest).run(self, folded, values, indices);
    };
  }

  private static final class Extremum extends Fold {
    private final Elements source;
    private final boolean integer;
    private final boolean largest;
    private long position;
    private long bestPosition;
    private long bestLong;
    private double bestDouble;
    private boolean indexWanted;
    private Elements target;

    Extremum(TensorSlot self, boolean largest) {
      this.source = Elements.of(self);
      this.target = source;
      this.integer = Arithmetic.of(self.dtype()) == Arithmetic.INTEGER;
      this.largest = largest;
    }

    void run(
        TensorSlot self,
        boolean[] folded,
        @Nullable TensorSlot values,
        @Nullable TensorSlot indices) {
      if (values != null) {
        target = Elements.of(values);
        indexWanted = false;
        run(self, folded, values);
      }
      if (indices != null) {
        target = Elements.of(indices);
        indexWanted = true;
        run(self, folded, indices);
      }
    }

    @Override
    protected void begin() {
      position = 0;
      bestPosition = 0;
    }

    @Override
    public void run(long[] offsets, long[] steps, long count) {
      for (long i = 0, at = offsets[0]; i < count; i++, at += steps[0]) {
        if (integer) {
          long value = source.getLong(at);
          if (position == 0 || (largest ? value > bestLong : value < bestLong)) {
            bestLong = value;
            bestPosition = position;
          }
        } else {
          double value = source.getDouble(at);
          // The first NaN wins and stays.
          boolean better =
              !Double.isNaN(bestDouble)
                  && (Double.isNaN(value) || (largest ? value > bestDouble : value < bestDouble));
          if (position == 0 || better) {
            bestDouble = value;
            bestPosition = position;
          }
        }
        position++;
      }
    }

    @Override
    protected void end(long offset) {
      if (indexWanted) {
        target.setLong(offset, bestPosition);
      } else if (integer) {
        target.setLong(offset, bestLong);
      } else {
        target.setDouble(offset, bestDouble);
      }
    }
  }
}
