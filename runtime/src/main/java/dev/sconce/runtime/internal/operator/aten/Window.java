package dev.sconce.runtime.internal.operator.aten;

import dev.sconce.runtime.internal.slot.IntListSlot;

/**
 * How a kernel moves along one spatial dimension.
 *
 * @param kernel the kernel's size
 * @param stride the distance between two of its places
 * @param padding what is added at both ends
 * @param dilation the distance between two of its taps
 */
record Window(int kernel, int stride, int padding, int dilation) {

  /** Returns an element of a list that has one for each dimension, or one for all. */
  static int at(IntListSlot list, int dim, int absent) {
    return list.size() == 0 ? absent : list.getInt(list.size() == 1 ? 0 : dim);
  }

  /** Returns where a tap of the kernel at a place falls; it may lie outside. */
  int source(int place, int tap) {
    return place * stride - padding + tap * dilation;
  }
}
