package dev.sconce.base.json;

/** A JSON boolean. */
public enum JsonBool implements JsonValue {
  /** The value {@code false}. */
  FALSE,
  /** The value {@code true}. */
  TRUE;

  /** Returns the JSON value of a boolean. */
  public static JsonBool of(boolean value) {
    return value ? TRUE : FALSE;
  }

  /** Returns the boolean. */
  public boolean value() {
    return this == TRUE;
  }

  @Override
  public String toString() {
    return value() ? "true" : "false";
  }
}
