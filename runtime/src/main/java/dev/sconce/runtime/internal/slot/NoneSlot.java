package dev.sconce.runtime.internal.slot;

/** An absent optional argument. */
public enum NoneSlot implements Slot {
  /** The only one. */
  INSTANCE;

  @Override
  public String describe() {
    return "none";
  }
}
