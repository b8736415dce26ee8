package dev.sconce.text.internal.jinja.python;

import java.math.BigInteger;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code int(text)} and {@code float(text)}. */
public final class NumberText {

  private static final Pattern FLOAT =
      Pattern.compile("[+-]?(?:\\d+(?:\\.\\d*)?|\\.\\d+)(?:[eE][+-]?\\d+)?");

  private NumberText() {}

  /** Returns the integer that a text spells in a base, or null if it spells none. */
  public static @Nullable BigInteger parseInteger(String text, int base) {
    String digits = strip(asciiDigits(text));
    boolean negative = digits.startsWith("-");
    if (negative || digits.startsWith("+")) {
      digits = digits.substring(1);
    }
    int radix = base;
    String prefix = digits.length() < 2 ? "" : digits.substring(0, 2).toLowerCase(Locale.ROOT);
    int prefixBase =
        switch (prefix) {
          case "0b" -> 2;
          case "0o" -> 8;
          case "0x" -> 16;
          default -> 0;
        };
    if (prefixBase != 0 && (base == 0 || base == prefixBase)) {
      radix = prefixBase;
      digits = digits.substring(2);
      // An underscore may stand between the prefix and the digits.
      if (digits.startsWith("_")) {
        digits = digits.substring(1);
      }
    } else if (base == 0) {
      radix = 10;
      if (digits.length() > 1 && digits.startsWith("0") && !digits.replace("_", "").matches("0+")) {
        return null;
      }
    }
    String plain = withoutUnderscores(digits);
    if (plain == null || plain.isEmpty()) {
      return null;
    }
    for (int i = 0; i < plain.length(); i++) {
      if (plain.charAt(i) >= 0x7F || Character.digit(plain.charAt(i), radix) < 0) {
        return null;
      }
    }
    if (plain.length() > FloatText.maxIntegerDigits() && Integer.bitCount(radix) != 1) {
      throw FloatText.tooLong();
    }
    BigInteger value = new BigInteger(plain, radix);
    return negative ? value.negate() : value;
  }

  /** Returns the double that a text spells, or null if it spells none. */
  public static @Nullable Double parseFloat(String text) {
    String plain = withoutUnderscores(strip(asciiDigits(text)));
    if (plain == null) {
      return null;
    }
    String word = plain.toLowerCase(Locale.ROOT);
    String unsigned = word.startsWith("-") || word.startsWith("+") ? word.substring(1) : word;
    double sign = word.startsWith("-") ? -1 : 1;
    switch (unsigned) {
      case "inf", "infinity" -> {
        return sign * Double.POSITIVE_INFINITY;
      }
      case "nan" -> {
        return Double.NaN;
      }
      default -> {}
    }
    return FLOAT.matcher(plain).matches() ? Double.valueOf(plain) : null;
  }

  private static String strip(String text) {
    return StrSplit.strip(text, null, true, true);
  }

  /** Removes underscores that stand between two digits; null if one stands elsewhere. */
  private static @Nullable String withoutUnderscores(String text) {
    if (text.indexOf('_') < 0) {
      return text;
    }
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '_'
          && (i == 0
              || i == text.length() - 1
              || !Character.isLetterOrDigit(text.charAt(i - 1))
              || !Character.isLetterOrDigit(text.charAt(i + 1)))) {
        return null;
      }
    }
    return text.replace("_", "");
  }

  /** Writes decimal digits of all scripts as ASCII digits. */
  private static String asciiDigits(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c ->
                out.appendCodePoint(
                    c > 0x7F && CharClass.isDecimal(c) ? '0' + Character.digit(c, 10) : c));
    return out.toString();
  }
}
