package dev.sconce.runtime.internal.operator.element;

import dev.sconce.runtime.internal.slot.TensorSlot;
import java.util.Arrays;

/**
 * Folds dimensions of a tensor: for every element of the result, one pass over the elements that
 * fall on it, in row-major order.
 *
 * <p>A subclass keeps the running value of one result element. Instances serve one call.
 */
public abstract class Fold implements Walk.Row {

  /** For subclasses. */
  protected Fold() {}

  /** Starts a result element. */
  protected abstract void begin();

  /** Stores the result element at an offset of the result. */
  protected abstract void end(long offset);

  /** Returns a mask of all dimensions of a tensor. */
  public static boolean[] all(TensorSlot tensor) {
    boolean[] mask = new boolean[tensor.rank()];
    Arrays.fill(mask, true);
    return mask;
  }

  /** Returns a mask of the named dimensions of a tensor; of all if none is named. */
  public static boolean[] of(TensorSlot tensor, long... dims) {
    if (dims.length == 0 || tensor.rank() == 0) {
      return all(tensor);
    }
    boolean[] mask = new boolean[tensor.rank()];
    for (long dim : dims) {
      mask[(int) (dim < 0 ? dim + tensor.rank() : dim)] = true;
    }
    return mask;
  }

  /** Returns how many elements fall on one result element. */
  public static long count(TensorSlot tensor, boolean[] folded) {
    long count = 1;
    for (int dim = 0; dim < folded.length; dim++) {
      count *= folded[dim] ? tensor.size(dim) : 1;
    }
    return count;
  }

  /**
   * Runs this fold.
   *
   * @param folded the dimensions of {@code in} that go away
   * @param out the result; it has the other dimensions, and those of size 1 in place of the folded
   *     ones if its rank is that of {@code in}
   */
  public final void run(TensorSlot in, boolean[] folded, TensorSlot out) {
    boolean kept = in.rank() == out.rank();
    int foldedRank = 0;
    for (boolean fold : folded) {
      foldedRank += fold ? 1 : 0;
    }
    int rank = in.rank() - foldedRank;
    long[] outerSizes = new long[rank];
    long[] outerIn = new long[rank];
    long[] outerOut = new long[rank];
    long[] innerSizes = new long[foldedRank];
    long[] innerStrides = new long[foldedRank];
    int outer = 0;
    int inner = 0;
    for (int dim = 0; dim < in.rank(); dim++) {
      if (folded[dim]) {
        innerSizes[inner] = in.size(dim);
        innerStrides[inner++] = in.stride(dim);
      } else {
        outerSizes[outer] = in.size(dim);
        outerIn[outer] = in.stride(dim);
        outerOut[outer] = out.stride(kept ? dim : outer);
        outer++;
      }
    }
    Walk fallOnOne = new Walk(innerSizes, innerStrides);
    new Walk(outerSizes, outerOut, outerIn)
        .run(
            (offsets, steps, count) -> {
              for (long i = 0; i < count; i++) {
                begin();
                fallOnOne.runFrom(new long[] {offsets[1] + i * steps[1]}, this);
                end(offsets[0] + i * steps[0]);
              }
            });
  }
}
