package dev.sconce.base.json;

import dev.sconce.base.MalformedFileException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Scans the lexical elements of JSON (RFC 8259) in UTF-8 bytes; knows no structure. */
final class JsonScanner {

  static final int END = -1;

  /** What Java's lenient decoder puts in the place of bytes that are not UTF-8. */
  private static final char REPLACEMENT = '\uFFFD';

  private final String file;
  private final byte[] bytes;
  private final JsonLimits limits;
  private int position;

  JsonScanner(String file, byte[] bytes, JsonLimits limits) {
    this.file = file;
    this.bytes = bytes;
    this.limits = limits;
  }

  int position() {
    return position;
  }

  /** Skips white space and returns the next byte without consuming it, or {@link #END}. */
  int peek() {
    while (position < bytes.length) {
      byte b = bytes[position];
      if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
        return b & 0xFF;
      }
      position++;
    }
    return END;
  }

  /** Consumes the byte that {@link #peek} showed. */
  void skip() {
    position++;
  }

  void literal(String word) {
    if (!startsWith(position, word)) {
      throw malformed(position, word, describe(position));
    }
    position += word.length();
  }

  private boolean startsWith(int start, String word) {
    if (bytes.length - start < word.length()) {
      return false;
    }
    for (int i = 0; i < word.length(); i++) {
      if (bytes[start + i] != word.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  // ------------------------------------------------------------------------------------ numbers

  /** Returns whether a text is a number, be it one that only lenient limits let pass. */
  static boolean isNumber(String text) {
    byte[] spelled = text.getBytes(StandardCharsets.UTF_8);
    return spelled.length > 0
        && new JsonScanner("", spelled, JsonLimits.defaults()).numberEnd(0, true) == spelled.length;
  }

  /** Scans a number and returns its spelling. */
  String number() {
    int start = position;
    int end = numberEnd(start, limits.acceptNonFinite());
    if (end < 0) {
      throw malformed(-end - 1, "a digit", describe(-end - 1));
    }
    if (end - start > limits.maxNumberLength()) {
      throw malformed(
          start,
          "a number of at most " + limits.maxNumberLength() + " characters",
          (end - start) + " characters");
    }
    position = end;
    return new String(bytes, start, end - start, StandardCharsets.ISO_8859_1);
  }

  /**
   * Returns the index after the number at {@code start}, or {@code -1 - index} of what is wrong.
   */
  private int numberEnd(int start, boolean acceptNonFinite) {
    int i = at(start) == '-' ? start + 1 : start;
    if (acceptNonFinite) {
      String word = i == start && at(i) == 'N' ? "NaN" : "Infinity";
      if (startsWith(i, word)) {
        return i + word.length();
      }
    }
    i = at(i) == '0' ? i + 1 : digitsEnd(i);
    if (i > 0 && at(i) == '.') {
      i = digitsEnd(i + 1);
    }
    if (i > 0 && (at(i) == 'e' || at(i) == 'E')) {
      i++;
      i = digitsEnd(at(i) == '+' || at(i) == '-' ? i + 1 : i);
    }
    return i;
  }

  private int digitsEnd(int start) {
    int i = start;
    while (at(i) >= '0' && at(i) <= '9') {
      i++;
    }
    return i > start ? i : -1 - start;
  }

  private int at(int index) {
    return index < bytes.length ? bytes[index] : END;
  }

  // ------------------------------------------------------------------------------------ strings

  /** Scans a string, whose opening quote is next, and returns its text. */
  String string() {
    int start = position + 1;
    int i = start;
    int seen = 0;
    while (i < bytes.length) {
      byte b = bytes[i];
      if (b == '"') {
        checkLength(start, i);
        position = i + 1;
        // Negative if any byte was: the text is not ASCII.
        return seen >= 0
            ? new String(bytes, start, i - start, StandardCharsets.ISO_8859_1)
            : utf8(start, i);
      }
      if (b == '\\') {
        return stringWithEscapes(start, i);
      }
      if (b >= 0 && b < 0x20) {
        break;
      }
      seen |= b;
      i++;
    }
    throw unclosed(i);
  }

  private String stringWithEscapes(int start, int firstEscape) {
    StringBuilder text = new StringBuilder();
    int run = start;
    int i = firstEscape;
    while (i < bytes.length) {
      byte b = bytes[i];
      if (b == '"') {
        checkLength(start, i);
        position = i + 1;
        return text.append(utf8(run, i)).toString();
      }
      if (b == '\\') {
        text.append(utf8(run, i));
        i = escape(i, text);
        run = i;
      } else if (b >= 0 && b < 0x20) {
        break;
      } else {
        i++;
      }
    }
    throw unclosed(i);
  }

  private MalformedFileException unclosed(int index) {
    return malformed(index, "a closing quote of the string", describe(index));
  }

  /** Appends what the escape at {@code i} stands for and returns the index after it. */
  private int escape(int i, StringBuilder text) {
    int kind = at(i + 1);
    switch (kind) {
      case '"', '\\', '/' -> text.append((char) kind);
      case 'b' -> text.append('\b');
      case 'f' -> text.append('\f');
      case 'n' -> text.append('\n');
      case 'r' -> text.append('\r');
      case 't' -> text.append('\t');
      case 'u' -> {
        text.append((char) hex4(i + 2));
        return i + 6;
      }
      default -> throw malformed(i, "an escape of JSON", "'\\' before " + describe(i + 1));
    }
    return i + 2;
  }

  private int hex4(int start) {
    int value = 0;
    for (int i = start; i < start + 4; i++) {
      int digit = Character.digit(at(i), 16);
      if (digit < 0) {
        throw malformed(i, "four hexadecimal digits", describe(i));
      }
      value = value << 4 | digit;
    }
    return value;
  }

  private void checkLength(int start, int end) {
    if (end - start > limits.maxStringBytes()) {
      throw malformed(
          start,
          "a string of at most " + limits.maxStringBytes() + " bytes",
          (end - start) + " bytes");
    }
  }

  /** Decodes fast and leniently first: only where that shows a replacement is a second look due. */
  private String utf8(int start, int end) {
    String text = new String(bytes, start, end - start, StandardCharsets.UTF_8);
    if (text.indexOf(REPLACEMENT) >= 0) {
      checkUtf8(start, end);
    }
    return text;
  }

  private void checkUtf8(int start, int end) {
    ByteBuffer range = ByteBuffer.wrap(bytes, start, end - start);
    try {
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(range);
    } catch (CharacterCodingException e) {
      // The decoder leaves the buffer's position at the sequence that it refused.
      int bad = range.position();
      MalformedFileException malformed = malformed(bad, "a string in UTF-8", describe(bad));
      malformed.initCause(e);
      throw malformed;
    }
  }

  // ------------------------------------------------------------------------------------- errors

  MalformedFileException malformed(int offset, String expected, String found) {
    int line = 1;
    int lineStart = 0;
    int end = Math.min(offset, bytes.length);
    for (int i = 0; i < end; i++) {
      if (bytes[i] == '\n') {
        line++;
        lineStart = i + 1;
      }
    }
    int column = 1;
    for (int i = lineStart; i < end; i++) {
      // Continuation bytes 10xxxxxx do not start a character.
      column += (bytes[i] & 0xC0) == 0x80 ? 0 : 1;
    }
    return new MalformedFileException(file, offset, "line " + line + ":" + column, expected, found);
  }

  /** Names the byte at an offset for a message. */
  String describe(int offset) {
    if (offset >= bytes.length) {
      return "the end of the file";
    }
    byte b = bytes[offset];
    return b > 0x20 && b < 0x7F ? "'" + (char) b + "'" : "byte 0x%02X".formatted(b & 0xFF);
  }
}
