package dev.sconce.kernels;

/** Elementwise functions of two float32 arguments. */
public enum BinaryFunction {
  /** a + b. */
  ADD,
  /** a - b. */
  SUBTRACT,
  /** a · b. */
  MULTIPLY,
  /** a / b. */
  DIVIDE,
  /** The greater; NaN if either is NaN. */
  MAXIMUM,
  /** The lesser; NaN if either is NaN. */
  MINIMUM,
  /** (a - b)². */
  SQUARED_DIFFERENCE,
  /** a where a ≥ 0, otherwise a · b. */
  PRELU
}
