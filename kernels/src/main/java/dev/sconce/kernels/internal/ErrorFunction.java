package dev.sconce.kernels.internal;

/**
 * The error function, from Chebyshev interpolation of two smooth functions (relative error below
 * 3e-10 before rounding).
 *
 * <pre>
 *   |x| ≤ 1   erf(x)  = x · P(x²)
 *   |x| > 1   erfc(x) = e^(-x²) · Q(t),  t = 1 / (1 + x/2);  Q fitted for 1 ≤ x ≤ 10
 * </pre>
 */
public final class ErrorFunction {

  /** Coefficients of P, ascending. */
  private static final double[] P = {
    1.1283791670615435,
    -0.3761263846802797,
    0.1128378249521988,
    -0.026865430726532063,
    0.005221031804441309,
    -0.000848408035381751,
    0.0001126595863889324,
    -9.667043434542967e-06
  };

  /** Coefficients of Q, ascending. */
  private static final double[] Q = {
    1.231591595318715e-06,
    0.2820556080253439,
    0.28264037493709737,
    0.2424704856413727,
    0.19834200881582464,
    0.011355585964316683,
    0.14694835807167023,
    -0.23548588331357545,
    0.003975508152119403,
    0.11122935750661395,
    -0.04363279856609781
  };

  private ErrorFunction() {}

  /** Returns coefficient i of P. */
  public static float p(int i) {
    return (float) P[i];
  }

  /** Returns coefficient i of Q. */
  public static float q(int i) {
    return (float) Q[i];
  }

  /** Returns erf(x). */
  public static double erf(double x) {
    double magnitude = Math.abs(x);
    if (magnitude <= 1) {
      return x * polynomial(P, x * x);
    }
    return Math.copySign(1 - tail(magnitude), x);
  }

  /** Returns 1 - erf(x) without cancellation. */
  public static double erfc(double x) {
    if (Math.abs(x) <= 1) {
      return 1 - x * polynomial(P, x * x);
    }
    return x > 0 ? tail(x) : 2 - tail(-x);
  }

  private static double tail(double x) {
    return Math.exp(-x * x) * polynomial(Q, 1 / (1 + x / 2));
  }

  private static double polynomial(double[] coefficients, double x) {
    double sum = 0;
    for (int i = coefficients.length - 1; i >= 0; i--) {
      sum = sum * x + coefficients[i];
    }
    return sum;
  }
}
