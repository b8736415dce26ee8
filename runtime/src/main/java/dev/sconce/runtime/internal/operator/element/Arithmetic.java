package dev.sconce.runtime.internal.operator.element;

import dev.sconce.base.DType;

/**
 * The numbers an operator computes with.
 *
 * <p>Every element type computes in one of three: narrow integers give in 64 bits, cut when stored,
 * what they would give in their own width, and one operation on floats gives in double, rounded
 * when stored, what it would give in float.
 */
public enum Arithmetic {
  /** 64-bit integers, for all integer types and bool. */
  INTEGER,
  /** Values of float, for float and the 16-bit floats: operands and results are rounded to it. */
  SINGLE,
  /** Doubles. */
  DOUBLE;

  /** Returns the arithmetic of an element type. */
  public static Arithmetic of(DType type) {
    if (!type.isFloating()) {
      return INTEGER;
    }
    return type == DType.FLOAT64 ? DOUBLE : SINGLE;
  }

  /** Returns a value as this arithmetic sees it. */
  public double round(double value) {
    return this == SINGLE ? (float) value : value;
  }
}
