package dev.sconce.text.internal.jinja.python;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * A double.
 *
 * @param value the number
 */
public record PyFloat(double value) implements PyValue {

  @Override
  public String typeName() {
    return "float";
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PyValue that && Numbers.equal(this, that);
  }

  @Override
  public int hashCode() {
    // A whole number hashes like the equal integer.
    return Double.isFinite(value) && value == Math.rint(value)
        ? new BigDecimal(value).toBigInteger().hashCode()
        : Double.hashCode(value);
  }
}
