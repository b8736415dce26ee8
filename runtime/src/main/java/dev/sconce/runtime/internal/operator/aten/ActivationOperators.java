package dev.sconce.runtime.internal.operator.aten;

import dev.sconce.base.DType;
import dev.sconce.kernels.UnaryFunction;
import dev.sconce.ops.TypePromotion;
import dev.sconce.runtime.internal.execution.Step;
import dev.sconce.runtime.internal.operator.OperatorCall;
import dev.sconce.runtime.internal.operator.OperatorFamily;
import dev.sconce.runtime.internal.operator.OperatorTable;
import dev.sconce.runtime.internal.operator.RuledTable;
import dev.sconce.runtime.internal.operator.UnsupportedCall;
import dev.sconce.runtime.internal.operator.element.Arithmetic;
import dev.sconce.runtime.internal.operator.element.Elements;
import dev.sconce.runtime.internal.operator.element.Elementwise;
import dev.sconce.runtime.internal.operator.element.Elementwise.Unary;
import dev.sconce.runtime.internal.operator.element.FloatKernels;
import dev.sconce.runtime.internal.operator.element.Layouts;
import dev.sconce.runtime.internal.operator.element.Walk;
import dev.sconce.runtime.internal.slot.ScalarSlot;
import dev.sconce.runtime.internal.slot.TensorSlot;
import java.util.function.DoubleUnaryOperator;

/** Activation functions with parameters. */
public final class ActivationOperators implements OperatorFamily {

  private static final double SQRT_HALF = Math.sqrt(0.5);
  private static final double SQRT_2_OVER_PI = Math.sqrt(2 / Math.PI);
  private static final double TANH_GELU_CUBIC = 0.044715;

  /** Reads the parameters of a call when it runs. */
  @FunctionalInterface
  private interface Parameters {
    DoubleUnaryOperator read(OperatorCall call, Arithmetic arithmetic);
  }

  @Override
  public void addTo(OperatorTable plain) {
    RuledTable table = new RuledTable(plain);
    add(
        table,
        "elu",
        (call, arithmetic) -> {
          double alpha = parameter(call.scalar(1), arithmetic);
          double scale = parameter(call.scalar(2), arithmetic);
          double inputScale = parameter(call.scalar(3), arithmetic);
          double negative = alpha * scale;
          return x -> x <= 0 ? Math.expm1(x * inputScale) * negative : x * scale;
        });
    add(
        table,
        "leaky_relu",
        (call, arithmetic) -> {
          double slope = parameter(call.scalar(1), arithmetic);
          return x -> x >= 0 ? x : x * slope;
        });
    table.add("aten::gelu.out", ActivationOperators::bindGelu);
    add(
        table,
        "logit",
        (call, arithmetic) -> {
          ScalarSlot eps = call.optionalNumber(1);
          if (eps == null) {
            return x -> Math.log(x / (1 - x));
          }
          double low = parameter(eps, arithmetic);
          double high = arithmetic.round(1 - low);
          return x -> {
            double inside = x < low ? low : x > high ? high : x;
            return Math.log(inside / (1 - inside));
          };
        });
    table.add(
        "aten::glu.out",
        call -> {
          TensorSlot self = call.tensor(0);
          ScalarSlot dim = call.integer(1);
          TensorSlot out = call.tensor(2);
          return context -> gatedLinearUnit(self, dim.intValue(), out);
        });
  }

  private static double parameter(ScalarSlot scalar, Arithmetic arithmetic) {
    return arithmetic.round(scalar.toDouble());
  }

  private static void add(RuledTable table, String name, Parameters parameters) {
    table.add(
        "aten::" + name + ".out",
        call -> {
          TensorSlot self = call.tensor(0);
          TensorSlot out = call.tensor(call.size() - 2);
          Arithmetic arithmetic = Arithmetic.of(TypePromotion.toFloating(self.dtype()));
          return context ->
              Elementwise.apply(
                  new Unary(x -> x, parameters.read(call, arithmetic)), arithmetic, self, out);
        });
  }

  private static Step bindGelu(OperatorCall call) {
    TensorSlot self = call.tensor(0);
    TensorSlot out = call.tensor(2);
    Arithmetic arithmetic = Arithmetic.of(TypePromotion.toFloating(self.dtype()));
    Unary function = new Unary(x -> x, gelu(call.string(1), self.dtype()));
    UnaryFunction kernel =
        call.string(1).equals("none") ? UnaryFunction.GELU : UnaryFunction.GELU_TANH;
    return context -> {
      if (!FloatKernels.apply(call.kernels(), kernel, self, out)) {
        Elementwise.apply(function, arithmetic, self, out);
      }
    };
  }

  /** At -infinity the formula, and the official kernel, has NaN; those of 16 bits have 0. */
  private static DoubleUnaryOperator gelu(String approximation, DType type) {
    DoubleUnaryOperator formula =
        switch (approximation) {
          case "none" -> x -> 0.5 * x * (1 + SpecialFunctions.erf(x * SQRT_HALF));
          case "tanh" ->
              x -> 0.5 * x * (1 + Math.tanh(SQRT_2_OVER_PI * (x + TANH_GELU_CUBIC * x * x * x)));
          default -> throw new UnsupportedCall("gelu approximation '" + approximation + "'");
        };
    return type == DType.FLOAT32 || type == DType.FLOAT64
        ? formula
        : x -> x == Double.NEGATIVE_INFINITY ? 0 : formula.applyAsDouble(x);
  }

  private static void gatedLinearUnit(TensorSlot self, int dim, TensorSlot out) {
    int split = dim < 0 ? dim + self.rank() : dim;
    Elements source = Elements.of(self);
    Elements target = Elements.of(out);
    Arithmetic arithmetic = Arithmetic.of(self.dtype());
    long half = out.size(split) * self.stride(split);
    new Walk(Layouts.sizes(out), Layouts.strides(out), Layouts.strides(self))
        .run(
            (offsets, steps, count) -> {
              for (long i = 0; i < count; i++) {
                long s = offsets[1] + i * steps[1];
                double gate = SpecialFunctions.sigmoid(source.get(arithmetic, s + half));
                target.set(arithmetic, offsets[0] + i * steps[0], source.get(arithmetic, s) * gate);
              }
            });
  }
}
