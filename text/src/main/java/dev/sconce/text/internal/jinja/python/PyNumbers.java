package dev.sconce.text.internal.jinja.python;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/** The functions {@code int}, {@code float}, {@code round}, {@code ceil} and {@code floor}. */
public final class PyNumbers {

  private static final int MAX_DIGITS = 400;

  private PyNumbers() {}

  /** Returns {@code int(text, base)}, or null where Python raises a ValueError. */
  public static @Nullable PyValue parseInteger(String text, int base) {
    if (base != 0 && (base < 2 || base > 36)) {
      return null;
    }
    try {
      BigInteger value = NumberText.parseInteger(text, base);
      return value == null ? null : new PyInt(value);
    } catch (PyError e) {
      if (e.kind() == PyError.Kind.VALUE) {
        return null;
      }
      throw e;
    }
  }

  /** Returns {@code int(value)}, or null where Python raises a TypeError or ValueError. */
  public static @Nullable PyValue toInteger(PyValue value) {
    return switch (value) {
      case PyInt number -> number;
      case PyBool bool -> new PyInt(bool.asInteger());
      case PyFloat number ->
          Double.isNaN(number.value()) ? null : new PyInt(PercentFormat.truncate(number.value()));
      case PyStr text -> parseInteger(text.value(), 10);
      case PyUndefined undefined -> throw undefined.error();
      default -> null;
    };
  }

  /** Returns {@code float(value)}, or null where Python raises a TypeError or ValueError. */
  public static @Nullable PyValue toFloat(PyValue value) {
    return switch (value) {
      case PyInt _, PyBool _ -> new PyFloat(Numbers.toDouble(value));
      case PyFloat number -> number;
      case PyStr text -> {
        Double parsed = NumberText.parseFloat(text.value());
        yield parsed == null ? null : new PyFloat(parsed);
      }
      case PyUndefined undefined -> throw undefined.error();
      default -> null;
    };
  }

  /** Returns a number as a double. */
  public static double doubleValue(PyValue number) {
    return Numbers.toDouble(number);
  }

  /** Returns {@code math.ceil(value)} or {@code math.floor(value)}. */
  public static PyValue toWhole(PyValue value, boolean ceil) {
    BigInteger integer = Numbers.integer(value);
    if (integer != null) {
      return new PyInt(integer);
    }
    double number = Numbers.toDouble(value);
    return new PyInt(PercentFormat.truncate(ceil ? Math.ceil(number) : Math.floor(number)));
  }

  /** Returns {@code round(value, digits)}; half to even, from the exact value. */
  public static PyValue round(PyValue value, PyValue digits) {
    BigInteger integer = Numbers.integer(value);
    if (integer == null && !(value instanceof PyFloat)) {
      throw PyError.type("type " + value.typeName() + " doesn't define __round__ method");
    }
    if (digits == PyNone.NONE) {
      if (integer != null) {
        return new PyInt(integer);
      }
      return new PyInt(PercentFormat.truncate(Math.rint(Numbers.toDouble(value))));
    }
    int places = Numbers.index(digits);
    if (integer != null) {
      return new PyInt(places >= 0 ? integer : roundInteger(integer, places));
    }
    double number = Numbers.toDouble(value);
    if (!Double.isFinite(number) || places > MAX_DIGITS) {
      return value;
    }
    if (places < -MAX_DIGITS) {
      return new PyFloat(Math.copySign(0.0, number));
    }
    double rounded = new BigDecimal(number).setScale(places, RoundingMode.HALF_EVEN).doubleValue();
    if (Double.isInfinite(rounded)) {
      throw new PyError(PyError.Kind.OVERFLOW, "rounded value too large to represent");
    }
    return new PyFloat(rounded == 0 ? Math.copySign(0.0, number) : rounded);
  }

  private static BigInteger roundInteger(BigInteger value, int places) {
    // 10^digits beyond the number itself rounds it to zero.
    if (-(long) places > value.bitLength() + 1L) {
      return BigInteger.ZERO;
    }
    return new BigDecimal(value).setScale(places, RoundingMode.HALF_EVEN).toBigInteger();
  }

  /** Returns {@code '%.<digits>f' % value}. */
  public static String fixed(double value, int digits) {
    String text = FloatFormat.magnitude(value, 'f', digits, false, false);
    return value < 0 ? "-" + text : text;
  }
}
