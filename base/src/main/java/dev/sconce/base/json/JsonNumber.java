package dev.sconce.base.json;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A JSON number, kept as it was spelled, so that integers of any size stay exact. Two numbers are
 * equal if they are spelled alike.
 *
 * @param literal the number in JSON's grammar; or {@code NaN}, {@code Infinity} or {@code
 *     -Infinity} if the limits of a reader let these pass
 */
public record JsonNumber(String literal) implements JsonValue {

  /** Checks the spelling. */
  public JsonNumber {
    if (!JsonScanner.isNumber(literal)) {
      throw new IllegalArgumentException("no number of JSON: " + literal);
    }
  }

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
      if (c != '-' && (c < '0' || c > '9')) {
        return false;
      }
    }
    return true;
  }

  /** Returns whether this is a number of JSON, not NaN or an infinity. */
  public boolean isFinite() {
    char last = literal.charAt(literal.length() - 1);
    return last >= '0' && last <= '9';
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

  /**
   * Returns the exact value.
   *
   * @throws NumberFormatException if it is not finite, or its exponent has more than nine digits
   */
  public BigDecimal asBigDecimal() {
    return new BigDecimal(literal);
  }

  @Override
  public String toString() {
    return literal;
  }
}
