package dev.sconce.text.internal.jinja.python;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The operators {@code + - * / // % **}. */
public final class Arithmetic {

  /** An arithmetic operator. */
  public enum Operator {
    /** Sum or concatenation. */
    ADD("+"),
    /** Difference. */
    SUBTRACT("-"),
    /** Product or repetition. */
    MULTIPLY("*"),
    /** True division. */
    DIVIDE("/"),
    /** Division rounded down. */
    FLOOR_DIVIDE("//"),
    /** Remainder with the sign of the divisor, or formatting. */
    MODULO("%"),
    /** Power. */
    POWER("** or pow()");

    private final String symbol;

    Operator(String symbol) {
      this.symbol = symbol;
    }
  }

  /** A quotient of two long integers is rounded once more, at this precision, before the double. */
  private static final MathContext QUOTIENT = new MathContext(60);

  /** Integers up to 2^53 are doubles. */
  private static final int EXACT_BITS = 53;

  private Arithmetic() {}

  /** Applies an operator. */
  public static PyValue apply(Operator operator, PyValue left, PyValue right, Budget budget) {
    if (operator == Operator.MODULO && left instanceof PyStr format) {
      return PercentFormat.format(format, right, budget);
    }
    if (left instanceof PyUndefined undefined) {
      throw undefined.error();
    }
    if (operator == Operator.SUBTRACT) {
      Set<PyValue> from = PySet.view(left);
      Set<PyValue> taken = PySet.view(right);
      // A view on either side takes any iterable on the other; a set only sets and views.
      boolean sets = from != null && taken != null;
      if (sets
          || (left instanceof PyDictView && from != null)
          || (right instanceof PyDictView && taken != null)) {
        return PySet.difference(left, right, budget);
      }
    }
    if (right instanceof PyUndefined undefined) {
      throw undefined.error();
    }
    BigInteger a = Numbers.integer(left);
    BigInteger b = Numbers.integer(right);
    if (a != null && b != null) {
      return integers(operator, a, b, budget);
    }
    if (Numbers.isNumber(left) && Numbers.isNumber(right)) {
      return new PyFloat(doubles(operator, Numbers.toDouble(left), Numbers.toDouble(right)));
    }
    PyValue result =
        switch (operator) {
          case ADD -> concatenate(left, right, budget);
          case MULTIPLY ->
              b != null ? repeat(left, b, budget) : a != null ? repeat(right, a, budget) : null;
          default -> null;
        };
    if (result == null) {
      throw unsupported(operator, left, right);
    }
    return result;
  }

  private static PyError unsupported(Operator operator, PyValue left, PyValue right) {
    if (operator == Operator.ADD && left instanceof PyStr) {
      return PyError.type("can only concatenate str (not \"" + right.typeName() + "\") to str");
    }
    if (operator == Operator.ADD && (left instanceof PyList || left instanceof PyTuple)) {
      return PyError.type(
          "can only concatenate %s (not \"%s\") to %s"
              .formatted(left.typeName(), right.typeName(), left.typeName()));
    }
    return PyError.type(
        "unsupported operand type(s) for %s: '%s' and '%s'"
            .formatted(operator.symbol, left.typeName(), right.typeName()));
  }

  private static PyValue integers(Operator operator, BigInteger a, BigInteger b, Budget budget) {
    return switch (operator) {
      case ADD -> new PyInt(a.add(b));
      case SUBTRACT -> new PyInt(a.subtract(b));
      case MULTIPLY -> {
        budget.integer((long) a.bitLength() + b.bitLength());
        yield new PyInt(a.multiply(b));
      }
      case DIVIDE -> new PyFloat(quotient(a, b));
      case FLOOR_DIVIDE -> new PyInt(floorDivide(a, b));
      case MODULO -> new PyInt(a.subtract(floorDivide(a, b).multiply(b)));
      case POWER -> power(a, b, budget);
    };
  }

  private static double quotient(BigInteger a, BigInteger b) {
    if (b.signum() == 0) {
      throw zeroDivision("division by zero");
    }
    if (a.bitLength() <= EXACT_BITS && b.bitLength() <= EXACT_BITS) {
      return a.doubleValue() / b.doubleValue();
    }
    double result = new BigDecimal(a).divide(new BigDecimal(b), QUOTIENT).doubleValue();
    if (Double.isInfinite(result)) {
      throw new PyError(PyError.Kind.OVERFLOW, "integer division result too large for a float");
    }
    return result;
  }

  private static BigInteger floorDivide(BigInteger a, BigInteger b) {
    if (b.signum() == 0) {
      throw zeroDivision("integer division or modulo by zero");
    }
    BigInteger[] parts = a.divideAndRemainder(b);
    return parts[1].signum() != 0 && parts[1].signum() != b.signum()
        ? parts[0].subtract(BigInteger.ONE)
        : parts[0];
  }

  private static PyValue power(BigInteger base, BigInteger exponent, Budget budget) {
    if (exponent.signum() < 0) {
      return new PyFloat(
          doubles(
              Operator.POWER,
              Numbers.toDouble(new PyInt(base)),
              Numbers.toDouble(new PyInt(exponent))));
    }
    if (base.abs().compareTo(BigInteger.ONE) <= 0) {
      // 0, 1 and -1 stay small whatever the exponent; only zero and parity of it matter.
      int equivalent = exponent.signum() == 0 ? 0 : exponent.testBit(0) ? 1 : 2;
      return new PyInt(base.pow(equivalent));
    }
    long factor = exponent.bitLength() > 31 ? Integer.MAX_VALUE : exponent.longValue();
    budget.integer(base.bitLength() * factor);
    return new PyInt(base.pow((int) factor));
  }

  private static double doubles(Operator operator, double x, double y) {
    return switch (operator) {
      case ADD -> x + y;
      case SUBTRACT -> x - y;
      case MULTIPLY -> x * y;
      case DIVIDE -> {
        checkDivisor(y, "float division by zero");
        yield x / y;
      }
      case FLOOR_DIVIDE -> {
        checkDivisor(y, "float floor division by zero");
        yield floorDivide(x, y);
      }
      case MODULO -> {
        checkDivisor(y, "float modulo");
        yield modulo(x, y);
      }
      case POWER -> power(x, y);
    };
  }

  private static void checkDivisor(double divisor, String message) {
    if (divisor == 0) {
      throw zeroDivision(message);
    }
  }

  private static PyError zeroDivision(String message) {
    return new PyError(PyError.Kind.ZERO_DIVISION, message);
  }

  private static double modulo(double x, double y) {
    double remainder = x % y;
    if (remainder == 0) {
      return Math.copySign(0.0, y);
    }
    return remainder < 0 == y < 0 ? remainder : remainder + y;
  }

  private static double floorDivide(double x, double y) {
    double remainder = x % y;
    double quotient = (x - remainder) / y;
    if (remainder != 0 && remainder < 0 != y < 0) {
      quotient -= 1;
    }
    if (quotient == 0) {
      return Math.copySign(0.0, x / y);
    }
    double floor = Math.floor(quotient);
    return quotient - floor > 0.5 ? floor + 1 : floor;
  }

  private static double power(double x, double y) {
    if (y == 0 || x == 1) {
      return 1;
    }
    if (x == 0 && y < 0) {
      throw zeroDivision("0.0 cannot be raised to a negative power");
    }
    if (x == -1 && Double.isInfinite(y)) {
      return 1;
    }
    if (x < 0 && Double.isFinite(x) && Double.isFinite(y) && y != Math.rint(y)) {
      throw new PyError(PyError.Kind.UNSUPPORTED, "a root of a negative number is complex");
    }
    double result = StrictMath.pow(x, y);
    if (Double.isInfinite(result) && Double.isFinite(x) && Double.isFinite(y)) {
      throw new PyError(PyError.Kind.OVERFLOW, "(34, 'Numerical result out of range')");
    }
    return result;
  }

  private static @Nullable PyValue concatenate(PyValue left, PyValue right, Budget budget) {
    if (left instanceof PyStr a && right instanceof PyStr b) {
      budget.make((long) a.value().length() + b.value().length());
      if (a.isMarkup() || b.isMarkup()) {
        return PyStr.markup(Markup.escape(a) + Markup.escape(b));
      }
      return PyStr.of(a.value() + b.value());
    }
    if (left instanceof PyList a && right instanceof PyList b) {
      return new PyList(join(a.items(), b.items(), budget));
    }
    if (left instanceof PyTuple a && right instanceof PyTuple b) {
      return new PyTuple(join(a.items(), b.items(), budget));
    }
    return null;
  }

  private static List<PyValue> join(List<PyValue> left, List<PyValue> right, Budget budget) {
    budget.make((long) left.size() + right.size());
    List<PyValue> all = new ArrayList<>(left.size() + right.size());
    all.addAll(left);
    all.addAll(right);
    return all;
  }

  private static @Nullable PyValue repeat(PyValue sequence, BigInteger count, Budget budget) {
    long times =
        count.signum() <= 0 ? 0 : count.bitLength() > 31 ? Integer.MAX_VALUE : count.longValue();
    return switch (sequence) {
      case PyStr text -> {
        budget.make(text.value().length() * times);
        yield text.like(text.value().isEmpty() ? "" : text.value().repeat((int) times));
      }
      case PyList list -> new PyList(repeat(list.items(), times, budget));
      case PyTuple tuple -> new PyTuple(repeat(tuple.items(), times, budget));
      default -> null;
    };
  }

  private static List<PyValue> repeat(List<PyValue> items, long times, Budget budget) {
    budget.make(items.size() * times);
    List<PyValue> result = new ArrayList<>();
    if (!items.isEmpty()) {
      Collections.nCopies((int) times, items).forEach(result::addAll);
    }
    return result;
  }

  /** Returns {@code -value}. */
  public static PyValue negate(PyValue value) {
    BigInteger integer = Numbers.integer(value);
    if (integer != null) {
      return new PyInt(integer.negate());
    }
    return switch (value) {
      case PyFloat number -> new PyFloat(-number.value());
      case PyUndefined undefined -> throw undefined.error();
      default -> throw PyError.type("bad operand type for unary -: '" + value.typeName() + "'");
    };
  }

  /** Returns {@code +value}. */
  public static PyValue plus(PyValue value) {
    BigInteger integer = Numbers.integer(value);
    if (integer != null) {
      return new PyInt(integer);
    }
    return switch (value) {
      case PyFloat number -> number;
      case PyUndefined undefined -> throw undefined.error();
      default -> throw PyError.type("bad operand type for unary +: '" + value.typeName() + "'");
    };
  }

  /** Returns {@code abs(value)}. */
  public static PyValue absolute(PyValue value) {
    BigInteger integer = Numbers.integer(value);
    if (integer != null) {
      return new PyInt(integer.abs());
    }
    if (value instanceof PyFloat number) {
      return new PyFloat(Math.abs(number.value()));
    }
    throw PyError.type("bad operand type for abs(): '" + value.typeName() + "'");
  }
}
