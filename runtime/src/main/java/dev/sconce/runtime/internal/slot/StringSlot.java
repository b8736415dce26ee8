package dev.sconce.runtime.internal.slot;

/**
 * A string; no instruction can change one.
 *
 * @param value the string
 */
public record StringSlot(String value) implements Slot {

  @Override
  public String describe() {
    return "a string";
  }
}
