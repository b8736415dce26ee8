package dev.sconce.runtime.internal.operator.aten;

import dev.sconce.base.DType;
import dev.sconce.kernels.UnaryFunction;
import dev.sconce.ops.TypePromotion;
import dev.sconce.runtime.internal.execution.OperatorFailure;
import dev.sconce.runtime.internal.execution.Step;
import dev.sconce.runtime.internal.operator.OperatorCall;
import dev.sconce.runtime.internal.operator.OperatorFamily;
import dev.sconce.runtime.internal.operator.OperatorTable;
import dev.sconce.runtime.internal.operator.RuledTable;
import dev.sconce.runtime.internal.operator.element.Arithmetic;
import dev.sconce.runtime.internal.operator.element.Elementwise;
import dev.sconce.runtime.internal.operator.element.Elementwise.Unary;
import dev.sconce.runtime.internal.operator.element.FloatKernels;
import dev.sconce.runtime.internal.slot.TensorSlot;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/** Functions of one element. */
public final class UnaryOperators implements OperatorFamily {

  @Override
  public void addTo(OperatorTable plain) {
    RuledTable table = new RuledTable(plain);
    // The result has the type of the argument; integers stay what they are when rounded.
    same(table, "abs", UnaryFunction.ABS, Math::abs, Math::abs);
    same(table, "neg", UnaryFunction.NEGATE, x -> -x, x -> -x);
    same(table, "ceil", UnaryOperators::identity, Math::ceil);
    same(table, "floor", UnaryOperators::identity, Math::floor);
    same(table, "round", UnaryOperators::identity, Math::rint);
    same(table, "trunc", UnaryOperators::identity, x -> x < 0 ? Math.ceil(x) : Math.floor(x));
    same(table, "relu", UnaryFunction.RELU, x -> Math.max(x, 0), x -> x < 0 ? 0 : x);
    // The sign of NaN is NaN.
    same(table, "sign", Long::signum, Math::signum);
    table.add(
        "aten::bitwise_not.out",
        call -> {
          TensorSlot self = call.tensor(0);
          TensorSlot out = call.tensor(1);
          LongUnaryOperator not = self.dtype() == DType.BOOL ? x -> 1 - x : x -> ~x;
          return context -> Elementwise.apply(integers(not), Arithmetic.INTEGER, self, out);
        });

    // Integers become floats.
    floating(table, "acos", Math::acos);
    floating(
        table,
        "acosh",
        x ->
            x < 1
                ? Double.NaN
                : x < 0x1p28 ? Math.log(x + Math.sqrt(x * x - 1)) : Math.log(x) + Math.log(2));
    floating(table, "asin", Math::asin);
    floating(table, "asinh", SpecialFunctions::asinh);
    floating(table, "atan", Math::atan);
    floating(table, "atanh", x -> 0.5 * (Math.log1p(x) - Math.log1p(-x)));
    floating(table, "cos", UnaryFunction.COS, Math::cos);
    floating(table, "cosh", Math::cosh);
    floating(table, "erf", UnaryFunction.ERF, SpecialFunctions::erf);
    floating(table, "exp", UnaryFunction.EXP, Math::exp);
    floating(table, "expm1", Math::expm1);
    floating(table, "log", UnaryFunction.LOG, Math::log);
    floating(table, "log10", Math::log10);
    floating(table, "log1p", Math::log1p);
    floating(table, "log2", SpecialFunctions::log2);
    floating(table, "reciprocal", UnaryFunction.RECIPROCAL, x -> 1 / x);
    floating(table, "rsqrt", UnaryFunction.RECIPROCAL_SQUARE_ROOT, x -> 1 / Math.sqrt(x));
    floating(table, "sigmoid", UnaryFunction.SIGMOID, SpecialFunctions::sigmoid);
    floating(table, "sin", UnaryFunction.SIN, Math::sin);
    floating(table, "sinh", Math::sinh);
    floating(table, "sqrt", UnaryFunction.SQUARE_ROOT, Math::sqrt);
    floating(table, "tan", Math::tan);
    floating(table, "tanh", UnaryFunction.TANH, Math::tanh);

    predicate(table, "isinf", x -> 0, x -> Double.isInfinite(x) ? 1 : 0);
    predicate(table, "isnan", x -> 0, x -> Double.isNaN(x) ? 1 : 0);
    predicate(table, "logical_not", x -> x == 0 ? 1 : 0, x -> x == 0 ? 1 : 0);
  }

  private static long identity(long x) {
    return x;
  }

  private static Unary integers(LongUnaryOperator function) {
    return new Unary(
        function,
        x -> {
          throw OperatorFailure.of("expected integers, found %s", x);
        });
  }

  private static void same(
      RuledTable table, String name, LongUnaryOperator integer, DoubleUnaryOperator real) {
    same(table, name, null, integer, real);
  }

  private static void same(
      RuledTable table,
      String name,
      @Nullable UnaryFunction kernel,
      LongUnaryOperator integer,
      DoubleUnaryOperator real) {
    Unary function = new Unary(integer, real);
    table.add(
        "aten::" + name + ".out",
        call -> bind(call, function, kernel, Arithmetic.of(call.tensor(0).dtype())));
  }

  private static void floating(RuledTable table, String name, DoubleUnaryOperator real) {
    floating(table, name, null, real);
  }

  private static void floating(
      RuledTable table, String name, @Nullable UnaryFunction kernel, DoubleUnaryOperator real) {
    Unary function = new Unary(UnaryOperators::identity, real);
    table.add(
        "aten::" + name + ".out",
        call ->
            bind(
                call,
                function,
                kernel,
                Arithmetic.of(TypePromotion.toFloating(call.tensor(0).dtype()))));
  }

  private static Step bind(
      OperatorCall call, Unary function, @Nullable UnaryFunction kernel, Arithmetic arithmetic) {
    TensorSlot self = call.tensor(0);
    TensorSlot out = call.tensor(1);
    Step plain = context -> Elementwise.apply(function, arithmetic, self, out);
    return kernel == null ? plain : FloatKernels.unaryOr(call, kernel, self, out, plain);
  }

  private static void predicate(
      RuledTable table, String name, LongUnaryOperator integer, DoubleUnaryOperator real) {
    same(table, name, integer, real);
  }
}
