package dev.sconce.runtime.internal.operator.element;

import dev.sconce.base.DType;
import dev.sconce.runtime.internal.slot.TensorSlot;

/**
 * What the kernels take: float32 elements without gaps. Operators hand such operands to the kernels
 * and compute everything else element by element.
 */
public final class Floats {

  private Floats() {}

  /** Returns whether tensors have elements, float32 ones in row-major order. */
  public static boolean areRowMajor(TensorSlot... tensors) {
    for (TensorSlot tensor : tensors) {
      if (tensor.dtype() != DType.FLOAT32 || !tensor.isContiguous() || tensor.numel() == 0) {
        return false;
      }
    }
    return true;
  }

  /** Returns whether two tensors have float32 elements, at the same places for the same indices. */
  public static boolean areAlike(TensorSlot a, TensorSlot b) {
    return a.dtype() == DType.FLOAT32
        && b.dtype() == DType.FLOAT32
        && a.numel() > 0
        && a.hasSameSizes(b)
        && a.hasSameDimOrder(b);
  }
}
