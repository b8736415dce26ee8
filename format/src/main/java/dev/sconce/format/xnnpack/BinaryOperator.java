package dev.sconce.format.xnnpack;

/**
 * What an {@link XnnOperation.Binary} computes, with NumPy's broadcasting. Constants are named as
 * in {@link XnnNodeKind}.
 */
public enum BinaryOperator {
  /** Sum. */
  ADD,
  /** Quotient. */
  DIV,
  /** The lesser. */
  MINIMUM,
  /** Product. */
  MULTIPLY,
  /** Difference. */
  SUBTRACT,
  /** The greater. */
  MAXIMUM,
  /** x for x ≥ 0, else x times the second input, a slope a channel. */
  PRELU,
  /** Products of the matrices in the last two dimensions. */
  BATCH_MATRIX_MULTIPLY
}
