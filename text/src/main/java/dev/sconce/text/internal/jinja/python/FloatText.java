package dev.sconce.text.internal.jinja.python;

import java.math.BigDecimal;
import java.math.BigInteger;

/** Floats and integers as {@code repr} prints them. */
final class FloatText {

  /** {@code repr} writes a positional number from 1e-4 up to this power of ten. */
  private static final int MAX_POSITIONAL_EXPONENT = 16;

  /** CPython refuses to print longer integers (sys.int_info.default_max_str_digits). */
  private static final int MAX_INTEGER_DIGITS = 4300;

  private FloatText() {}

  /** Returns the shortest text that reads back as the same double. */
  static String repr(double value) {
    if (Double.isNaN(value)) {
      return "nan";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "inf" : "-inf";
    }
    String sign = value < 0 || (value == 0 && 1 / value < 0) ? "-" : "";
    if (value == 0) {
      return sign + "0.0";
    }
    BigDecimal shortest = shortest(Math.abs(value));
    String digits = shortest.unscaledValue().toString();
    int exponent = digits.length() - 1 - shortest.scale();
    if (exponent < -4 || exponent >= MAX_POSITIONAL_EXPONENT) {
      return sign + exponential(digits, exponent);
    }
    String plain = shortest.toPlainString();
    return sign + (plain.indexOf('.') < 0 ? plain + ".0" : plain);
  }

  private static String exponential(String digits, int exponent) {
    String mantissa = digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
    return mantissa
        + (exponent < 0 ? "e-" : "e+")
        + (Math.abs(exponent) < 10 ? "0" : "")
        + Math.abs(exponent);
  }

  /** Returns the shortest decimal that rounds to a positive double, without trailing zeros. */
  private static BigDecimal shortest(double value) {
    BigDecimal decimal = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    if (decimal.precision() == 2) {
      // Double.toString prefers two digits to one where both read back (4.9E-324, for 5E-324).
      BigDecimal one = decimal.round(new java.math.MathContext(1)).stripTrailingZeros();
      if (one.doubleValue() == value) {
        return one;
      }
    }
    return decimal;
  }

  /** Returns an integer in decimal. */
  static String repr(BigInteger value) {
    // log2(10^4300) = 14284.3
    if (value.bitLength() > 14_280
        && value.abs().compareTo(BigInteger.TEN.pow(MAX_INTEGER_DIGITS)) >= 0) {
      throw tooLong();
    }
    return value.toString();
  }

  static PyError tooLong() {
    return PyError.value(
        "Exceeds the limit (" + MAX_INTEGER_DIGITS + " digits) for integer string conversion");
  }

  static int maxIntegerDigits() {
    return MAX_INTEGER_DIGITS;
  }
}
