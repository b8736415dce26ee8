package dev.sconce.kernels.internal.scalar;

import dev.sconce.kernels.BinaryFunction;
import dev.sconce.kernels.UnaryFunction;
import dev.sconce.kernels.internal.ElementwiseKernel;
import dev.sconce.kernels.internal.ErrorFunction;
import dev.sconce.kernels.internal.Memory;
import java.lang.foreign.MemorySegment;

/** Elementwise functions, one element at a time. */
public final class ScalarElementwise implements ElementwiseKernel {

  private static final double SQRT_2_OVER_PI = Math.sqrt(2 / Math.PI);

  @Override
  public void unary(
      UnaryFunction function,
      float p,
      float q,
      MemorySegment x,
      long xOffset,
      MemorySegment y,
      long yOffset,
      long count) {
    for (long i = 0; i < count; i++) {
      float value = Memory.getFloat(x, xOffset + 4 * i);
      Memory.setFloat(y, yOffset + 4 * i, apply(function, p, q, value));
    }
  }

  @Override
  public void binary(
      BinaryFunction function,
      MemorySegment a,
      long aOffset,
      MemorySegment b,
      long bOffset,
      MemorySegment y,
      long yOffset,
      long count) {
    for (long i = 0; i < count; i++) {
      float left = Memory.getFloat(a, aOffset + 4 * i);
      float right = Memory.getFloat(b, bOffset + 4 * i);
      Memory.setFloat(y, yOffset + 4 * i, apply(function, left, right));
    }
  }

  @Override
  public void binaryScalar(
      BinaryFunction function,
      MemorySegment a,
      long aOffset,
      float b,
      MemorySegment y,
      long yOffset,
      long count) {
    for (long i = 0; i < count; i++) {
      float left = Memory.getFloat(a, aOffset + 4 * i);
      Memory.setFloat(y, yOffset + 4 * i, apply(function, left, b));
    }
  }

  @Override
  public void scalarBinary(
      BinaryFunction function,
      float a,
      MemorySegment b,
      long bOffset,
      MemorySegment y,
      long yOffset,
      long count) {
    for (long i = 0; i < count; i++) {
      float right = Memory.getFloat(b, bOffset + 4 * i);
      Memory.setFloat(y, yOffset + 4 * i, apply(function, a, right));
    }
  }

  /** Returns f(a, b). */
  public static float apply(BinaryFunction function, float a, float b) {
    return switch (function) {
      case ADD -> a + b;
      case SUBTRACT -> a - b;
      case MULTIPLY -> a * b;
      case DIVIDE -> a / b;
      case MAXIMUM -> Math.max(a, b);
      case MINIMUM -> Math.min(a, b);
      case SQUARED_DIFFERENCE -> (a - b) * (a - b);
      case PRELU -> a < 0 ? a * b : a;
    };
  }

  /** Returns f(x), computed in double where that is what makes it accurate. */
  public static float apply(UnaryFunction function, float p, float q, float x) {
    return switch (function) {
      case ABS -> Math.abs(x);
      case NEGATE -> -x;
      case SQUARE -> x * x;
      case SQUARE_ROOT -> (float) Math.sqrt(x);
      case RECIPROCAL_SQUARE_ROOT -> (float) (1 / Math.sqrt(x));
      case RECIPROCAL -> 1 / x;
      case EXP -> (float) Math.exp(x);
      case LOG -> (float) Math.log(x);
      case SIN -> (float) Math.sin(x);
      case COS -> (float) Math.cos(x);
      case TANH -> (float) Math.tanh(x);
      case SIGMOID -> (float) sigmoid(x);
      case ERF -> (float) ErrorFunction.erf(x);
      case GELU -> (float) (0.5 * x * ErrorFunction.erfc(-x * Math.sqrt(0.5)));
      case GELU_TANH ->
          // (1 + tanh(u)) / 2 = sigmoid(2u), which does not cancel for negative u.
          (float) (x * sigmoid(2 * SQRT_2_OVER_PI * (x + 0.044715 * x * (double) x * x)));
      case SILU -> (float) (x * sigmoid(x));
      case RELU -> x < 0 ? 0 : x;
      case HARD_SWISH -> x * hardSigmoid(x);
      case HARD_SIGMOID -> hardSigmoid(x);
      case LEAKY_RELU -> x < 0 ? p * x : x;
      case ELU -> x < 0 ? (float) (p * Math.expm1(x)) : x;
      case CLAMP -> x < p ? p : x > q ? q : x;
      case AFFINE -> Math.fma(p, x, q);
      case FLOOR -> (float) Math.floor(x);
      case CEIL -> (float) Math.ceil(x);
      case ROUND -> (float) Math.rint(x);
      case TRUNCATE -> (float) (x < 0 ? Math.ceil(x) : Math.floor(x));
      case COPY -> x;
    };
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  private static float hardSigmoid(float x) {
    float shifted = x + 3;
    return (shifted < 0 ? 0 : shifted > 6 ? 6 : shifted) / 6;
  }
}
