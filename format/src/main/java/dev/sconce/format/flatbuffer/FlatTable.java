package dev.sconce.format.flatbuffer;

import dev.sconce.base.MalformedFileException;
import dev.sconce.base.memory.FieldPath;
import dev.sconce.base.memory.MemoryReader;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A table of a {@link FlatBuffer}, read by field id.
 *
 * <pre>
 *   table:   i32 distance back to the vtable | fields ...
 *   vtable:  u16 bytes of the vtable | u16 bytes of the table | u16 offset of field 0 | field 1 ...
 *            an offset of 0, or one past the vtable's end, means the field is absent
 * </pre>
 *
 * <p>Names are for errors only. An absent number is 0 where no other default is given, an absent
 * vector is empty; {@link #has} tells the difference. Fields that are not asked for are ignored, so
 * files of newer schemas can be read.
 */
public final class FlatTable {

  private static final int VTABLE_HEADER = 2 * Short.BYTES;

  /** The longest array that every JVM can make. */
  private static final int MAX_COUNT = Integer.MAX_VALUE - 8;

  private final FlatBuffer buffer;
  private final MemoryReader bytes;
  private final long position;
  private final long vtable;
  private final int vtableSize;
  private final int tableSize;
  private final FieldPath path;
  private final int depth;

  private FlatTable(
      FlatBuffer buffer,
      long position,
      long vtable,
      int vtableSize,
      int tableSize,
      FieldPath path,
      int depth) {
    this.buffer = buffer;
    this.bytes = buffer.bytes();
    this.position = position;
    this.vtable = vtable;
    this.vtableSize = vtableSize;
    this.tableSize = tableSize;
    this.path = path;
    this.depth = depth;
  }

  static FlatTable at(FlatBuffer buffer, long position, FieldPath path, int depth) {
    MemoryReader bytes = buffer.bytes();
    long vtable = position - bytes.i32(position, path);
    if (vtable < 0 || vtable > bytes.size() - VTABLE_HEADER) {
      throw bytes.malformed(position, path, "a vtable inside the buffer", "one at " + vtable);
    }
    int vtableSize = bytes.u16(vtable, path);
    if (vtableSize < VTABLE_HEADER || vtableSize % 2 != 0 || vtableSize > bytes.size() - vtable) {
      throw bytes.malformed(
          vtable, path, "a vtable of an even size inside the buffer", vtableSize + " bytes");
    }
    int tableSize = bytes.u16(vtable + Short.BYTES, path);
    if (tableSize < Integer.BYTES || tableSize > bytes.size() - position) {
      throw bytes.malformed(
          vtable + Short.BYTES, path, "a table inside the buffer", tableSize + " bytes");
    }
    // The record that a table becomes is larger than an empty table: 16 is its least cost.
    buffer.visit(Math.max(tableSize, 16), position, path);
    FieldProbe probe = buffer.probe();
    if (probe != null) {
      probe.seen(path, bytes.origin() + position);
    }
    return new FlatTable(buffer, position, vtable, vtableSize, tableSize, path, depth);
  }

  /** Returns where this table stands in its format. */
  public FieldPath path() {
    return path;
  }

  /** Returns whether a field is present. */
  public boolean has(int field) {
    return offsetOf(field) != 0;
  }

  /** Returns a bool; anything but 0 is true. */
  public boolean bool(int field, String name) {
    return u8(field, name) != 0;
  }

  /** Returns an unsigned byte. */
  public int u8(int field, String name) {
    long at = locate(field, name, Byte.BYTES);
    return at < 0 ? 0 : bytes.u8(at, path);
  }

  /** Returns a signed byte. */
  public int i8(int field, String name) {
    long at = locate(field, name, Byte.BYTES);
    return at < 0 ? 0 : bytes.i8(at, path);
  }

  /** Returns an unsigned 16-bit integer. */
  public int u16(int field, String name) {
    long at = locate(field, name, Short.BYTES);
    return at < 0 ? 0 : bytes.u16(at, path);
  }

  /** Returns a signed 16-bit integer. */
  public int i16(int field, String name) {
    return (short) u16(field, name);
  }

  /** Returns a signed 32-bit integer. */
  public int i32(int field, String name) {
    long at = locate(field, name, Integer.BYTES);
    return at < 0 ? 0 : bytes.i32(at, path);
  }

  /** Returns a signed 32-bit integer whose default in the schema is not 0. */
  public int i32(int field, String name, int absent) {
    return has(field) ? i32(field, name) : absent;
  }

  /** Returns an unsigned 32-bit integer. */
  public long u32(int field, String name) {
    return Integer.toUnsignedLong(i32(field, name));
  }

  /** Returns an unsigned 32-bit integer that serves as an index and must be below 2^31. */
  public int index(int field, String name) {
    int value = i32(field, name);
    if (value < 0) {
      throw malformed(field, name, "an index below 2^31", Integer.toUnsignedString(value));
    }
    return value;
  }

  /** Returns a 64-bit integer. */
  public long i64(int field, String name) {
    long at = locate(field, name, Long.BYTES);
    return at < 0 ? 0 : bytes.i64(at, path);
  }

  /** Returns an unsigned 64-bit integer that is a size or an offset and must be below 2^63. */
  public long size64(int field, String name) {
    long value = i64(field, name);
    if (value < 0) {
      throw malformed(field, name, "a size below 2^63", Long.toUnsignedString(value));
    }
    return value;
  }

  /** Returns a float. */
  public float f32(int field, String name) {
    return Float.intBitsToFloat(i32(field, name));
  }

  /** Returns a double. */
  public double f64(int field, String name) {
    return Double.longBitsToDouble(i64(field, name));
  }

  /** Returns a string that must be present. */
  public String string(int field, String name) {
    String text = optionalString(field, name);
    if (text == null) {
      throw absent(name, "a string");
    }
    return text;
  }

  /** Returns a string, or null if it is absent. */
  public @Nullable String optionalString(int field, String name) {
    FieldPath fieldPath = path.field(name);
    long at = target(field, name, fieldPath);
    return at < 0 ? null : stringAt(at, fieldPath);
  }

  /** Returns a vector of strings. */
  public List<String> strings(int field, String name) {
    Vector vector = vector(field, name, Integer.BYTES);
    List<String> result = new ArrayList<>(vector.count);
    for (int i = 0; i < vector.count; i++) {
      FieldPath element = vector.path.element(i);
      result.add(stringAt(buffer.follow(vector.at(i), element), element));
    }
    return Collections.unmodifiableList(result);
  }

  /** Returns a table that must be present. */
  public FlatTable table(int field, String name) {
    FlatTable table = optionalTable(field, name);
    if (table == null) {
      throw absent(name, "a table");
    }
    return table;
  }

  /** Returns a table, or null if it is absent; also reads the value of a union. */
  public @Nullable FlatTable optionalTable(int field, String name) {
    FieldPath fieldPath = path.field(name);
    long at = target(field, name, fieldPath);
    return at < 0 ? null : buffer.table(at, fieldPath, depth + 1);
  }

  /** Returns a vector of tables, each turned into a record. */
  public <T> List<T> tables(int field, String name, Function<FlatTable, T> reader) {
    Vector vector = vector(field, name, Integer.BYTES);
    List<T> result = new ArrayList<>(vector.count);
    for (int i = 0; i < vector.count; i++) {
      FieldPath element = vector.path.element(i);
      long at = buffer.follow(vector.at(i), element);
      result.add(reader.apply(buffer.table(at, element, depth + 1)));
    }
    return Collections.unmodifiableList(result);
  }

  /** Returns a vector of bytes as a read-only view of the buffer. */
  public MemorySegment bytes(int field, String name) {
    Vector vector = view(field, name, Byte.BYTES);
    return vector.count == 0
        ? MemorySegment.ofArray(new byte[0]).asReadOnly()
        : bytes.bytes(vector.first, vector.count, vector.path);
  }

  /** Returns a vector of unsigned bytes, one an int. */
  public int[] u8s(int field, String name) {
    Vector vector = vector(field, name, Byte.BYTES);
    int[] result = new int[vector.count];
    for (int i = 0; i < result.length; i++) {
      result[i] = bytes.u8(vector.at(i), vector.path);
    }
    return result;
  }

  /** Returns a vector of bools; anything but 0 is true. */
  public boolean[] bools(int field, String name) {
    int[] values = u8s(field, name);
    boolean[] result = new boolean[values.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = values[i] != 0;
    }
    return result;
  }

  /** Returns a vector of 32-bit integers. */
  public int[] i32s(int field, String name) {
    Vector vector = vector(field, name, Integer.BYTES);
    int[] result = new int[vector.count];
    for (int i = 0; i < result.length; i++) {
      result[i] = bytes.i32(vector.at(i), vector.path);
    }
    return result;
  }

  /** Returns a vector of 64-bit integers. */
  public long[] i64s(int field, String name) {
    Vector vector = vector(field, name, Long.BYTES);
    long[] result = new long[vector.count];
    for (int i = 0; i < result.length; i++) {
      result[i] = bytes.i64(vector.at(i), vector.path);
    }
    return result;
  }

  /** Returns a vector of floats. */
  public float[] f32s(int field, String name) {
    Vector vector = vector(field, name, Float.BYTES);
    float[] result = new float[vector.count];
    for (int i = 0; i < result.length; i++) {
      result[i] = bytes.f32(vector.at(i), vector.path);
    }
    return result;
  }

  /** Returns a vector of doubles. */
  public double[] f64s(int field, String name) {
    Vector vector = vector(field, name, Double.BYTES);
    double[] result = new double[vector.count];
    for (int i = 0; i < result.length; i++) {
      result[i] = bytes.f64(vector.at(i), vector.path);
    }
    return result;
  }

  /** Returns an exception about a field of this table. */
  public MalformedFileException malformed(int field, String name, String expected, String found) {
    int offset = offsetOf(field);
    return bytes.malformed(position + offset, path.field(name), expected, found);
  }

  private MalformedFileException absent(String name, String expected) {
    return bytes.malformed(position, path.field(name), expected, "none");
  }

  private String stringAt(long at, FieldPath stringPath) {
    long length = bytes.u32(at, stringPath);
    bytes.check(at + Integer.BYTES, length + 1, stringPath);
    if (length > MAX_COUNT) {
      throw bytes.malformed(at, stringPath, "a string of at most " + MAX_COUNT, "" + length);
    }
    // The cost of a short string is its object's.
    buffer.visit(length + 16, at, stringPath);
    int terminator = bytes.u8(at + Integer.BYTES + length, stringPath);
    if (terminator != 0) {
      throw bytes.malformed(
          at + Integer.BYTES + length, stringPath, "a zero byte after the string", "" + terminator);
    }
    return bytes.utf8(at + Integer.BYTES, Math.toIntExact(length), stringPath);
  }

  /** A checked vector; elements start at {@code first}. */
  private record Vector(FieldPath path, long first, int count, int size) {
    long at(int index) {
      return first + (long) index * size;
    }
  }

  private Vector vector(int field, String name, int size) {
    Vector vector = view(field, name, size);
    buffer.visit((long) vector.count * size, vector.first, vector.path);
    return vector;
  }

  /** Returns a checked vector that costs the same whatever its length: nothing is copied. */
  private Vector view(int field, String name, int size) {
    FieldPath fieldPath = path.field(name);
    long at = target(field, name, fieldPath);
    if (at < 0) {
      return new Vector(fieldPath, 0, 0, size);
    }
    long count = bytes.u32(at, fieldPath);
    long room = bytes.size() - at - Integer.BYTES;
    if (count > room / size || count > MAX_COUNT) {
      throw bytes.malformed(
          at, fieldPath, "elements of " + size + " bytes in the " + room + " left", "" + count);
    }
    long first = at + Integer.BYTES;
    buffer.visit(16, at, fieldPath);
    FieldProbe probe = buffer.probe();
    if (probe != null) {
      probe.seen(fieldPath, bytes.origin() + at);
      probe.seenElements(fieldPath, bytes.origin() + first, count, size);
    }
    return new Vector(fieldPath, first, Math.toIntExact(count), size);
  }

  /** Returns what the offset in a field leads to, or -1 if the field is absent. */
  private long target(int field, String name, FieldPath fieldPath) {
    long at = locate(field, name, Integer.BYTES);
    return at < 0 ? -1 : buffer.follow(at, fieldPath);
  }

  /** Returns where a field of a size stands, or -1 if it is absent. */
  private long locate(int field, String name, int size) {
    int offset = offsetOf(field);
    if (offset == 0) {
      return -1;
    }
    if (offset < Integer.BYTES || offset > tableSize - size) {
      throw bytes.malformed(
          vtable + VTABLE_HEADER + (long) field * Short.BYTES,
          path.field(name),
          "a field of " + size + " bytes inside its table of " + tableSize,
          "one at " + offset);
    }
    FieldProbe probe = buffer.probe();
    if (probe != null) {
      probe.seen(path.field(name), bytes.origin() + position + offset);
    }
    return position + offset;
  }

  private int offsetOf(int field) {
    int entry = VTABLE_HEADER + field * Short.BYTES;
    return entry + Short.BYTES > vtableSize ? 0 : bytes.u16(vtable + entry, path);
  }
}
