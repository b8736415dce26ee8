package dev.sconce.runtime.internal.slot;

import dev.sconce.base.DType;
import dev.sconce.runtime.internal.execution.OperatorFailure;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * A tensor value of a loaded method: fixed dtype, rank and dim order; sizes that operators set
 * within the capacity that the file declared; and memory that may be re-seated.
 *
 * <p>Memory is always off-heap, aligned to the element size, and at least {@link #nbytes} long. It
 * is row-major in the <em>dim order</em>: {@code dimOrder()[0]} is the outermost dimension, so
 * {@code [0, 2, 3, 1]} is channels-last. There are no views with gaps: every tensor is dense.
 *
 * <p>What an operator reads through this class is one load away: nothing is computed or copied.
 */
public final class TensorSlot implements Slot {

  /** How sizes may change. */
  public enum Dynamism {
    /** Never. */
    STATIC,
    /** As long as the rank stays and the element count fits the declared one. */
    BOUNDED
  }

  private static final MemorySegment UNSEATED = MemorySegment.NULL;

  // A MoveCall makes one slot another name of the tensor in the other, for good: slots then share
  // this state.
  private State state;

  private static final class State {
    final DType dtype;
    final Dynamism dynamism;
    final int[] dimOrder;
    boolean rowMajor;
    final int[] bounds;
    final long capacity;
    final int[] sizes;
    final long[] strides;
    long numel;
    MemorySegment data;

    State(DType dtype, int[] bounds, int[] dimOrder, Dynamism dynamism) {
      this.dtype = dtype;
      this.dynamism = dynamism;
      this.dimOrder = dimOrder.clone();
      this.bounds = bounds.clone();
      this.sizes = bounds.clone();
      this.strides = new long[bounds.length];
      this.data = UNSEATED;
      this.capacity = numelOf(bounds);
      updateStrides();
    }

    void updateStrides() {
      long stride = 1;
      for (int i = dimOrder.length - 1; i >= 0; i--) {
        strides[dimOrder[i]] = stride;
        stride *= sizes[dimOrder[i]];
      }
      numel = stride;
      boolean ascending = true;
      for (int i = 0, last = -1; i < dimOrder.length; i++) {
        // Where a dimension of size 1 stands in the order makes no difference.
        if (sizes[dimOrder[i]] != 1) {
          ascending &= dimOrder[i] > last;
          last = dimOrder[i];
        }
      }
      rowMajor = ascending || numel == 0;
    }
  }

  /**
   * Creates a tensor without memory.
   *
   * @param dtype the element type
   * @param bounds the declared sizes, which bound the element count
   * @param dimOrder the dimensions, outermost first
   * @param dynamism how sizes may change
   * @throws ArithmeticException if the element count does not fit a long
   */
  public TensorSlot(DType dtype, int[] bounds, int[] dimOrder, Dynamism dynamism) {
    this.state = new State(dtype, bounds, dimOrder, dynamism);
  }

  /** Returns the element type. */
  public DType dtype() {
    return state.dtype;
  }

  /** Returns the number of dimensions. */
  public int rank() {
    return state.sizes.length;
  }

  /** Returns the size of a dimension, which is not negative. */
  public int size(int dim) {
    return state.sizes[dim];
  }

  /**
   * Returns the sizes as they are now; the array is the slot's own and changes with it: do not
   * write to it, nor keep it over a resize.
   */
  public int[] sizes() {
    return state.sizes;
  }

  /** Returns the strides in elements; the array is the slot's own, as with {@link #sizes}. */
  public long[] strides() {
    return state.strides;
  }

  /** Returns the stride of a dimension in elements. */
  public long stride(int dim) {
    return state.strides[dim];
  }

  /** Returns the dimensions, outermost first; the array is the slot's own. */
  public int[] dimOrder() {
    return state.dimOrder;
  }

  /** Returns the number of elements. */
  public long numel() {
    return state.numel;
  }

  /** Returns the number of bytes that the elements take. */
  public long nbytes() {
    return state.dtype.byteSize(state.numel);
  }

  /** Returns the largest number of elements that the declared sizes allow. */
  public long capacity() {
    return state.capacity;
  }

  /** Returns the declared sizes; the array is the slot's own. */
  public int[] bounds() {
    return state.bounds;
  }

  /** Returns how sizes may change. */
  public Dynamism dynamism() {
    return state.dynamism;
  }

  /** Returns the memory, at least {@link #nbytes} long; element 0 is at offset 0. */
  public MemorySegment data() {
    return state.data;
  }

  /**
   * Returns whether the elements lie in row-major order: the dim order is 0, 1, 2 …, but for
   * dimensions of size 1, whose place in it the official exporter leaves to chance.
   */
  public boolean isContiguous() {
    return state.rowMajor;
  }

  /**
   * Returns whether the elements of two tensors lie in the same order: their dim orders are equal,
   * or differ only in where dimensions of size 1 stand.
   */
  public boolean hasSameDimOrder(TensorSlot other) {
    State a = state;
    State b = other.state;
    if (Arrays.equals(a.dimOrder, b.dimOrder) || (a.rowMajor && b.rowMajor)) {
      return a.dimOrder.length == b.dimOrder.length;
    }
    if (!Arrays.equals(a.sizes, b.sizes)) {
      return false;
    }
    for (int i = 0; i < a.sizes.length; i++) {
      if (a.sizes[i] != 1 && a.strides[i] != b.strides[i]) {
        return false;
      }
    }
    return true;
  }

  /** Returns whether two tensors have the same sizes now. */
  public boolean hasSameSizes(TensorSlot other) {
    return Arrays.equals(state.sizes, other.state.sizes);
  }

  /**
   * Sets the sizes, by the official runtime's rules: a static tensor accepts only the sizes it has;
   * a bounded one keeps its rank and accepts any sizes whose element count fits its capacity, even
   * where a dimension exceeds its bound.
   *
   * @throws OperatorFailure if the sizes are not allowed; they are then unchanged
   */
  public void resize(int... sizes) {
    State s = state;
    if (Arrays.equals(s.sizes, sizes)) {
      return;
    }
    if (s.dynamism == Dynamism.STATIC || sizes.length != s.sizes.length) {
      throw OperatorFailure.of(
          "expected a result of shape %s%s, found %s",
          Arrays.toString(s.sizes),
          s.dynamism == Dynamism.STATIC ? " (static)" : " or another of this rank",
          Arrays.toString(sizes));
    }
    if (!fits(sizes, s.capacity)) {
      throw OperatorFailure.of(
          "expected a shape of at most %d elements (declared as at most %s), found %s",
          s.capacity, Arrays.toString(s.bounds), Arrays.toString(sizes));
    }
    requireRoom(s, sizes, s.data);
    System.arraycopy(sizes, 0, s.sizes, 0, sizes.length);
    s.updateStrides();
  }

  // Only a view of a smaller tensor (et_view, an input of the caller's) can be too short.
  private static void requireRoom(State s, int[] sizes, MemorySegment memory) {
    long numel = 1;
    for (int size : sizes) {
      numel *= size;
    }
    if (s.dtype.byteSize(numel) > memory.byteSize() && !memory.equals(UNSEATED)) {
      throw OperatorFailure.of(
          "expected a shape that fits the %d bytes of the tensor viewed, found %s",
          memory.byteSize(), Arrays.toString(sizes));
    }
  }

  /** Sets the sizes to those of another tensor; the rules are those of {@link #resize}. */
  public void resizeLike(TensorSlot other) {
    resize(other.state.sizes);
  }

  /**
   * Seats the tensor on other memory: at load on its place in the plan, for inputs on the caller's.
   * The memory must hold {@link #nbytes}.
   */
  public void seat(MemorySegment memory) {
    state.data = memory;
  }

  /** Takes the memory away, as a FreeCall does. */
  public void unseat() {
    state.data = UNSEATED;
  }

  /** Returns whether the tensor has memory. */
  public boolean isSeated() {
    return !state.data.equals(UNSEATED);
  }

  /**
   * Makes this tensor a view of the memory that another one has now, as {@code et_view} does.
   *
   * @throws OperatorFailure if the sizes are not allowed here, or need more memory than there is
   */
  public void view(TensorSlot base, int[] sizes) {
    State s = state;
    MemorySegment before = s.data;
    s.data = base.state.data;
    try {
      requireRoom(s, sizes, s.data);
      resize(sizes);
    } catch (OperatorFailure e) {
      s.data = before;
      throw e;
    }
  }

  /** Makes this slot another name of the tensor in another slot, as a MoveCall does: for good. */
  public void alias(TensorSlot other) {
    state = other.state;
  }

  /** Returns whether two slots are names of one tensor. */
  public boolean isAliasOf(TensorSlot other) {
    return state == other.state;
  }

  private static long numelOf(int[] sizes) {
    long numel = 1;
    for (int size : sizes) {
      numel = Math.multiplyExact(numel, (long) size);
    }
    return numel;
  }

  private static boolean fits(int[] sizes, long capacity) {
    long numel = 1;
    boolean empty = false;
    boolean exceeds = false;
    for (int size : sizes) {
      if (size < 0) {
        return false;
      }
      empty |= size == 0;
      exceeds |= size > 0 && numel > capacity / size;
      numel = exceeds ? numel : numel * Math.max(size, 1);
    }
    return empty || !exceeds;
  }

  @Override
  public String describe() {
    return "a tensor";
  }

  @Override
  public String toString() {
    return dtype() + Arrays.toString(sizes());
  }
}
