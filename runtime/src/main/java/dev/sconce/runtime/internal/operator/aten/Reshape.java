package dev.sconce.runtime.internal.operator.aten;

import dev.sconce.runtime.internal.operator.element.View;
import java.util.Arrays;

/** Copies between two windows of as many elements and different shapes, in row-major order. */
final class Reshape {

  private Reshape() {}

  static void copy(View from, View to) {
    long[] common = commonSizes(from.sizes(), to.sizes());
    if (common.length == 0 && elements(from.sizes()) != 1) {
      copyByPosition(from, to);
    } else {
      refine(from, common).copyTo(refine(to, common));
    }
  }

  /**
   * Returns sizes that refine both shapes, so that each of their dimensions is a run of these;
   * empty if there are none, as for [2, 3] and [3, 2].
   */
  private static long[] commonSizes(long[] a, long[] b) {
    long[] common = new long[a.length + b.length];
    int count = 0;
    int i = 0;
    int j = 0;
    long left = 1;
    long right = 1;
    while (true) {
      while (left == 1 && i < a.length) {
        left = a[i++];
      }
      while (right == 1 && j < b.length) {
        right = b[j++];
      }
      if (left == 1 && right == 1) {
        return Arrays.copyOf(common, count);
      }
      // Walking from the outside, the finer shape has the smaller size here.
      long part = Math.min(left, right);
      if (part == 0 || left % part != 0 || right % part != 0) {
        return new long[0];
      }
      common[count++] = part;
      left /= part;
      right /= part;
    }
  }

  private static View refine(View view, long[] common) {
    long[] strides = new long[common.length];
    long[] sizes = view.sizes();
    int at = 0;
    for (int dim = 0; dim < sizes.length; dim++) {
      long rest = sizes[dim];
      while (rest > 1) {
        rest /= common[at];
        strides[at++] = view.stride(dim) * rest;
      }
    }
    return view.as(common, strides);
  }

  private static void copyByPosition(View from, View to) {
    long count = elements(from.sizes());
    for (long i = 0; i < count; i++) {
      element(from, i).copyTo(element(to, i));
    }
  }

  private static View element(View view, long position) {
    View rest = view;
    long remaining = position;
    for (int dim = view.sizes().length - 1; dim >= 0; dim--) {
      long size = view.sizes()[dim];
      rest = rest.select(dim, remaining % size);
      remaining /= size;
    }
    return rest;
  }

  private static long elements(long[] sizes) {
    long count = 1;
    for (long size : sizes) {
      count *= size;
    }
    return count;
  }
}
