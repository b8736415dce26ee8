package dev.sconce.runtime.internal.operator.aten;

import dev.sconce.base.DType;
import dev.sconce.kernels.BinaryFunction;
import dev.sconce.kernels.UnaryFunction;
import dev.sconce.ops.TypePromotion;
import dev.sconce.runtime.internal.execution.OperatorFailure;
import dev.sconce.runtime.internal.execution.Step;
import dev.sconce.runtime.internal.operator.OperatorCall;
import dev.sconce.runtime.internal.operator.OperatorFamily;
import dev.sconce.runtime.internal.operator.OperatorTable;
import dev.sconce.runtime.internal.operator.RuledTable;
import dev.sconce.runtime.internal.operator.UnsupportedCall;
import dev.sconce.runtime.internal.operator.element.Arithmetic;
import dev.sconce.runtime.internal.operator.element.Elementwise;
import dev.sconce.runtime.internal.operator.element.Elementwise.Binary;
import dev.sconce.runtime.internal.operator.element.Elementwise.Unary;
import dev.sconce.runtime.internal.operator.element.FloatKernels;
import dev.sconce.runtime.internal.slot.ScalarSlot;
import dev.sconce.runtime.internal.slot.TensorSlot;
import java.util.function.LongBinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Functions of two elements. Operands meet in their common type, a tensor and a number in the type
 * that the number may raise; the overload with a number is the function with that operand fixed.
 */
public final class BinaryOperators implements OperatorFamily {

  private static final Binary ADD =
      new Binary((a, b) -> a + b, (a, b) -> a + b, BinaryFunction.ADD);
  private static final Binary SUBTRACT =
      new Binary((a, b) -> a - b, (a, b) -> a - b, BinaryFunction.SUBTRACT);
  private static final Binary MULTIPLY =
      new Binary((a, b) -> a * b, (a, b) -> a * b, BinaryFunction.MULTIPLY);
  private static final Binary DIVIDE =
      new Binary(BinaryOperators::quotient, (a, b) -> a / b, BinaryFunction.DIVIDE);
  private static final Binary MAXIMUM = new Binary(Math::max, Math::max, BinaryFunction.MAXIMUM);
  private static final Binary MINIMUM = new Binary(Math::min, Math::min, BinaryFunction.MINIMUM);
  private static final Binary DIVIDE_FLOOR =
      new Binary(BinaryOperators::floorQuotient, BinaryOperators::floorQuotient);
  private static final Binary DIVIDE_TRUNCATE =
      new Binary(BinaryOperators::quotient, (a, b) -> truncate(a / b));

  @Override
  public void addTo(OperatorTable plain) {
    RuledTable table = new RuledTable(plain);
    scaled(table, "add", ADD);
    scaled(table, "sub", SUBTRACT);
    table.add("aten::rsub.Scalar_out", call -> bindScaledScalar(call, flip(SUBTRACT), true));
    tensors(table, "aten::mul.out", MULTIPLY);
    scalar(table, "aten::mul.Scalar_out", MULTIPLY);

    table.add("aten::div.out", call -> bindTensors(call, DIVIDE, floating(common(call)), 2));
    table.add(
        "aten::div.Scalar_out",
        call -> bindScalar(call, DIVIDE, floating(withScalar(call, 0, 1)), 2));
    table.add(
        "aten::div.out_mode",
        call -> {
          String mode = call.optionalString(2);
          DType type = mode == null ? floating(common(call)) : common(call);
          return bindTensors(call, divide(mode), type, 3);
        });
    table.add(
        "aten::div.Scalar_mode_out",
        call -> {
          String mode = call.optionalString(2);
          DType meeting = withScalar(call, 0, 1);
          return bindScalar(call, divide(mode), mode == null ? floating(meeting) : meeting, 3);
        });
    tensors(table, "aten::floor_divide.out", DIVIDE_FLOOR);

    both(table, "fmod", new Binary(BinaryOperators::remainderOfTruncation, (a, b) -> a % b));
    // On integers the official kernel takes the sign of the dividend, on floats of the divisor.
    both(
        table,
        "remainder",
        new Binary(BinaryOperators::remainderOfTruncation, BinaryOperators::floorRemainder));
    tensors(table, "aten::maximum.out", MAXIMUM);
    tensors(table, "aten::minimum.out", MINIMUM);

    table.add("aten::pow.Tensor_Tensor_out", call -> bindTensors(call, POWER, common(call), 2));
    table.add(
        "aten::pow.Tensor_Scalar_out", call -> bindScalar(call, POWER, withScalar(call, 0, 1), 2));
    table.add(
        "aten::pow.Scalar_out",
        call -> bindFixed(call, 1, 0, flip(POWER), withScalar(call, 1, 0), call.tensor(2)));
    table.add(
        "aten::atan2.out",
        call ->
            bindTensors(
                call,
                new Binary((a, b) -> 0, (a, b) -> Math.atan2(a, b)),
                floating(common(call)),
                2));

    bitwise(table, "and", new Binary((a, b) -> a & b, BinaryOperators::notOnFloats));
    bitwise(table, "or", new Binary((a, b) -> a | b, BinaryOperators::notOnFloats));
    bitwise(table, "xor", new Binary((a, b) -> a ^ b, BinaryOperators::notOnFloats));
    shift(table, "left", BinaryOperators::shiftLeft);
    shift(table, "right", BinaryOperators::shiftRight);
  }

  /** Integers are raised in double, as the official kernel does, and cut when stored. */
  private static final Binary POWER =
      new Binary((a, b) -> (long) Math.pow((double) a, (double) b), BinaryOperators::power);

  private static double power(double a, double b) {
    // C's pow of 1 is 1 whatever the exponent; so is that of -1 and an infinity.
    if (a == 1 || (a == -1 && Double.isInfinite(b))) {
      return 1;
    }
    return Math.pow(a, b);
  }

  private static double notOnFloats(double a, double b) {
    throw OperatorFailure.of("expected integers, found %s and %s", a, b);
  }

  private static long quotient(long a, long b) {
    return a / nonzero(b);
  }

  private static long floorQuotient(long a, long b) {
    return Math.floorDiv(a, nonzero(b));
  }

  private static long remainderOfTruncation(long a, long b) {
    return a % nonzero(b);
  }

  private static long nonzero(long divisor) {
    if (divisor == 0) {
      throw new OperatorFailure("expected a divisor other than 0 for integers, found 0");
    }
    return divisor;
  }

  private static double truncate(double x) {
    return x < 0 ? Math.ceil(x) : Math.floor(x);
  }

  /** PyTorch's: exact where {@code floor(a / b)} would be off after rounding. */
  private static double floorQuotient(double a, double b) {
    if (b == 0) {
      return Math.copySign(Double.POSITIVE_INFINITY, a);
    }
    double modulus = a % b;
    double quotient = (a - modulus) / b;
    return modulus != 0 && (b < 0) != (modulus < 0) ? quotient - 1 : quotient;
  }

  private static double floorRemainder(double a, double b) {
    double remainder = a % b;
    return remainder != 0 && (a < 0) != (b < 0) ? remainder + b : remainder;
  }

  private static long shiftLeft(long value, long count) {
    return count < 0 || count >= Long.SIZE ? 0 : value << count;
  }

  private static long shiftRight(long value, long count) {
    return value >> (count < 0 || count >= Long.SIZE ? Long.SIZE - 1 : count);
  }

  private static Binary divide(@Nullable String mode) {
    return switch (mode) {
      case null -> DIVIDE;
      case "floor" -> DIVIDE_FLOOR;
      case "trunc" -> DIVIDE_TRUNCATE;
      default -> throw new UnsupportedCall("rounding mode '" + mode + "'");
    };
  }

  private static Binary flip(Binary function) {
    return new Binary(
        (a, b) -> function.integer().applyAsLong(b, a),
        (a, b) -> function.real().applyAsDouble(b, a));
  }

  static DType common(OperatorCall call) {
    return common(call.tensor(0), call.tensor(1));
  }

  static DType common(TensorSlot a, TensorSlot b) {
    return TypePromotion.promote(a.dtype(), b.dtype())
        .orElseThrow(() -> new UnsupportedCall("dtype " + a.dtype() + " with " + b.dtype()));
  }

  static DType withScalar(OperatorCall call, int tensor, int scalar) {
    DType type =
        switch (call.scalar(scalar).kind()) {
          case INT -> DType.INT64;
          case DOUBLE -> DType.FLOAT64;
          case BOOL -> DType.BOOL;
        };
    return TypePromotion.withScalar(call.tensor(tensor).dtype(), type);
  }

  private static DType floating(DType type) {
    return TypePromotion.toFloating(type);
  }

  private static void both(RuledTable table, String name, Binary function) {
    tensors(table, "aten::" + name + ".Tensor_out", function);
    scalar(table, "aten::" + name + ".Scalar_out", function);
  }

  private static void bitwise(RuledTable table, String name, Binary function) {
    both(table, "bitwise_" + name, function);
  }

  private static void shift(RuledTable table, String side, LongBinaryOperator shift) {
    Binary function = new Binary(shift, BinaryOperators::notOnFloats);
    tensors(table, "aten::bitwise_" + side + "_shift.Tensor_out", function);
    scalar(table, "aten::bitwise_" + side + "_shift.Tensor_Scalar_out", function);
  }

  private static void tensors(RuledTable table, String name, Binary function) {
    table.add(name, call -> bindTensors(call, function, common(call), 2));
  }

  private static void scalar(RuledTable table, String name, Binary function) {
    table.add(name, call -> bindScalar(call, function, withScalar(call, 0, 1), 2));
  }

  private static Step bindTensors(OperatorCall call, Binary function, DType type, int outPosition) {
    TensorSlot a = call.tensor(0);
    TensorSlot b = call.tensor(1);
    TensorSlot out = call.tensor(outPosition);
    Arithmetic arithmetic = Arithmetic.of(type);
    return context -> apply(call, function, arithmetic, a, b, out);
  }

  private static void apply(
      OperatorCall call,
      Binary function,
      Arithmetic arithmetic,
      TensorSlot a,
      TensorSlot b,
      TensorSlot out) {
    BinaryFunction kernel = function.kernel();
    if (kernel == null || !FloatKernels.apply(call.kernels(), kernel, a, b, out)) {
      Elementwise.apply(function, arithmetic, a, b, out);
    }
  }

  private static boolean applyKernel(
      OperatorCall call, Binary function, TensorSlot self, double number, TensorSlot out) {
    if (number == 2 && function.equals(POWER)) {
      return FloatKernels.apply(call.kernels(), UnaryFunction.SQUARE, self, out);
    }
    BinaryFunction kernel = function.kernel();
    return kernel != null && FloatKernels.apply(call.kernels(), kernel, self, (float) number, out);
  }

  private static Step bindScalar(OperatorCall call, Binary function, DType type, int outPosition) {
    return bindFixed(call, 0, 1, function, type, call.tensor(outPosition));
  }

  /** Binds a function whose right operand is a number. */
  static Step bindFixed(
      OperatorCall call,
      int tensorPosition,
      int scalarPosition,
      Binary function,
      DType type,
      TensorSlot out) {
    TensorSlot self = call.tensor(tensorPosition);
    ScalarSlot other = call.scalar(scalarPosition);
    Arithmetic arithmetic = Arithmetic.of(type);
    return context -> {
      long integer = other.toLong();
      double real = arithmetic.round(other.toDouble());
      if (applyKernel(call, function, self, real, out)) {
        return;
      }
      Unary fixed =
          new Unary(
              x -> function.integer().applyAsLong(x, integer),
              x -> function.real().applyAsDouble(x, real));
      Elementwise.apply(fixed, arithmetic, self, out);
    };
  }

  /** Adds both overloads of a function whose right operand is multiplied by alpha. */
  private static void scaled(RuledTable table, String name, Binary function) {
    table.add(
        "aten::" + name + ".out",
        call -> {
          TensorSlot a = call.tensor(0);
          TensorSlot b = call.tensor(1);
          ScalarSlot alpha = call.scalar(2);
          TensorSlot out = call.tensor(3);
          Arithmetic arithmetic = Arithmetic.of(common(a, b));
          return context -> apply(call, scale(function, alpha, arithmetic), arithmetic, a, b, out);
        });
    table.add("aten::" + name + ".Scalar_out", call -> bindScaledScalar(call, function, false));
  }

  private static Step bindScaledScalar(OperatorCall call, Binary function, boolean scalesSelf) {
    TensorSlot self = call.tensor(0);
    ScalarSlot other = call.scalar(1);
    ScalarSlot alpha = call.scalar(2);
    TensorSlot out = call.tensor(3);
    Arithmetic arithmetic = Arithmetic.of(withScalar(call, 0, 1));
    return context -> {
      // rsub is other - alpha * self: the tensor is scaled; add and sub scale the number.
      long factor = alpha.toLong();
      double realFactor = arithmetic.round(alpha.toDouble());
      long left = scalesSelf ? factor : 1;
      double realLeft = scalesSelf ? realFactor : 1;
      long right = other.toLong() * (scalesSelf ? 1 : factor);
      double realRight =
          arithmetic.round(arithmetic.round(other.toDouble()) * (scalesSelf ? 1 : realFactor));
      if (!scalesSelf && applyKernel(call, function, self, realRight, out)) {
        return;
      }
      Unary fixed =
          new Unary(
              x -> function.integer().applyAsLong(x * left, right),
              x -> function.real().applyAsDouble(x * realLeft, realRight));
      Elementwise.apply(fixed, arithmetic, self, out);
    };
  }

  private static Binary scale(Binary function, ScalarSlot alpha, Arithmetic arithmetic) {
    long factor = alpha.toLong();
    double realFactor = arithmetic.round(alpha.toDouble());
    if (realFactor == 1) {
      return function;
    }
    return new Binary(
        (a, b) -> function.integer().applyAsLong(a, b * factor),
        (a, b) -> function.real().applyAsDouble(a, b * realFactor));
  }
}
