package dev.sconce.format.xnnpack;

/** What an {@link XnnOperation.Unary} computes. Constants are named as in {@link XnnNodeKind}. */
public enum UnaryOperator {
  /** Softmax over the last dimension. */
  SOFTMAX,
  /** 1 / (1 + e⁻ˣ). */
  SIGMOID,
  /** The input, clamped to the node's output range. */
  CLAMP,
  /** The greatest integer that is not greater. */
  FLOOR,
  /** The input in another type: quantized, dequantized, shortened. */
  CONVERT,
  /** The mean over height and width. */
  GLOBAL_AVG_POOLING_2D,
  /** Square root. */
  SQUARE_ROOT,
  /** The least integer that is not less. */
  CEILING,
  /** x · clamp(x + 3, 0, 6) / 6. */
  HARDSWISH,
  /** −x. */
  NEGATE,
  /** x². */
  SQUARE,
  /** |x|. */
  ABS,
  /** 1 / √x. */
  RECIPROCAL_SQUARE_ROOT,
  /** Natural logarithm. */
  LOG,
  /** x · Φ(x) with the exact normal distribution, whatever the exporter was asked for. */
  GELU,
  /** Hyperbolic tangent. */
  TANH,
  /** eˣ. */
  EXP,
  /** Sine. */
  SIN,
  /** The input. */
  COPY,
  /** Cosine. */
  COS
}
