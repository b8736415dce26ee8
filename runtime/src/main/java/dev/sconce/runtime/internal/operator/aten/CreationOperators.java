package dev.sconce.runtime.internal.operator.aten;

import dev.sconce.runtime.internal.execution.Step;
import dev.sconce.runtime.internal.operator.OperatorCall;
import dev.sconce.runtime.internal.operator.OperatorFamily;
import dev.sconce.runtime.internal.operator.OperatorTable;
import dev.sconce.runtime.internal.operator.RuledTable;
import dev.sconce.runtime.internal.operator.element.Arithmetic;
import dev.sconce.runtime.internal.operator.element.Elements;
import dev.sconce.runtime.internal.operator.element.View;
import dev.sconce.runtime.internal.slot.ScalarSlot;
import dev.sconce.runtime.internal.slot.TensorSlot;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Operators that make tensors out of numbers. */
public final class CreationOperators implements OperatorFamily {

  @Override
  public void addTo(OperatorTable plain) {
    RuledTable table = new RuledTable(plain);
    for (String name : List.of("aten::empty.out", "dim_order_ops::_empty_dim_order.out")) {
      // What stands in the memory is as good as anything, and it is never somebody else's.
      table.addUntyped(name, call -> context -> {});
    }
    table.add("aten::zeros.out", call -> bindFill(call, ScalarSlot.of(0)));
    table.add("aten::ones.out", call -> bindFill(call, ScalarSlot.of(1)));
    table.add("aten::full.out", call -> bindFill(call, call.scalar(1)));
    table.add("aten::full_like.out", call -> bindFill(call, call.scalar(1)));
    table.add("aten::scalar_tensor.out", call -> bindFill(call, call.scalar(0)));
    table.add("aten::fill.Scalar_out", call -> bindFill(call, call.scalar(1)));
    table.add("aten::fill.Tensor_out", CreationOperators::bindFillTensor);
    table.add(
        "aten::arange.out",
        call -> bindRange(call, ScalarSlot.of(0), call.scalar(0), ScalarSlot.of(1)));
    table.add(
        "aten::arange.start_out",
        call -> bindRange(call, call.scalar(0), call.scalar(1), call.scalar(2)));
    table.add("aten::tril.out", CreationOperators::bindLowerTriangle);

    // Unseeded, as in the official runtime: a program cannot ask for reproducible numbers.
    table.add("aten::rand.out", call -> bindRandom(call, CreationOperators::uniform));
    table.add("aten::randn.out", call -> bindRandom(call, RandomGenerator::nextGaussian));
    table.add("aten::native_dropout.out", CreationOperators::bindDropout);
  }

  private static TensorSlot out(OperatorCall call) {
    return call.tensor(call.size() - 2);
  }

  static void fill(View view, ScalarSlot value) {
    if (value.isDouble()) {
      double real = value.toDouble();
      view.fillEvenly((elements, index) -> elements.setDouble(index, real));
    } else {
      long integer = value.toLong();
      view.fillEvenly((elements, index) -> elements.setLong(index, integer));
    }
  }

  private static Step bindFill(OperatorCall call, ScalarSlot value) {
    TensorSlot out = out(call);
    return context -> fill(View.of(out), value);
  }

  private static Step bindFillTensor(OperatorCall call) {
    TensorSlot value = call.tensor(1);
    TensorSlot out = out(call);
    return context -> {
      Operands.requireSingle("value", value);
      View.of(value).as(new long[0], new long[0]).expand(View.of(out).sizes()).copyTo(View.of(out));
    };
  }

  private static Step bindRange(
      OperatorCall call, ScalarSlot start, ScalarSlot end, ScalarSlot step) {
    TensorSlot out = out(call);
    boolean integers = !start.isDouble() && !end.isDouble() && !step.isDouble();
    return context -> {
      Elements target = Elements.of(out);
      for (long i = 0; i < out.numel(); i++) {
        if (integers) {
          target.setLong(i, start.toLong() + i * step.toLong());
        } else {
          target.setDouble(i, start.toDouble() + i * step.toDouble());
        }
      }
    };
  }

  private static Step bindLowerTriangle(OperatorCall call) {
    TensorSlot self = call.tensor(0);
    ScalarSlot diagonal = call.integer(1);
    TensorSlot out = out(call);
    return context -> {
      Operands.requireMinimumRank("self", self, 2);
      View from = View.of(self);
      View to = View.of(out);
      int rows = self.rank() - 2;
      int columns = self.rank() - 1;
      for (int row = 0; row < self.size(rows); row++) {
        // Guarded against overflow: a diagonal may be any 64-bit number.
        long limit = Math.clamp(diagonal.longValue(), -row - 1L, self.size(columns));
        long kept = Math.clamp(row + limit + 1, 0, self.size(columns));
        View source = from.select(rows, row);
        View target = to.select(rows, row);
        source.slice(rows, 0, kept, 1).copyTo(target.slice(rows, 0, kept, 1));
        target
            .slice(rows, kept, self.size(columns) - kept, 1)
            .fill((elements, index) -> elements.setLong(index, 0));
      }
    };
  }

  @FunctionalInterface
  private interface Draw {
    double from(RandomGenerator generator);
  }

  private static double uniform(RandomGenerator generator) {
    // Whole multiples of 2^-24, so that rounding to float does not give 1.
    return generator.nextInt(1 << 24) * 0x1p-24;
  }

  private static Step bindRandom(OperatorCall call, Draw draw) {
    TensorSlot out = out(call);
    RandomGenerator generator = new SplittableRandom();
    Arithmetic arithmetic = Arithmetic.of(out.dtype());
    return context ->
        View.of(out)
            .fill((elements, index) -> elements.set(arithmetic, index, draw.from(generator)));
  }

  private static Step bindDropout(OperatorCall call) {
    TensorSlot input = call.tensor(0);
    ScalarSlot probability = call.number(1);
    ScalarSlot train = call.optionalBool(2);
    TensorSlot out = call.tensor(3);
    TensorSlot mask = call.tensor(4);
    RandomGenerator generator = new SplittableRandom();
    return context -> {
      double p = Operands.inUnitInterval("p", probability.toDouble());
      boolean drops = (train == null || train.boolValue()) && p != 0;
      Elements kept = Elements.of(mask);
      Elements source = Elements.of(input);
      Elements target = Elements.of(out);
      for (long i = 0; i < input.numel(); i++) {
        boolean keep = !drops || generator.nextDouble() >= p;
        kept.setLong(i, keep ? 1 : 0);
        // The official kernel does not scale what is kept; PyTorch does, and so does this.
        double scale = drops && p < 1 ? 1 / (1 - p) : 1;
        target.setDouble(i, keep ? source.getDouble(i) * scale : 0);
      }
    };
  }
}
