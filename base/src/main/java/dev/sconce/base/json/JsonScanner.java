package dev.sconce.base.json;

import dev.sconce.base.MalformedFileException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Scans the lexical elements of JSON (RFC 8259) in UTF-8 bytes; knows no structure. */
final class JsonScanner {

  static final int END = -1;

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
    int end = position + word.length();
    for (int i = position; i < end; i++) {
      if (i >= bytes.length || bytes[i] != word.charAt(i - position)) {
        throw malformed(position, word, describe(position));
      }
    }
    position = end;
  }

  /** Scans a number and returns its spelling. */
  String number() {
    int start = position;
    if (at(position) == '-') {
      position++;
    }
    if (at(position) == '0') {
      position++;
    } else {
      digits();
    }
    if (at(position) == '.') {
      position++;
      digits();
    }
    if (at(position) == 'e' || at(position) == 'E') {
      position++;
      if (at(position) == '+' || at(position) == '-') {
        position++;
      }
      digits();
    }
    int length = position - start;
    if (length > limits.maxNumberLength()) {
      throw malformed(
          start, "a number of at most " + limits.maxNumberLength() + " characters", length + "");
    }
    return new String(bytes, start, length, StandardCharsets.ISO_8859_1);
  }

  private void digits() {
    int start = position;
    while (at(position) >= '0' && at(position) <= '9') {
      position++;
    }
    if (position == start) {
      throw malformed(position, "a digit", describe(position));
    }
  }

  private int at(int index) {
    return index < bytes.length ? bytes[index] : END;
  }

  /** Scans a string, whose opening quote is next, and returns its text. */
  String string() {
    int start = position + 1;
    int i = start;
    boolean ascii = true;
    while (true) {
      int b = at(i);
      if (i >= bytes.length || (b >= 0 && b < 0x20)) {
        throw malformed(i, "a closing quote of the string", describe(i));
      }
      if (b == '"') {
        break;
      }
      if (b == '\\') {
        return stringWithEscapes(start, i);
      }
      ascii &= b >= 0;
      i++;
    }
    checkLength(start, i);
    position = i + 1;
    return ascii
        ? new String(bytes, start, i - start, StandardCharsets.ISO_8859_1)
        : utf8(start, i);
  }

  private String stringWithEscapes(int start, int firstEscape) {
    StringBuilder text = new StringBuilder();
    int run = start;
    int i = firstEscape;
    while (true) {
      int b = at(i);
      if (i >= bytes.length || (b >= 0 && b < 0x20)) {
        throw malformed(i, "a closing quote of the string", describe(i));
      }
      if (b == '"') {
        break;
      }
      if (b == '\\') {
        text.append(utf8(run, i));
        i = escape(i, text);
        run = i;
      } else {
        i++;
      }
      checkLength(start, i);
    }
    text.append(utf8(run, i));
    position = i + 1;
    return text.toString();
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
      default -> throw malformed(i, "an escape of JSON", describe(i + 1));
    }
    return i + 2;
  }

  private int hex4(int start) {
    int value = 0;
    for (int i = start; i < start + 4; i++) {
      int digit = Character.digit(at(i), 16);
      if (i >= bytes.length || digit < 0) {
        throw malformed(i, "four hexadecimal digits", describe(i));
      }
      value = value << 4 | digit;
    }
    return value;
  }

  private void checkLength(int start, int end) {
    if (end - start > limits.maxStringBytes()) {
      throw malformed(
          start, "a string of at most " + limits.maxStringBytes() + " bytes", "a longer one");
    }
  }

  private String utf8(int start, int end) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(bytes, start, end - start))
          .toString();
    } catch (CharacterCodingException e) {
      MalformedFileException malformed = malformed(start, "a string in UTF-8", "other bytes");
      malformed.initCause(e);
      throw malformed;
    }
  }

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
    int b = at(offset);
    if (offset >= bytes.length) {
      return "the end of the file";
    }
    return b > 0x20 && b < 0x7F ? "'" + (char) b + "'" : "byte 0x%02X".formatted(b & 0xFF);
  }
}
