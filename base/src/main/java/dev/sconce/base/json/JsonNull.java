package dev.sconce.base.json;

/** The JSON value {@code null}. */
public enum JsonNull implements JsonValue {
  /** The one null. */
  NULL;

  @Override
  public String toString() {
    return "null";
  }
}
