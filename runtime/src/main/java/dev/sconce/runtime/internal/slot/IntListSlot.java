package dev.sconce.runtime.internal.slot;

import dev.sconce.runtime.internal.execution.OperatorFailure;

/**
 * A list of integers. Its elements are values of their own, which instructions may have computed:
 * read them when the step runs, not when it is bound.
 */
public final class IntListSlot implements Slot {

  private final ScalarSlot[] items;

  /** Creates the slot over the values that hold its elements. */
  public IntListSlot(ScalarSlot... items) {
    this.items = items.clone();
  }

  /** Returns the length, which is fixed. */
  public int size() {
    return items.length;
  }

  /** Returns an element as it is now. */
  public long get(int index) {
    return items[index].longValue();
  }

  /**
   * Returns an element as it is now, as an int.
   *
   * @throws OperatorFailure if it does not fit
   */
  public int getInt(int index) {
    return items[index].intValue();
  }

  /** Returns the elements as they are now, in a new array. */
  public long[] toArray() {
    long[] values = new long[items.length];
    for (int i = 0; i < items.length; i++) {
      values[i] = items[i].longValue();
    }
    return values;
  }

  /** Copies the elements as they are now into an array of this list's length. */
  public void copyInto(int[] target) {
    for (int i = 0; i < items.length; i++) {
      target[i] = items[i].intValue();
    }
  }

  @Override
  public String describe() {
    return "a list of ints";
  }
}
