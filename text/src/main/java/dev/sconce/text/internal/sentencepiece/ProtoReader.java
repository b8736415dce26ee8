package dev.sconce.text.internal.sentencepiece;

import dev.sconce.base.MalformedFileException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads the fields of a Protocol Buffers message one after the other.
 *
 * <pre>
 *   tag: varint, {@code field number << 3 | wire type};   wire types: 0 varint, 1 eight bytes, 2 bytes, 5 four bytes
 * </pre>
 */
final class ProtoReader {

  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED32 = 5;

  private final String file;
  private final byte[] bytes;
  private final int limit;
  private int at;
  private int field;
  private int wireType;

  ProtoReader(String file, byte[] bytes) {
    this(file, bytes, 0, bytes.length);
  }

  private ProtoReader(String file, byte[] bytes, int from, int limit) {
    this.file = file;
    this.bytes = bytes;
    this.at = from;
    this.limit = limit;
  }

  MalformedFileException error(String expected, String found) {
    return new MalformedFileException(file, at, "field " + field, expected, found);
  }

  /** Moves to the next field and returns its number, or 0 at the end. */
  int next() {
    if (at == limit) {
      return 0;
    }
    long tag = varint();
    if (tag >>> 3 == 0 || tag >>> 3 > 1 << 29) {
      throw error("a field number", Long.toString(tag >>> 3));
    }
    field = (int) (tag >>> 3);
    wireType = (int) (tag & 7);
    return field;
  }

  private void expect(int wanted, String what) {
    if (wireType != wanted) {
      throw error(what, "wire type " + wireType);
    }
  }

  long integer() {
    expect(VARINT, "an integer");
    return varint();
  }

  boolean bool() {
    return integer() != 0;
  }

  float float32() {
    expect(FIXED32, "a float");
    need(4);
    int bits = 0;
    for (int i = 0; i < 4; i++) {
      bits |= (bytes[at++] & 0xFF) << (8 * i);
    }
    return Float.intBitsToFloat(bits);
  }

  String string() {
    byte[] utf8 = bytes();
    String text = new String(utf8, StandardCharsets.UTF_8);
    if (!Arrays.equals(text.getBytes(StandardCharsets.UTF_8), utf8)) {
      throw error("a string in UTF-8", "other bytes");
    }
    return text;
  }

  byte[] bytes() {
    int length = length();
    byte[] value = Arrays.copyOfRange(bytes, at, at + length);
    at += length;
    return value;
  }

  ProtoReader message() {
    int length = length();
    ProtoReader inner = new ProtoReader(file, bytes, at, at + length);
    at += length;
    return inner;
  }

  private int length() {
    expect(BYTES, "bytes");
    long length = varint();
    if (length < 0 || length > limit - at) {
      throw error("at most " + (limit - at) + " bytes", length + " bytes");
    }
    return (int) length;
  }

  /** Passes over the value of the field. */
  void skip() {
    switch (wireType) {
      case VARINT -> varint();
      case FIXED64 -> {
        need(8);
        at += 8;
      }
      case BYTES -> {
        int length = length();
        at += length;
      }
      case FIXED32 -> {
        need(4);
        at += 4;
      }
      default -> throw error("a known wire type", "wire type " + wireType);
    }
  }

  private void need(int count) {
    if (limit - at < count) {
      throw error(count + " bytes", (limit - at) + " bytes");
    }
  }

  private long varint() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      need(1);
      byte b = bytes[at++];
      value |= (long) (b & 0x7F) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw error("a varint of at most ten bytes", "a longer one");
  }
}
