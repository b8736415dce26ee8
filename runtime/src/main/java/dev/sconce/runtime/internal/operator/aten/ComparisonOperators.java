package dev.sconce.runtime.internal.operator.aten;

import dev.sconce.base.DType;
import dev.sconce.runtime.internal.execution.Step;
import dev.sconce.runtime.internal.operator.OperatorFamily;
import dev.sconce.runtime.internal.operator.OperatorTable;
import dev.sconce.runtime.internal.operator.RuledTable;
import dev.sconce.runtime.internal.operator.element.Arithmetic;
import dev.sconce.runtime.internal.operator.element.Bools;
import dev.sconce.runtime.internal.operator.element.Elementwise;
import dev.sconce.runtime.internal.operator.element.Elementwise.Binary;
import dev.sconce.runtime.internal.slot.ScalarSlot;
import dev.sconce.runtime.internal.slot.TensorSlot;

/** Predicates of two elements; operands meet in their common type before they are compared. */
public final class ComparisonOperators implements OperatorFamily {

  /** A predicate, for integers and for floats. */
  @FunctionalInterface
  private interface Longs {
    boolean test(long a, long b);
  }

  @FunctionalInterface
  private interface Doubles {
    boolean test(double a, double b);
  }

  @Override
  public void addTo(OperatorTable plain) {
    RuledTable table = new RuledTable(plain);
    comparison(table, "eq", (a, b) -> a == b, (a, b) -> a == b);
    comparison(table, "ne", (a, b) -> a != b, (a, b) -> a != b);
    comparison(table, "lt", (a, b) -> a < b, (a, b) -> a < b);
    comparison(table, "le", (a, b) -> a <= b, (a, b) -> a <= b);
    comparison(table, "gt", (a, b) -> a > b, (a, b) -> a > b);
    comparison(table, "ge", (a, b) -> a >= b, (a, b) -> a >= b);
    logical(table, "and", (a, b) -> a && b);
    logical(table, "or", (a, b) -> a || b);
    logical(table, "xor", (a, b) -> a != b);
  }

  private static Binary predicate(Longs integer, Doubles real) {
    return new Binary((a, b) -> integer.test(a, b) ? 1 : 0, (a, b) -> real.test(a, b) ? 1 : 0);
  }

  private static void comparison(RuledTable table, String name, Longs integer, Doubles real) {
    Binary function = predicate(integer, real);
    boolean[] truth = {real.test(0, 1), real.test(1, 1), real.test(2, 1), real.test(Double.NaN, 1)};
    tensors(table, "aten::" + name + ".Tensor_out", function);
    table.add(
        "aten::" + name + ".Scalar_out",
        call -> {
          DType type = BinaryOperators.withScalar(call, 0, 1);
          TensorSlot self = call.tensor(0);
          ScalarSlot other = call.scalar(1);
          TensorSlot out = call.tensor(2);
          Step plain = BinaryOperators.bindFixed(call, 0, 1, function, type, out);
          return context -> {
            if (type != DType.FLOAT32
                || !Bools.compare(self, (float) other.toDouble(), truth, out)) {
              plain.run(context);
            }
          };
        });
  }

  @FunctionalInterface
  private interface Truths {
    boolean test(boolean a, boolean b);
  }

  private static void logical(RuledTable table, String name, Truths truth) {
    // Not zero is true, and so is NaN.
    tensors(
        table,
        "aten::logical_" + name + ".out",
        predicate((a, b) -> truth.test(a != 0, b != 0), (a, b) -> truth.test(a != 0, b != 0)));
  }

  private static void tensors(RuledTable table, String name, Binary function) {
    table.add(
        name,
        call -> {
          TensorSlot a = call.tensor(0);
          TensorSlot b = call.tensor(1);
          TensorSlot out = call.tensor(2);
          Arithmetic arithmetic = Arithmetic.of(BinaryOperators.common(a, b));
          return context -> Elementwise.apply(function, arithmetic, a, b, out);
        });
  }
}
