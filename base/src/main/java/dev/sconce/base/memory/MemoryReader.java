package dev.sconce.base.memory;

import dev.sconce.base.MalformedFileException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Little-endian reads from untrusted memory: every access is checked, and a bad one becomes a
 * {@link MalformedFileException} with file, offset and field path.
 *
 * <p>A reader sees one region of a file. Offsets given to its methods count from the region's
 * start; offsets in errors count from the file's start.
 */
public final class MemoryReader {

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  // What decoding puts in the place of malformed bytes.
  private static final char REPLACEMENT = '\uFFFD';

  private final String file;
  private final MemorySegment memory;
  private final long origin;

  /**
   * The same bytes if they are no array, of which not all can be buffers, and no more than a buffer
   * can hold. Files are read in a JVM that has just started, where a read through a segment's
   * handles takes twice as many calls.
   */
  private final @Nullable ByteBuffer buffer;

  private MemoryReader(String file, MemorySegment memory, long origin) {
    this.file = file;
    this.memory = memory.asReadOnly();
    this.origin = origin;
    this.buffer =
        memory.isNative() && memory.byteSize() <= Integer.MAX_VALUE
            ? this.memory.asByteBuffer().order(ByteOrder.LITTLE_ENDIAN)
            : null;
  }

  /**
   * Returns a reader of a whole file.
   *
   * @param file the name that errors show
   * @param memory the file's bytes
   */
  public static MemoryReader of(String file, MemorySegment memory) {
    return new MemoryReader(file, memory, 0);
  }

  /** Returns the name that errors show. */
  public String file() {
    return file;
  }

  /** Returns the region's bytes, read-only. */
  public MemorySegment memory() {
    return memory;
  }

  /** Returns the region's size in bytes. */
  public long size() {
    return memory.byteSize();
  }

  /** Returns where the region starts in its file. */
  public long origin() {
    return origin;
  }

  /**
   * Returns a reader of a part of this region.
   *
   * @throws MalformedFileException if the part does not lie inside the region
   */
  public MemoryReader slice(long offset, long size, FieldPath path) {
    check(offset, size, path);
    return new MemoryReader(file, memory.asSlice(offset, size), origin + offset);
  }

  /** Returns the same region under another name, counting offsets from its own start. */
  public MemoryReader renamed(String name) {
    return new MemoryReader(name, memory, 0);
  }

  private byte byteAt(long offset) {
    return buffer == null ? memory.get(ValueLayout.JAVA_BYTE, offset) : buffer.get((int) offset);
  }

  private short shortAt(long offset) {
    return buffer == null ? memory.get(SHORT, offset) : buffer.getShort((int) offset);
  }

  /** Returns the unsigned byte at an offset. */
  public int u8(long offset, FieldPath path) {
    check(offset, Byte.BYTES, path);
    return Byte.toUnsignedInt(byteAt(offset));
  }

  /** Returns the signed byte at an offset. */
  public byte i8(long offset, FieldPath path) {
    check(offset, Byte.BYTES, path);
    return byteAt(offset);
  }

  /** Returns the unsigned 16-bit integer at an offset. */
  public int u16(long offset, FieldPath path) {
    check(offset, Short.BYTES, path);
    return Short.toUnsignedInt(shortAt(offset));
  }

  /** Returns the signed 16-bit integer at an offset. */
  public short i16(long offset, FieldPath path) {
    check(offset, Short.BYTES, path);
    return shortAt(offset);
  }

  /** Returns the signed 32-bit integer at an offset. */
  public int i32(long offset, FieldPath path) {
    check(offset, Integer.BYTES, path);
    return buffer == null ? memory.get(INT, offset) : buffer.getInt((int) offset);
  }

  /** Returns the unsigned 32-bit integer at an offset. */
  public long u32(long offset, FieldPath path) {
    return Integer.toUnsignedLong(i32(offset, path));
  }

  /** Returns the signed 64-bit integer at an offset. */
  public long i64(long offset, FieldPath path) {
    check(offset, Long.BYTES, path);
    return buffer == null ? memory.get(LONG, offset) : buffer.getLong((int) offset);
  }

  /**
   * Returns the unsigned 64-bit integer at an offset, which must be a size or offset that fits a
   * signed long.
   *
   * @throws MalformedFileException if it is 2^63 or more: nothing of that size can exist
   */
  public long size64(long offset, FieldPath path) {
    long value = i64(offset, path);
    if (value < 0) {
      throw malformed(offset, path, "a size below 2^63", Long.toUnsignedString(value));
    }
    return value;
  }

  /** Returns the float at an offset. */
  public float f32(long offset, FieldPath path) {
    return Float.intBitsToFloat(i32(offset, path));
  }

  /** Returns the double at an offset. */
  public double f64(long offset, FieldPath path) {
    return Double.longBitsToDouble(i64(offset, path));
  }

  /**
   * Returns a UTF-8 string.
   *
   * @throws MalformedFileException if the bytes lie outside the region or are not UTF-8
   */
  public String utf8(long offset, int length, FieldPath path) {
    check(offset, length, path);
    byte[] bytes = memory.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
    // Much faster than a decoder that reports, in a process that has just started.
    String text = new String(bytes, StandardCharsets.UTF_8);
    if (text.indexOf(REPLACEMENT) < 0) {
      return text;
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(bytes))
          .toString();
    } catch (CharacterCodingException e) {
      MalformedFileException malformed =
          malformed(offset, path, "a UTF-8 string of " + length + " bytes", "other bytes");
      malformed.initCause(e);
      throw malformed;
    }
  }

  /** Returns the bytes of a range, read-only. */
  public MemorySegment bytes(long offset, long size, FieldPath path) {
    check(offset, size, path);
    return memory.asSlice(offset, size);
  }

  /**
   * Checks that a range lies inside the region.
   *
   * @throws MalformedFileException if it does not
   */
  public void check(long offset, long size, FieldPath path) {
    if (size < 0 || offset < 0 || size > memory.byteSize() || offset > memory.byteSize() - size) {
      throw malformed(
          offset,
          path,
          size + " bytes inside a region of " + memory.byteSize(),
          "a range that starts at " + offset + " of it");
    }
  }

  /** Returns an exception about the value at an offset of this region. */
  public MalformedFileException malformed(
      long offset, FieldPath path, String expected, String found) {
    return new MalformedFileException(file, origin + offset, path.toString(), expected, found);
  }
}
