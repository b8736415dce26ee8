package dev.sconce.runtime.internal.operator.element;

import dev.sconce.runtime.internal.slot.TensorSlot;

/** Sizes and strides of tensors as arrays that a {@link Walk} takes. */
public final class Layouts {

  private Layouts() {}

  /** Returns the sizes of a tensor. */
  public static long[] sizes(TensorSlot tensor) {
    long[] sizes = new long[tensor.rank()];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = tensor.size(i);
    }
    return sizes;
  }

  /** Returns a copy of the strides of a tensor. */
  public static long[] strides(TensorSlot tensor) {
    return tensor.strides().clone();
  }

  /**
   * Returns the strides by which a tensor is walked in the shape of another, to which it expands: 0
   * in dimensions where it is stretched.
   */
  public static long[] expandedStrides(TensorSlot tensor, TensorSlot shape) {
    long[] strides = new long[shape.rank()];
    int added = shape.rank() - tensor.rank();
    for (int i = 0; i < tensor.rank(); i++) {
      strides[added + i] = tensor.size(i) == 1 ? 0 : tensor.stride(i);
    }
    return strides;
  }

  /** Returns the strides of a row-major tensor of the given sizes. */
  public static long[] rowMajor(long... sizes) {
    long[] strides = new long[sizes.length];
    long stride = 1;
    for (int i = sizes.length - 1; i >= 0; i--) {
      strides[i] = stride;
      stride *= sizes[i];
    }
    return strides;
  }
}
