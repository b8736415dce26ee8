package dev.sconce.base.json;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A JSON number, kept as it was spelled, so that integers of any size stay exact.
 *
 * @param literal the number in JSON's grammar
 */
public record JsonNumber(String literal) implements JsonValue {

  /** Returns the JSON number of an integer. */
  public static JsonNumber of(long value) {
    return new JsonNumber(Long.toString(value));
  }

  /**
   * Returns the JSON number of a double.
   *
   * @throws IllegalArgumentException for NaN and infinities, which JSON cannot spell
   */
  public static JsonNumber of(double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("JSON has no spelling for " + value);
    }
    return new JsonNumber(Double.toString(value));
  }

  /** Returns whether the number is spelled without fraction and exponent. */
  public boolean isInteger() {
    for (int i = 0; i < literal.length(); i++) {
      char c = literal.charAt(i);
      if (c == '.' || c == 'e' || c == 'E') {
        return false;
      }
    }
    return true;
  }

  /** Returns the value if it is spelled as an integer that fits a long. */
  public OptionalLong asLong() {
    if (!isInteger()) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(Long.parseLong(literal));
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  /** Returns the value if it is spelled as an integer, whatever its size. */
  public Optional<BigInteger> asBigInteger() {
    return isInteger() ? Optional.of(new BigInteger(literal)) : Optional.empty();
  }

  /** Returns the nearest double. */
  public double asDouble() {
    return Double.parseDouble(literal);
  }

  /** Returns the exact value. */
  public BigDecimal asBigDecimal() {
    return new BigDecimal(literal);
  }

  @Override
  public String toString() {
    return literal;
  }
}
