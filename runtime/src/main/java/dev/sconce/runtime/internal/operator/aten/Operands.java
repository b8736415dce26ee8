package dev.sconce.runtime.internal.operator.aten;

import dev.sconce.base.DType;
import dev.sconce.runtime.internal.execution.OperatorFailure;
import dev.sconce.runtime.internal.slot.TensorSlot;

/** Checks of operands that several families need. */
public final class Operands {

  private Operands() {}

  /** Returns a dimension counted from the front; tensors without dimensions accept 0 and -1. */
  public static int dimension(long dim, int rank) {
    int bound = Math.max(rank, 1);
    if (dim < -bound || dim >= bound) {
      throw OperatorFailure.of(
          "expected a dimension between %d and %d, found %d", -bound, bound - 1, dim);
    }
    return (int) (dim < 0 ? dim + bound : dim);
  }

  /** Returns an index counted from the front. */
  public static long index(String what, long index, long size) {
    if (index < -size || index >= size) {
      throw OperatorFailure.of(
          "expected an index in %s between %d and %d, found %d", what, -size, size - 1, index);
    }
    return index < 0 ? index + size : index;
  }

  /** Returns an index that must not be negative. */
  public static long exactIndex(String what, long index, long size) {
    if (index < 0 || index >= size) {
      throw OperatorFailure.of(
          "expected an index in %s between 0 and %d, found %d", what, size - 1, index);
    }
    return index;
  }

  /** Checks that one tensor stretches to the shape of another. */
  public static void requireExpands(String name, TensorSlot from, TensorSlot to) {
    boolean expands = from.rank() <= to.rank();
    for (int back = 1; expands && back <= from.rank(); back++) {
      int size = from.size(from.rank() - back);
      expands = size == 1 || size == to.size(to.rank() - back);
    }
    if (!expands) {
      throw OperatorFailure.of("%s: expected a shape that expands to %s, found %s", name, to, from);
    }
  }

  /** Checks that a tensor has the element type of another. */
  public static void requireType(String name, TensorSlot tensor, DType type) {
    if (tensor.dtype() != type) {
      throw OperatorFailure.of("%s: expected elements of %s, found %s", name, type, tensor);
    }
  }

  /** Checks that a tensor holds indices. */
  public static void requireIndices(String name, TensorSlot tensor) {
    if (tensor.dtype() != DType.INT64 && tensor.dtype() != DType.INT32) {
      throw OperatorFailure.of("%s: expected int64 or int32, found %s", name, tensor);
    }
  }

  /** Checks the number of dimensions of a tensor. */
  public static void requireRank(String name, TensorSlot tensor, int rank) {
    if (tensor.rank() != rank) {
      throw OperatorFailure.of("%s: expected %d dimensions, found %s", name, rank, tensor);
    }
  }

  /** Checks one size of a tensor. */
  public static void requireSize(String name, TensorSlot tensor, int dim, long size) {
    if (dim >= tensor.rank() || tensor.size(dim) != size) {
      throw OperatorFailure.of(
          "%s: expected %d in dimension %d, found %s", name, size, dim, tensor);
    }
  }

  /** Checks that a tensor has at least some dimensions. */
  public static void requireMinimumRank(String name, TensorSlot tensor, int rank) {
    if (tensor.rank() < rank) {
      throw OperatorFailure.of("%s: expected at least %d dimensions, found %s", name, rank, tensor);
    }
  }

  /** Checks that a tensor has one element. */
  public static void requireSingle(String name, TensorSlot tensor) {
    if (tensor.numel() != 1) {
      throw OperatorFailure.of("%s: expected one element, found %s", name, tensor);
    }
  }

  /** Returns a number that lies between 0 and 1. */
  public static double inUnitInterval(String name, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw OperatorFailure.of("%s: expected a number between 0 and 1, found %s", name, value);
    }
    return value;
  }
}
