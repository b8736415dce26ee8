package dev.sconce.text.internal.jinja.python;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** The numeric tower: bool, int and float. */
final class Numbers {

  private static final int LONG_BITS = 63;

  private Numbers() {}

  /** Returns the integer that a bool or int is, or null for anything else. */
  static @Nullable BigInteger integer(PyValue value) {
    return switch (value) {
      case PyInt number -> number.value();
      case PyBool bool -> bool.asInteger();
      default -> null;
    };
  }

  static boolean isNumber(PyValue value) {
    return value instanceof PyInt || value instanceof PyBool || value instanceof PyFloat;
  }

  /** Returns a number as a double; an integer out of its range is an OverflowError. */
  static double toDouble(PyValue number) {
    if (number instanceof PyFloat f) {
      return f.value();
    }
    BigInteger integer = integer(number);
    if (integer == null) {
      throw PyError.type("must be real number, not " + number.typeName());
    }
    double result = integer.doubleValue();
    if (Double.isInfinite(result)) {
      throw new PyError(PyError.Kind.OVERFLOW, "int too large to convert to float");
    }
    return result;
  }

  /** Compares two numbers exactly; empty if one is NaN. */
  static @Nullable Integer compare(PyValue left, PyValue right) {
    BigInteger a = integer(left);
    BigInteger b = integer(right);
    if (a != null && b != null) {
      return a.compareTo(b);
    }
    double x = a == null ? ((PyFloat) left).value() : 0;
    double y = b == null ? ((PyFloat) right).value() : 0;
    if (Double.isNaN(x) || Double.isNaN(y)) {
      return null;
    }
    if (a == null && b == null) {
      return x == y ? 0 : Double.compare(x, y);
    }
    if (a != null) {
      return Double.isInfinite(y)
          ? (y > 0 ? -1 : 1)
          : new BigDecimal(a).compareTo(new BigDecimal(y));
    }
    return Double.isInfinite(x)
        ? (x > 0 ? 1 : -1)
        : new BigDecimal(x).compareTo(new BigDecimal(integer(right)));
  }

  /** Returns whether two values are equal numbers. */
  static boolean equal(PyValue left, PyValue right) {
    if (!isNumber(left) || !isNumber(right)) {
      return false;
    }
    Integer order = compare(left, right);
    return order != null && order == 0;
  }

  /**
   * Returns an index as an int, clamped to its range.
   *
   * @param what the message of the TypeError for a value that is no integer
   */
  static int index(PyValue value, String what) {
    BigInteger integer = integer(value);
    if (integer == null) {
      if (value instanceof PyUndefined undefined) {
        throw undefined.error();
      }
      throw PyError.type(what);
    }
    if (integer.bitLength() > LONG_BITS) {
      return integer.signum() < 0 ? Integer.MIN_VALUE : Integer.MAX_VALUE;
    }
    return Math.clamp(integer.longValue(), Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  /** Returns an integer argument, clamped to the range of an int. */
  static int index(PyValue value) {
    return index(value, "'" + value.typeName() + "' object cannot be interpreted as an integer");
  }
}
