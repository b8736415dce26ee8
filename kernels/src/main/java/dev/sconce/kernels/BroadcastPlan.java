package dev.sconce.kernels;

/**
 * How two broadcast operands are walked: in runs along the innermost dimensions that both operands
 * step through alike.
 *
 * <p>Neighbouring dimensions with the same pattern are merged, so that [B,S,1]·[B,S,H] becomes two
 * dimensions. Where both operands of a run are single elements the run has length 1.
 */
final class BroadcastPlan {

  private final long[] sizes;
  private final long[] aStrides;
  private final long[] bStrides;
  private final int dims;

  private BroadcastPlan(long[] sizes, long[] aStrides, long[] bStrides, int dims) {
    this.sizes = sizes;
    this.aStrides = aStrides;
    this.bStrides = bStrides;
    this.dims = dims;
  }

  static BroadcastPlan of(int[] a, int[] b) {
    int rank = Math.max(a.length, b.length);
    // Innermost dimension first; one dimension at least.
    long[] sizes = new long[rank + 1];
    long[] aStrides = new long[rank + 1];
    long[] bStrides = new long[rank + 1];
    int dims = 0;
    long aStride = 1;
    long bStride = 1;
    for (int i = 0; i < rank; i++) {
      int aSize = i < a.length ? a[a.length - 1 - i] : 1;
      int bSize = i < b.length ? b[b.length - 1 - i] : 1;
      if (aSize != bSize && aSize != 1 && bSize != 1) {
        throw Elementwise.incompatible(a, b);
      }
      int size = aSize == 1 ? bSize : aSize;
      if (size == 1) {
        continue;
      }
      long aStep = aSize == 1 ? 0 : aStride;
      long bStep = bSize == 1 ? 0 : bStride;
      aStride *= aSize;
      bStride *= bSize;
      if (dims > 0
          && aStep == aStrides[dims - 1] * sizes[dims - 1]
          && bStep == bStrides[dims - 1] * sizes[dims - 1]) {
        sizes[dims - 1] *= size;
      } else {
        sizes[dims] = size;
        aStrides[dims] = aStep;
        bStrides[dims] = bStep;
        dims++;
      }
    }
    if (dims == 0) {
      sizes[0] = 1;
      aStrides[0] = 1;
      bStrides[0] = 1;
      dims = 1;
    }
    return new BroadcastPlan(sizes, aStrides, bStrides, dims);
  }

  static long count(int[] sizes) {
    long count = 1;
    for (int size : sizes) {
      count = Math.multiplyExact(count, (long) size);
    }
    return count;
  }

  long count() {
    long count = 1;
    for (int i = 0; i < dims; i++) {
      count = Math.multiplyExact(count, sizes[i]);
    }
    return count;
  }

  long runLength() {
    return sizes[0];
  }

  long runs() {
    long runs = 1;
    for (int i = 1; i < dims; i++) {
      runs *= sizes[i];
    }
    return runs;
  }

  /** Returns how many elements the left operand steps within a run: 0 or 1. */
  long aStep() {
    return aStrides[0];
  }

  /** Returns how many elements the right operand steps within a run: 0 or 1. */
  long bStep() {
    return bStrides[0];
  }

  long aStart(long run) {
    return start(run, aStrides);
  }

  long bStart(long run) {
    return start(run, bStrides);
  }

  private long start(long run, long[] strides) {
    long rest = run;
    long start = 0;
    for (int i = 1; i < dims; i++) {
      start += rest % sizes[i] * strides[i];
      rest /= sizes[i];
    }
    return start;
  }
}
