package dev.sconce.text.internal.jinja.python;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * An integer of any size.
 *
 * @param value the number
 */
public record PyInt(BigInteger value) implements PyValue {

  /** Returns the integer of a Java number. */
  public static PyInt of(long value) {
    return new PyInt(BigInteger.valueOf(value));
  }

  @Override
  public String typeName() {
    return "int";
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PyValue that && Numbers.equal(this, that);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }
}
