package dev.sconce.text.internal.jinja.syntax;

import dev.sconce.text.internal.jinja.python.PyError;

/** The escapes of string literals, as Python's {@code unicode-escape} codec resolves them. */
final class StringEscapes {

  private StringEscapes() {}

  static String resolve(String body, int line) {
    if (body.indexOf('\\') < 0) {
      return body;
    }
    StringBuilder out = new StringBuilder(body.length());
    for (int i = 0; i < body.length(); ) {
      char c = body.charAt(i);
      if (c != '\\') {
        out.append(c);
        i++;
        continue;
      }
      char kind = body.charAt(i + 1);
      i += 2;
      switch (kind) {
        // A line break after a backslash is no character.
        case '\n' -> {}
        case '\\', '\'', '"' -> out.append(kind);
        case 'a' -> out.append('\u0007');
        case 'b' -> out.append('\b');
        case 'f' -> out.append('\f');
        case 'n' -> out.append('\n');
        case 'r' -> out.append('\r');
        case 't' -> out.append('\t');
        case 'v' -> out.append('\u000B');
        case 'x' -> i = hexadecimal(body, i, 2, out, line);
        case 'u' -> i = hexadecimal(body, i, 4, out, line);
        case 'U' -> i = hexadecimal(body, i, 8, out, line);
        case 'N' -> i = named(body, i, out, line);
        default -> {
          if (kind >= '0' && kind <= '7') {
            i = octal(body, i - 1, out);
          } else if (kind < 0x80) {
            out.append('\\').append(kind);
          } else {
            // The codec sees the escape of a character beyond ASCII here, after the backslash.
            i = beyondAscii(body, i - 1, out);
          }
        }
      }
    }
    return out.toString();
  }

  private static int octal(String body, int from, StringBuilder out) {
    int value = 0;
    int i = from;
    while (i < body.length() && i < from + 3 && body.charAt(i) >= '0' && body.charAt(i) <= '7') {
      value = value * 8 + (body.charAt(i++) - '0');
    }
    out.append((char) value);
    return i;
  }

  private static int hexadecimal(String body, int from, int digits, StringBuilder out, int line) {
    int end = Math.min(body.length(), from + digits);
    int value = 0;
    for (int i = from; i < end; i++) {
      int digit = body.charAt(i) < 0x7F ? Character.digit(body.charAt(i), 16) : -1;
      if (digit < 0 || value > Character.MAX_CODE_POINT) {
        throw truncated(digits, line);
      }
      value = value * 16 + digit;
    }
    if (end - from < digits) {
      throw truncated(digits, line);
    }
    if (value < 0 || value > Character.MAX_CODE_POINT) {
      throw new PyError(PyError.Kind.SYNTAX, "illegal Unicode character", line);
    }
    out.appendCodePoint(value);
    return end;
  }

  private static PyError truncated(int digits, int line) {
    String kind = digits == 2 ? "\\xXX" : digits == 4 ? "\\uXXXX" : "\\UXXXXXXXX";
    return new PyError(PyError.Kind.SYNTAX, "truncated " + kind + " escape", line);
  }

  private static int named(String body, int from, StringBuilder out, int line) {
    int close = body.indexOf('}', from);
    if (from >= body.length() || body.charAt(from) != '{' || close < 0) {
      throw new PyError(PyError.Kind.SYNTAX, "malformed \\N character escape", line);
    }
    try {
      out.appendCodePoint(Character.codePointOf(body.substring(from + 1, close)));
    } catch (IllegalArgumentException e) {
      throw new PyError(PyError.Kind.SYNTAX, "unknown Unicode character name", line);
    }
    return close + 1;
  }

  private static int beyondAscii(String body, int from, StringBuilder out) {
    int c = body.codePointAt(from);
    String escape = c <= 0xFF ? "x%02x" : c <= 0xFFFF ? "u%04x" : "U%08x";
    out.append('\\').append(escape.formatted(c));
    return from + Character.charCount(c);
  }
}
