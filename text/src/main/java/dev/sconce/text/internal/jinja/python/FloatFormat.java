package dev.sconce.text.internal.jinja.python;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/** The conversions {@code e f g} of printf, rounded from the exact value. */
final class FloatFormat {

  private FloatFormat() {}

  /**
   * Formats the magnitude of a double, without sign.
   *
   * @param type one of {@code e E f F g G}
   * @param alternate whether trailing zeros and the point are kept
   * @param pointZero whether a whole number keeps one decimal, and the exponent comes one digit
   *     sooner ({@code format(x, '.3')})
   */
  static String magnitude(
      double value, char type, int precision, boolean alternate, boolean pointZero) {
    double x = Math.abs(value);
    boolean upper = Character.isUpperCase(type);
    if (Double.isNaN(x) || Double.isInfinite(x)) {
      String word = Double.isNaN(x) ? "nan" : "inf";
      return upper ? word.toUpperCase(Locale.ROOT) : word;
    }
    String text =
        switch (Character.toLowerCase(type)) {
          case 'f' -> fixed(x, precision, alternate);
          case 'e' -> exponential(x, precision, alternate);
          default -> general(x, Math.max(precision, 1), alternate, pointZero);
        };
    return upper ? text.toUpperCase(Locale.ROOT) : text;
  }

  private static String fixed(double x, int precision, boolean alternate) {
    String text = new BigDecimal(x).setScale(precision, RoundingMode.HALF_EVEN).toPlainString();
    return precision == 0 && alternate ? text + "." : text;
  }

  private static String exponential(double x, int precision, boolean alternate) {
    if (x == 0) {
      return "0" + fraction("0".repeat(precision), alternate) + "e+00";
    }
    BigDecimal rounded =
        new BigDecimal(x).round(new MathContext(precision + 1, RoundingMode.HALF_EVEN));
    String digits = rounded.unscaledValue().toString();
    int exponent = digits.length() - 1 - rounded.scale();
    String padded = digits + "0".repeat(Math.max(0, precision + 1 - digits.length()));
    return padded.charAt(0)
        + fraction(padded.substring(1, precision + 1), alternate)
        + exponent(exponent);
  }

  private static String fraction(String digits, boolean alternate) {
    return digits.isEmpty() && !alternate ? "" : "." + digits;
  }

  private static String exponent(int exponent) {
    int size = Math.abs(exponent);
    return (exponent < 0 ? "e-" : "e+") + (size < 10 ? "0" : "") + size;
  }

  private static String general(double x, int precision, boolean alternate, boolean pointZero) {
    if (x == 0) {
      return alternate ? "0." + "0".repeat(precision - 1) : pointZero ? "0.0" : "0";
    }
    BigDecimal rounded =
        new BigDecimal(x).round(new MathContext(precision, RoundingMode.HALF_EVEN));
    int exponent = rounded.precision() - 1 - rounded.scale();
    if (exponent < -4 || exponent >= precision - (pointZero ? 1 : 0)) {
      String text = exponential(x, precision - 1, alternate);
      return alternate ? text : trimExponential(text);
    }
    String text =
        rounded.setScale(precision - 1 - exponent, RoundingMode.HALF_EVEN).toPlainString();
    if (alternate) {
      return text.indexOf('.') < 0 ? text + "." : text;
    }
    String trimmed = trimZeros(text);
    return pointZero && trimmed.indexOf('.') < 0 ? trimmed + ".0" : trimmed;
  }

  private static String trimExponential(String text) {
    int e = text.indexOf('e');
    return trimZeros(text.substring(0, e)) + text.substring(e);
  }

  private static String trimZeros(String text) {
    if (text.indexOf('.') < 0) {
      return text;
    }
    int end = text.length();
    while (text.charAt(end - 1) == '0') {
      end--;
    }
    return text.substring(0, text.charAt(end - 1) == '.' ? end - 1 : end);
  }
}
