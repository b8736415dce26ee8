package dev.sconce.format.flatbuffer;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Builds a FlatBuffer.
 *
 * <p>Offsets of the format point forwards, so the buffer grows from its end to its start: what a
 * table refers to is written before it. Positions that methods return count from the end and are
 * only good as arguments of other methods. Fields of a table are collected and written by {@link
 * TableBuilder#end}, so children may be written in the middle of a table's chain of calls:
 *
 * <pre>{@code
 * int tensor = builder.table().i8(0, code).ref(2, builder.i32s(sizes)).end();
 * }</pre>
 *
 * <p>The same calls give the same bytes. Like other writers this one leaves out numbers that are 0
 * and shares equal vtables. Instances are confined to one thread.
 */
public final class FlatBufferBuilder {

  private static final int INITIAL_CAPACITY = 1 << 12;

  /** Offsets are unsigned 32-bit numbers, but a Java array ends here. */
  private static final int MAX_CAPACITY = Integer.MAX_VALUE - 8;

  private byte[] array = new byte[INITIAL_CAPACITY];

  /** Bytes written so far, all of them at the array's end. */
  private int used;

  /** The strictest alignment asked for. */
  private int alignment = Integer.BYTES;

  // By their 16-bit numbers, as characters: the cheapest key that is compared by its contents.
  private final Map<String, Integer> vtables = new HashMap<>();

  /** Creates an empty builder. */
  public FlatBufferBuilder() {}

  /** Starts a table. */
  public TableBuilder table() {
    return new TableBuilder(this);
  }

  /** Writes a string. */
  public int string(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    prepare(Integer.BYTES, (long) utf8.length + 1);
    put(0, Byte.BYTES);
    put(utf8);
    return putLength(utf8.length);
  }

  /** Writes a vector of bytes that starts at a multiple of an alignment. */
  public int bytes(MemorySegment bytes, int alignTo) {
    long size = bytes.byteSize();
    startVector(size, alignTo);
    reserve(size);
    used += Math.toIntExact(size);
    MemorySegment.copy(
        bytes, ValueLayout.JAVA_BYTE, 0, array, array.length - used, Math.toIntExact(size));
    return putLength(size);
  }

  /** Writes a vector of bytes. */
  public int bytes(MemorySegment bytes) {
    return bytes(bytes, 1);
  }

  /** Writes a vector of bytes, given one an int, whose upper bits are dropped. */
  public int u8s(int... values) {
    startVector(values.length, Byte.BYTES);
    for (int i = values.length - 1; i >= 0; i--) {
      put(values[i], Byte.BYTES);
    }
    return putLength(values.length);
  }

  /** Writes a vector of bools. */
  public int bools(List<Boolean> values) {
    return u8s(values.stream().mapToInt(value -> value ? 1 : 0).toArray());
  }

  /** Writes a vector of 32-bit integers. */
  public int i32s(int... values) {
    startVector((long) values.length * Integer.BYTES, Integer.BYTES);
    for (int i = values.length - 1; i >= 0; i--) {
      put(values[i]);
    }
    return putLength(values.length);
  }

  /** Writes a vector of 64-bit integers. */
  public int i64s(long... values) {
    startVector((long) values.length * Long.BYTES, Long.BYTES);
    for (int i = values.length - 1; i >= 0; i--) {
      put(values[i], Long.BYTES);
    }
    return putLength(values.length);
  }

  /** Writes a vector of floats. */
  public int f32s(float... values) {
    startVector((long) values.length * Float.BYTES, Float.BYTES);
    for (int i = values.length - 1; i >= 0; i--) {
      put(Float.floatToRawIntBits(values[i]));
    }
    return putLength(values.length);
  }

  /** Writes a vector of doubles. */
  public int f64s(double... values) {
    return i64s(Arrays.stream(values).mapToLong(Double::doubleToRawLongBits).toArray());
  }

  /** Writes a vector of tables or strings, given where each was written. */
  public int refs(int... positions) {
    startVector((long) positions.length * Integer.BYTES, Integer.BYTES);
    for (int i = positions.length - 1; i >= 0; i--) {
      putReference(positions[i]);
    }
    return putLength(positions.length);
  }

  /** Writes each of some values with a function, then the vector of them. */
  public <T> int vector(List<T> values, ElementWriter<? super T> writer) {
    int[] positions = new int[values.size()];
    for (int i = 0; i < positions.length; i++) {
      positions[i] = writer.write(values.get(i));
    }
    return refs(positions);
  }

  /** Writes a value and returns where. */
  @FunctionalInterface
  public interface ElementWriter<T> {
    /** Writes a value and returns where. */
    int write(T value);
  }

  /** Ends the buffer and returns its bytes. */
  public MemorySegment finish(int root, String identifier) {
    return finish(root, identifier, 0);
  }

  /**
   * Ends the buffer and returns its bytes, writable, with zeros between the identifier and the
   * rest.
   *
   * @param root where the root table was written
   * @param identifier four characters
   * @param reserved how many zeros; a multiple of the strictest alignment in the buffer
   */
  public MemorySegment finish(int root, String identifier, int reserved) {
    prepare(alignment, 2L * Integer.BYTES + reserved);
    reserve(reserved);
    used += reserved;
    putIdentifier(identifier);
    putReference(root);
    return result();
  }

  /** Ends the buffer and returns its bytes, with their number in front. */
  public MemorySegment finishSizePrefixed(int root, String identifier) {
    prepare(alignment, 3L * Integer.BYTES);
    putIdentifier(identifier);
    putReference(root);
    put(used);
    return result();
  }

  private MemorySegment result() {
    return MemorySegment.ofArray(array).asSlice(array.length - used, used);
  }

  private void putIdentifier(String identifier) {
    byte[] id = identifier.getBytes(StandardCharsets.ISO_8859_1);
    if (id.length != Integer.BYTES) {
      throw new IllegalArgumentException("an identifier has four characters: " + identifier);
    }
    put(id);
  }

  private void startVector(long size, int alignTo) {
    prepare(Integer.BYTES, size);
    prepare(alignTo, size);
  }

  /** Pads so that what is written after {@code size} more bytes starts aligned. */
  void prepare(int alignTo, long size) {
    alignment = Math.max(alignment, alignTo);
    int padding = (int) (-(used + size) & (alignTo - 1));
    reserve(size + padding + Integer.BYTES);
    used += padding;
  }

  private void reserve(long size) {
    long needed = used + size;
    if (needed <= array.length) {
      return;
    }
    if (needed > MAX_CAPACITY) {
      throw new IllegalStateException("a FlatBuffer of more than 2 GB");
    }
    int capacity = (int) Math.min(MAX_CAPACITY, Math.max(needed, 2L * array.length));
    byte[] larger = new byte[capacity];
    System.arraycopy(array, array.length - used, larger, capacity - used, used);
    array = larger;
  }

  int used() {
    return used;
  }

  private int putLength(long length) {
    put(Math.toIntExact(length));
    return used;
  }

  void put(byte[] values) {
    reserve(values.length);
    used += values.length;
    System.arraycopy(values, 0, array, array.length - used, values.length);
  }

  void put(int value) {
    put(value, Integer.BYTES);
  }

  /** Writes the lowest bytes of a number. */
  void put(long value, int size) {
    reserve(size);
    used += size;
    set(array.length - used, value, size);
  }

  private void set(int index, long value, int size) {
    for (int i = 0; i < size; i++) {
      array[index + i] = (byte) (value >>> (Byte.SIZE * i));
    }
  }

  void putReference(int position) {
    put(used + Integer.BYTES - position);
  }

  /**
   * Ends a table that was started when {@code end} bytes were used: writes its vtable, or finds an
   * equal one.
   *
   * @param fields where each field was written, or 0 for none, without trailing zeros
   */
  int endTable(int[] fields, int end) {
    prepare(Integer.BYTES, 0);
    put(0); // the distance to the vtable, set below
    int table = used;
    char[] vtable = new char[fields.length + 2];
    vtable[0] = (char) (vtable.length * Short.BYTES);
    vtable[1] = (char) (table - end);
    for (int i = 0; i < fields.length; i++) {
      vtable[i + 2] = (char) (fields[i] == 0 ? 0 : table - fields[i]);
    }
    String key = new String(vtable);
    Integer shared = vtables.get(key);
    if (shared == null) {
      for (int i = vtable.length - 1; i >= 0; i--) {
        put(vtable[i], Short.BYTES);
      }
      shared = used;
      vtables.put(key, shared);
    }
    // Tables store the distance from the vtable to themselves; positions count from the end.
    set(array.length - table, shared - table, Integer.BYTES);
    return table;
  }
}
