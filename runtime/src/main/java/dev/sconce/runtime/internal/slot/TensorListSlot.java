package dev.sconce.runtime.internal.slot;

import org.jspecify.annotations.Nullable;

/** A list of tensors, some of which may be absent if it is a list of optional ones. */
public final class TensorListSlot implements Slot {

  private final @Nullable TensorSlot[] items;
  private final boolean optional;

  /**
   * Creates the slot over the values that hold its elements.
   *
   * @param optional whether the file declares the elements as optional
   * @param items the elements; null where absent
   */
  public TensorListSlot(boolean optional, @Nullable TensorSlot[] items) {
    this.optional = optional;
    this.items = items.clone();
  }

  /** Returns the length, which is fixed. */
  public int size() {
    return items.length;
  }

  /** Returns whether the file declares the elements as optional. */
  public boolean isOptional() {
    return optional;
  }

  /**
   * Returns an element.
   *
   * @throws IllegalStateException if it is absent: ask {@link #getOptional} where that is legal
   */
  public TensorSlot get(int index) {
    TensorSlot item = items[index];
    if (item == null) {
      throw new IllegalStateException("element " + index + " is absent");
    }
    return item;
  }

  /** Returns an element, null if it is absent. */
  public @Nullable TensorSlot getOptional(int index) {
    return items[index];
  }

  @Override
  public String describe() {
    return optional ? "a list of optional tensors" : "a list of tensors";
  }
}
