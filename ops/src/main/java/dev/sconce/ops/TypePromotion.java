package dev.sconce.ops;

import dev.sconce.base.DType;
import java.util.Optional;

/** The element type in which operands of different types meet; one place for all operators. */
public final class TypePromotion {

  private TypePromotion() {}

  /**
   * Returns the smallest type that both types convert to in PyTorch's lattice: bool, then integers,
   * then floats; a float type wins over any integer type whatever its width.
   *
   * @return the type, or empty if the two have none (unsigned types above 8 bits with integers of
   *     another type)
   */
  public static Optional<DType> promote(DType a, DType b) {
    if (a == b) {
      return Optional.of(a);
    }
    if (a == DType.BOOL) {
      return Optional.of(b);
    }
    if (b == DType.BOOL) {
      return Optional.of(a);
    }
    if (a.isFloating() || b.isFloating()) {
      return promoteFloats(a, b);
    }
    if (!a.isInteger() || !b.isInteger() || isWideUnsigned(a) || isWideUnsigned(b)) {
      return Optional.empty();
    }
    if (a == DType.UINT8 || b == DType.UINT8) {
      DType other = a == DType.UINT8 ? b : a;
      return Optional.of(other == DType.INT8 ? DType.INT16 : other);
    }
    return Optional.of(a.bits() > b.bits() ? a : b);
  }

  private static Optional<DType> promoteFloats(DType a, DType b) {
    if (!a.isFloating() || !b.isFloating()) {
      DType floating = a.isFloating() ? a : b;
      DType other = a.isFloating() ? b : a;
      return other.isInteger() ? Optional.of(floating) : Optional.empty();
    }
    if (a.bits() == b.bits()) {
      // The two 16-bit floats meet in the smallest type that holds both.
      return Optional.of(DType.FLOAT32);
    }
    return Optional.of(a.bits() > b.bits() ? a : b);
  }

  private static boolean isWideUnsigned(DType type) {
    return type == DType.UINT16 || type == DType.UINT32 || type == DType.UINT64;
  }

  /**
   * Returns the type in which a tensor meets a scalar: the tensor's, unless the scalar is of a
   * higher category (bool, integer, float).
   *
   * @param tensor the tensor's type
   * @param scalar the scalar's type: {@link DType#BOOL}, {@link DType#INT64} or {@link
   *     DType#FLOAT64}
   */
  public static DType withScalar(DType tensor, DType scalar) {
    if (category(scalar) <= category(tensor)) {
      return tensor;
    }
    return scalar == DType.FLOAT64 ? DType.FLOAT32 : scalar;
  }

  /**
   * Returns the result type of an operator on two tensors in PyTorch, where a tensor without
   * dimensions ranks below one with dimensions unless its category is higher.
   */
  public static Optional<DType> resultType(TensorSpec a, TensorSpec b) {
    boolean aScalar = a.shape().rank() == 0;
    boolean bScalar = b.shape().rank() == 0;
    if (aScalar != bScalar) {
      DType dimensioned = aScalar ? b.dtype() : a.dtype();
      DType scalar = aScalar ? a.dtype() : b.dtype();
      return Optional.of(category(scalar) <= category(dimensioned) ? dimensioned : scalar);
    }
    return promote(a.dtype(), b.dtype());
  }

  /** Returns the type itself if it is floating, float otherwise. */
  public static DType toFloating(DType type) {
    return type.isFloating() ? type : DType.FLOAT32;
  }

  /** Returns whether values of one type may be stored in a result of another: never downwards. */
  public static boolean canCast(DType from, DType to) {
    return category(from) <= category(to);
  }

  private static int category(DType type) {
    return type == DType.BOOL ? 0 : type.isInteger() ? 1 : type.isFloating() ? 2 : 3;
  }
}
