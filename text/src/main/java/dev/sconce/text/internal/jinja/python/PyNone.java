package dev.sconce.text.internal.jinja.python;

/** Python's {@code None}. */
public enum PyNone implements PyValue {
  /** The one None. */
  NONE;

  @Override
  public String typeName() {
    return "NoneType";
  }
}
