package dev.sconce.runtime.internal.operator.aten;

/** Functions that {@link Math} lacks. */
final class SpecialFunctions {

  private static final double LN2 = Math.log(2);

  private SpecialFunctions() {}

  static double log2(double x) {
    // Exact for powers of two, which the quotient of logarithms is not.
    int exponent = Math.getExponent(x);
    if (x > 0 && exponent >= Double.MIN_EXPONENT && exponent <= Double.MAX_EXPONENT) {
      double mantissa = Math.scalb(x, -exponent);
      return mantissa == 1 ? exponent : Math.log(x) / LN2;
    }
    return Math.log(x) / LN2;
  }

  static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  static double asinh(double x) {
    double a = Math.abs(x);
    double result =
        a < 0x1p28
            // log1p keeps the digits of small arguments.
            ? Math.log1p(a + a * a / (1 + Math.sqrt(a * a + 1)))
            : Math.log(a) + LN2;
    return Math.copySign(result, x);
  }

  /**
   * The error function: its Taylor series near zero, a continued fraction of the complement further
   * out (Abramowitz and Stegun 7.1.6 and 7.1.14), both to about 1e-15.
   */
  static double erf(double x) {
    double a = Math.abs(x);
    if (Double.isNaN(x)) {
      return x;
    }
    if (a < 2.5) {
      double term = a;
      double sum = a;
      for (int n = 1; Math.abs(term) > 1e-17 * sum && n < 200; n++) {
        term *= 2 * a * a / (2 * n + 1);
        sum += term;
      }
      return Math.copySign(2 / Math.sqrt(Math.PI) * Math.exp(-a * a) * sum, x);
    }
    if (a > 6) {
      return Math.copySign(1, x);
    }
    double fraction = a;
    for (int k = 60; k >= 1; k--) {
      fraction = a + k / 2.0 / fraction;
    }
    return Math.copySign(1 - Math.exp(-a * a) / (fraction * Math.sqrt(Math.PI)), x);
  }
}
