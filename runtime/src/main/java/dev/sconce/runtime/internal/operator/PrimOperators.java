package dev.sconce.runtime.internal.operator;

import dev.sconce.runtime.internal.execution.OperatorFailure;
import dev.sconce.runtime.internal.execution.Step;
import dev.sconce.runtime.internal.slot.ScalarSlot;
import dev.sconce.runtime.internal.slot.ScalarSlot.Kind;
import java.util.function.DoubleBinaryOperator;
import java.util.function.LongBinaryOperator;

/**
 * Arithmetic on single numbers ({@code executorch_prim::*.Scalar}), with which programs compute
 * shapes and control loops.
 *
 * <p>Two ints give an int, anything with a double a double; bools only compare. The result's kind
 * replaces whatever the result slot held.
 */
final class PrimOperators implements OperatorFamily {

  @Override
  public void addTo(OperatorTable table) {
    table.add("executorch_prim::add.Scalar", arithmetic(Long::sum, Double::sum));
    table.add("executorch_prim::sub.Scalar", arithmetic((a, b) -> a - b, (a, b) -> a - b));
    table.add("executorch_prim::mul.Scalar", arithmetic((a, b) -> a * b, (a, b) -> a * b));
    table.add(
        "executorch_prim::floordiv.Scalar",
        arithmetic((a, b) -> Math.floorDiv(a, nonZero(b)), PrimOperators::floorDivide));
    table.add("executorch_prim::floordiv.int", integers((a, b) -> a / nonZero(b)));
    table.add("executorch_prim::mod.Scalar", integers((a, b) -> a % nonZero(b)));
    table.add("executorch_prim::mod.int", integers((a, b) -> a % nonZero(b)));
    table.add("executorch_prim::sym_max.Scalar", integers(Math::max));
    table.add("executorch_prim::sym_min.Scalar", integers(Math::min));
    table.add(
        "executorch_prim::truediv.Scalar", binary((a, b, out) -> out.set(number(a) / number(b))));

    table.add("executorch_prim::eq.Scalar", comparison((a, b) -> a == b, (a, b) -> a == b));
    table.add("executorch_prim::gt.Scalar", comparison((a, b) -> a > b, (a, b) -> a > b));
    table.add("executorch_prim::lt.Scalar", comparison((a, b) -> a < b, (a, b) -> a < b));
    table.add("executorch_prim::ge.Scalar", comparison((a, b) -> a >= b, (a, b) -> a >= b));
    table.add("executorch_prim::le.Scalar", comparison((a, b) -> a <= b, (a, b) -> a <= b));

    table.add("executorch_prim::neg.Scalar", unary(PrimOperators::negate));
    table.add("executorch_prim::sym_float.Scalar", unary((a, out) -> out.set(a.toDouble())));
    table.add("executorch_prim::sym_int.Scalar", unary((a, out) -> out.set(a.toLong())));
    table.add("executorch_prim::sym_not.Scalar", unary((a, out) -> out.set(!a.boolValue())));
    table.add(
        "executorch_prim::ceil.Scalar",
        unary((a, out) -> out.set((long) Math.ceil(a.doubleValue()))));
    table.add(
        "executorch_prim::round.Scalar",
        unary((a, out) -> out.set((long) Math.rint(a.doubleValue()))));
    table.add("executorch_prim::trunc.Scalar", unary((a, out) -> out.set((long) a.doubleValue())));
    table.add("executorch_prim::sym_ite.Scalar", PrimOperators::bindChoice);
  }

  private interface Unary {
    void apply(ScalarSlot a, ScalarSlot out);
  }

  private interface Binary {
    void apply(ScalarSlot a, ScalarSlot b, ScalarSlot out);
  }

  private interface LongPredicate {
    boolean test(long a, long b);
  }

  private interface DoublePredicate {
    boolean test(double a, double b);
  }

  private static OperatorImplementation unary(Unary operation) {
    return call -> {
      ScalarSlot a = call.scalar(0);
      ScalarSlot out = call.scalar(1);
      return context -> operation.apply(a, out);
    };
  }

  private static OperatorImplementation binary(Binary operation) {
    return call -> {
      ScalarSlot a = call.scalar(0);
      ScalarSlot b = call.scalar(1);
      ScalarSlot out = call.scalar(2);
      return context -> operation.apply(a, b, out);
    };
  }

  private static OperatorImplementation integers(LongBinaryOperator operation) {
    return binary((a, b, out) -> out.set(operation.applyAsLong(a.longValue(), b.longValue())));
  }

  private static OperatorImplementation arithmetic(
      LongBinaryOperator onLongs, DoubleBinaryOperator onDoubles) {
    return binary(
        (a, b, out) -> {
          if (a.kind() == Kind.INT && b.kind() == Kind.INT) {
            out.set(onLongs.applyAsLong(a.longValue(), b.longValue()));
          } else {
            out.set(onDoubles.applyAsDouble(number(a), number(b)));
          }
        });
  }

  private static OperatorImplementation comparison(
      LongPredicate onLongs, DoublePredicate onDoubles) {
    return binary(
        (a, b, out) -> {
          if (a.kind() == b.kind() && !a.isDouble()) {
            out.set(onLongs.test(a.toLong(), b.toLong()));
          } else {
            out.set(onDoubles.test(number(a), number(b)));
          }
        });
  }

  private static double number(ScalarSlot slot) {
    if (slot.kind() == Kind.BOOL) {
      throw new OperatorFailure("expected two numbers or two bools, found a bool and a number");
    }
    return slot.toDouble();
  }

  private static long nonZero(long divisor) {
    if (divisor == 0) {
      throw new OperatorFailure("expected a divisor other than 0");
    }
    return divisor;
  }

  private static void negate(ScalarSlot a, ScalarSlot out) {
    if (a.kind() == Kind.INT) {
      out.set(-a.longValue());
    } else {
      out.set(-a.doubleValue());
    }
  }

  // Python's float floor division: from the remainder, so that a == (a // b) * b + a % b holds.
  private static double floorDivide(double a, double b) {
    if (b == 0) {
      boolean negative = Double.doubleToRawLongBits(a) < 0;
      return negative ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    }
    double remainder = a % b;
    double quotient = (a - remainder) / b;
    boolean signsDiffer = remainder != 0 && (b < 0) != (remainder < 0);
    return signsDiffer ? quotient - 1 : quotient;
  }

  private static Step bindChoice(OperatorCall call) {
    ScalarSlot condition = call.scalar(0);
    ScalarSlot ifTrue = call.scalar(1);
    ScalarSlot ifFalse = call.scalar(2);
    ScalarSlot out = call.scalar(3);
    return context -> out.set(condition.boolValue() ? ifTrue : ifFalse);
  }
}
