package dev.sconce.runtime.internal.slot;

/** A list of bools that stands in the file as literals. */
public final class BoolListSlot implements Slot {

  private final boolean[] items;

  /** Creates the slot with its literals. */
  public BoolListSlot(boolean... items) {
    this.items = items.clone();
  }

  /** Returns the length. */
  public int size() {
    return items.length;
  }

  /** Returns an element. */
  public boolean get(int index) {
    return items[index];
  }

  @Override
  public String describe() {
    return "a list of bools";
  }
}
