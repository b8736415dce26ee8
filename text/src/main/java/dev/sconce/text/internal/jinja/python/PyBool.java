package dev.sconce.text.internal.jinja.python;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** Python's {@code True} and {@code False}, which are also the integers 1 and 0. */
public final class PyBool implements PyValue {

  /** The value {@code True}. */
  public static final PyBool TRUE = new PyBool(true);

  /** The value {@code False}. */
  public static final PyBool FALSE = new PyBool(false);

  private final boolean value;

  private PyBool(boolean value) {
    this.value = value;
  }

  /** Returns the value of a Java boolean. */
  public static PyBool of(boolean value) {
    return value ? TRUE : FALSE;
  }

  /** Returns the Java boolean. */
  public boolean value() {
    return value;
  }

  /** Returns the value as an integer. */
  public BigInteger asInteger() {
    return value ? BigInteger.ONE : BigInteger.ZERO;
  }

  @Override
  public String typeName() {
    return "bool";
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PyValue that && Numbers.equal(this, that);
  }

  @Override
  public int hashCode() {
    return asInteger().hashCode();
  }
}
