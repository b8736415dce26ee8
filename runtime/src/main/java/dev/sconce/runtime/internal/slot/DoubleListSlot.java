package dev.sconce.runtime.internal.slot;

/** A list of doubles that stands in the file as literals. */
public final class DoubleListSlot implements Slot {

  private final double[] items;

  /** Creates the slot with its literals. */
  public DoubleListSlot(double... items) {
    this.items = items.clone();
  }

  /** Returns the length. */
  public int size() {
    return items.length;
  }

  /** Returns an element. */
  public double get(int index) {
    return items[index];
  }

  @Override
  public String describe() {
    return "a list of doubles";
  }
}
