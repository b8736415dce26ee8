package dev.sconce.runtime.internal.operator.aten;

import dev.sconce.base.DType;
import dev.sconce.runtime.internal.execution.OperatorFailure;
import dev.sconce.runtime.internal.execution.Step;
import dev.sconce.runtime.internal.operator.OperatorCall;
import dev.sconce.runtime.internal.operator.OperatorFamily;
import dev.sconce.runtime.internal.operator.OperatorTable;
import dev.sconce.runtime.internal.operator.RuledTable;
import dev.sconce.runtime.internal.operator.element.Arithmetic;
import dev.sconce.runtime.internal.operator.element.Bools;
import dev.sconce.runtime.internal.operator.element.Elements;
import dev.sconce.runtime.internal.operator.element.Floats;
import dev.sconce.runtime.internal.operator.element.Fold;
import dev.sconce.runtime.internal.slot.IntListSlot;
import dev.sconce.runtime.internal.slot.ScalarSlot;
import dev.sconce.runtime.internal.slot.TensorSlot;
import org.jspecify.annotations.Nullable;

/** Sums, means, products, variances, and whether anything is set. */
public final class ReductionOperators implements OperatorFamily {

  /** Which dimensions a call folds. */
  @FunctionalInterface
  private interface Dimensions {
    boolean[] of(OperatorCall call, TensorSlot self);
  }

  private static final Dimensions ALL = (call, self) -> Fold.all(self);
  private static final Dimensions ONE = (call, self) -> Fold.of(self, call.integer(1).longValue());
  private static final Dimensions LIST =
      (call, self) -> {
        IntListSlot dims = call.optionalInts(1);
        return dims == null ? Fold.all(self) : Fold.of(self, dims.toArray());
      };

  // As a list, but an empty one folds nothing.
  private static final Dimensions NAMED =
      (call, self) -> {
        IntListSlot dims = call.optionalInts(1);
        return dims != null && dims.toArray().length == 0
            ? new boolean[self.rank()]
            : LIST.of(call, self);
      };

  @Override
  public void addTo(OperatorTable plain) {
    RuledTable table = new RuledTable(plain);
    table.add("aten::sum.IntList_out", call -> sum(call, LIST));
    table.add("aten::mean.out", call -> mean(call, LIST));
    table.add("aten::mean.dtype_out", call -> mean(call, ALL));
    table.add("aten::prod.out", call -> product(call, ALL));
    table.add("aten::prod.int_out", call -> product(call, ONE));
    table.add("aten::any.all_out", call -> any(call, ALL));
    table.add("aten::any.out", call -> any(call, ONE));
    table.add("aten::any.dims_out", call -> any(call, NAMED));
    table.add(
        "aten::var.out",
        call -> {
          ScalarSlot unbiased = call.bool(2);
          return variance(call, call.tensor(4), null, () -> unbiased.boolValue() ? 1 : 0);
        });
    table.add(
        "aten::var.correction_out", call -> variance(call, call.tensor(4), null, correction(call)));
    table.add(
        "aten::var_mean.correction_out",
        call -> variance(call, call.tensor(4), call.tensor(5), correction(call)));
    table.add("aten::cumsum.out", ReductionOperators::cumulativeSum);
  }

  private static TensorSlot out(OperatorCall call) {
    return call.tensor(call.size() - 2);
  }

  private static Step sum(OperatorCall call, Dimensions dimensions) {
    TensorSlot self = call.tensor(0);
    TensorSlot out = out(call);
    boolean integer = Arithmetic.of(out.dtype()) == Arithmetic.INTEGER;
    return context -> {
      Elements source = Elements.of(self);
      Elements target = Elements.of(out);
      Fold fold = integer ? new IntegerSum(source, target) : new RealSum(source, target, 1);
      fold.run(self, dimensions.of(call, self), out);
    };
  }

  private static Step mean(OperatorCall call, Dimensions dimensions) {
    TensorSlot self = call.tensor(0);
    TensorSlot out = out(call);
    return context -> {
      boolean[] folded = dimensions.of(call, self);
      if (Floats.areRowMajor(self, out) && isTail(folded)) {
        call.kernels()
            .rowFunctions()
            .mean(
                Elements.memoryOf(self),
                Elements.memoryOf(out),
                Math.toIntExact(out.numel()),
                Math.toIntExact(self.numel() / out.numel()));
        return;
      }
      new RealSum(Elements.of(self), Elements.of(out), Fold.count(self, folded))
          .run(self, folded, out);
    };
  }

  /** Whether the folded dimensions are the last ones: rows of a row-major tensor. */
  private static boolean isTail(boolean[] folded) {
    for (int dim = 1; dim < folded.length; dim++) {
      if (folded[dim - 1] && !folded[dim]) {
        return false;
      }
    }
    return folded.length > 0;
  }

  private static Step product(OperatorCall call, Dimensions dimensions) {
    TensorSlot self = call.tensor(0);
    TensorSlot out = out(call);
    return context ->
        new Product(Elements.of(self), Elements.of(out), Arithmetic.of(out.dtype()))
            .run(self, dimensions.of(call, self), out);
  }

  private static Step any(OperatorCall call, Dimensions dimensions) {
    TensorSlot self = call.tensor(0);
    TensorSlot out = out(call);
    boolean bools = self.dtype() == DType.BOOL && out.dtype() == DType.BOOL;
    return context -> {
      boolean[] folded = dimensions.of(call, self);
      if (bools && isTail(folded) && self.isContiguous() && out.isContiguous()) {
        long length = Fold.count(self, folded);
        Bools.any(Elements.memoryOf(self), Elements.memoryOf(out), out.numel(), length);
        return;
      }
      new Any(Elements.of(self), Elements.of(out)).run(self, folded, out);
    };
  }

  /** Reads what is taken off the count in the denominator of a variance. */
  @FunctionalInterface
  private interface Correction {
    double read();
  }

  private static Correction correction(OperatorCall call) {
    ScalarSlot given = call.optionalScalar(2);
    return () -> given == null ? 1 : given.toDouble();
  }

  private static Step variance(
      OperatorCall call, TensorSlot out, @Nullable TensorSlot mean, Correction correction) {
    TensorSlot self = call.tensor(0);
    return context -> {
      boolean[] folded = LIST.of(call, self);
      long count = Fold.count(self, folded);
      new Variance(Elements.of(self), Elements.of(out), count, count - correction.read())
          .run(self, folded, out);
      if (mean != null) {
        new RealSum(Elements.of(self), Elements.of(mean), count).run(self, folded, mean);
      }
    };
  }

  private static Step cumulativeSum(OperatorCall call) {
    TensorSlot self = call.tensor(0);
    ScalarSlot dim = call.integer(1);
    TensorSlot out = call.tensor(3);
    Arithmetic arithmetic = Arithmetic.of(out.dtype());
    return context -> {
      if (self.rank() > 0 && !self.hasSameDimOrder(out)) {
        throw OperatorFailure.of("expected a result laid out like %s, found %s", self, out);
      }
      Elements source = Elements.of(self);
      Elements target = Elements.of(out);
      // The partial sums have the precision of the result, one by one.
      Fold fold =
          new Fold() {
            @Override
            protected void begin() {}

            @Override
            public void run(long[] offsets, long[] steps, long count) {
              long at = offsets[0];
              for (long i = 0; i < count; i++, at += steps[0]) {
                if (arithmetic == Arithmetic.INTEGER) {
                  long before = i == 0 ? 0 : target.getLong(at - steps[0]);
                  target.setLong(at, before + source.getLong(at));
                } else {
                  double before = i == 0 ? 0 : target.get(arithmetic, at - steps[0]);
                  double value = source.get(arithmetic, at);
                  target.set(arithmetic, at, i == 0 ? value : before + value);
                }
              }
            }

            @Override
            protected void end(long offset) {}
          };
      // The offsets of argument and result agree, since their layouts do.
      fold.run(self, Fold.of(self, dim.longValue()), self);
    };
  }

  private static final class RealSum extends Fold {
    private final Elements source;
    private final Elements target;
    private final long divisor;
    private double sum;

    RealSum(Elements source, Elements target, long divisor) {
      this.source = source;
      this.target = target;
      this.divisor = divisor;
    }

    @Override
    protected void begin() {
      sum = 0;
    }

    @Override
    public void run(long[] offsets, long[] steps, long count) {
      double running = sum;
      for (long i = 0, at = offsets[0]; i < count; i++, at += steps[0]) {
        running += source.getDouble(at);
      }
      sum = running;
    }

    @Override
    protected void end(long offset) {
      target.setDouble(offset, divisor == 1 ? sum : sum / divisor);
    }
  }

  private static final class IntegerSum extends Fold {
    private final Elements source;
    private final Elements target;
    private long sum;

    IntegerSum(Elements source, Elements target) {
      this.source = source;
      this.target = target;
    }

    @Override
    protected void begin() {
      sum = 0;
    }

    @Override
    public void run(long[] offsets, long[] steps, long count) {
      for (long i = 0, at = offsets[0]; i < count; i++, at += steps[0]) {
        sum += source.getLong(at);
      }
    }

    @Override
    protected void end(long offset) {
      target.setLong(offset, sum);
    }
  }

  private static final class Product extends Fold {
    private final Elements source;
    private final Elements target;
    private final Arithmetic arithmetic;
    private long integer;
    private double real;

    Product(Elements source, Elements target, Arithmetic arithmetic) {
      this.source = source;
      this.target = target;
      this.arithmetic = arithmetic;
    }

    @Override
    protected void begin() {
      integer = 1;
      real = 1;
    }

    @Override
    public void run(long[] offsets, long[] steps, long count) {
      for (long i = 0, at = offsets[0]; i < count; i++, at += steps[0]) {
        if (arithmetic == Arithmetic.INTEGER) {
          integer *= source.getLong(at);
        } else {
          // Rounded each time, so that what overflows a float does so here.
          real = arithmetic.round(real * source.getDouble(at));
        }
      }
    }

    @Override
    protected void end(long offset) {
      if (arithmetic == Arithmetic.INTEGER) {
        target.setLong(offset, integer);
      } else {
        target.setDouble(offset, real);
      }
    }
  }

  private static final class Any extends Fold {
    private final Elements source;
    private final Elements target;
    private boolean found;

    Any(Elements source, Elements target) {
      this.source = source;
      this.target = target;
    }

    @Override
    protected void begin() {
      found = false;
    }

    @Override
    public void run(long[] offsets, long[] steps, long count) {
      for (long i = 0, at = offsets[0]; i < count && !found; i++, at += steps[0]) {
        found = source.getDouble(at) != 0;
      }
    }

    @Override
    protected void end(long offset) {
      target.setLong(offset, found ? 1 : 0);
    }
  }

  /** Two passes: the second one over the distances from the mean that the first one found. */
  private static final class Variance extends Fold {
    private final Elements source;
    private final Elements target;
    private final long count;
    private final double denominator;
    private final double[] window;
    private int filled;

    Variance(Elements source, Elements target, long count, double denominator) {
      this.source = source;
      this.target = target;
      this.count = count;
      this.denominator = denominator;
      this.window = new double[Math.toIntExact(count)];
    }

    @Override
    protected void begin() {
      filled = 0;
    }

    @Override
    public void run(long[] offsets, long[] steps, long rowCount) {
      for (long i = 0, at = offsets[0]; i < rowCount; i++, at += steps[0]) {
        window[filled++] = source.getDouble(at);
      }
    }

    @Override
    protected void end(long offset) {
      double sum = 0;
      for (double value : window) {
        sum += value;
      }
      double mean = sum / count;
      double squares = 0;
      for (double value : window) {
        squares += (value - mean) * (value - mean);
      }
      boolean defined = count > 0 && denominator > 0;
      target.setDouble(offset, defined ? squares / denominator : Double.NaN);
    }
  }
}
