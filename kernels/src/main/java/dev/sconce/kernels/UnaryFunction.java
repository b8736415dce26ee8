package dev.sconce.kernels;

/**
 * Elementwise functions of one float32 argument x, with up to two parameters p and q.
 *
 * <p>NaN in, NaN out, except where said otherwise.
 */
public enum UnaryFunction {
  /** |x|. */
  ABS,
  /** -x. */
  NEGATE,
  /** x². */
  SQUARE,
  /** √x. */
  SQUARE_ROOT,
  /** 1/√x. */
  RECIPROCAL_SQUARE_ROOT,
  /** 1/x. */
  RECIPROCAL,
  /** eˣ. */
  EXP,
  /** The natural logarithm. */
  LOG,
  /** The sine. */
  SIN,
  /** The cosine. */
  COS,
  /** The hyperbolic tangent. */
  TANH,
  /** 1/(1+e⁻ˣ). */
  SIGMOID,
  /** The error function. */
  ERF,
  /** x·Φ(x) with the exact normal distribution function. */
  GELU,
  /** x/2·(1+tanh(√(2/π)·(x+0.044715·x³))). */
  GELU_TANH,
  /** x·sigmoid(x). */
  SILU,
  /** max(x, 0). */
  RELU,
  /** x·clamp(x+3, 0, 6)/6. */
  HARD_SWISH,
  /** clamp(x+3, 0, 6)/6. */
  HARD_SIGMOID,
  /** x where x ≥ 0, otherwise p·x. */
  LEAKY_RELU,
  /** x where x ≥ 0, otherwise p·(eˣ-1). */
  ELU,
  /** x within p … q. */
  CLAMP,
  /** p·x + q. */
  AFFINE,
  /** The greatest integer ≤ x. */
  FLOOR,
  /** The least integer ≥ x. */
  CEIL,
  /** The nearest integer, ties to even. */
  ROUND,
  /** The integer part. */
  TRUNCATE,
  /** x itself. */
  COPY
}
