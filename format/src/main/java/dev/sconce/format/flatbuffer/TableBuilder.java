package dev.sconce.format.flatbuffer;

import java.util.Arrays;

/**
 * Collects the fields of a table for a {@link FlatBufferBuilder}, by field id.
 *
 * <p>A number that is 0 is left out, as readers take an absent number for 0.
 */
public final class TableBuilder {

  private static final int INITIAL_FIELDS = 8;

  private final FlatBufferBuilder builder;
  private int[] ids = new int[INITIAL_FIELDS];
  private byte[] sizes = new byte[INITIAL_FIELDS];
  private long[] values = new long[INITIAL_FIELDS];
  private int count;

  TableBuilder(FlatBufferBuilder builder) {
    this.builder = builder;
  }

  /** Sets a bool. */
  public TableBuilder bool(int field, boolean value) {
    return number(field, Byte.BYTES, value ? 1 : 0);
  }

  /** Sets a byte; of the value the lowest 8 bits count. */
  public TableBuilder i8(int field, int value) {
    return number(field, Byte.BYTES, (byte) value);
  }

  /** Sets a 16-bit integer; of the value the lowest 16 bits count. */
  public TableBuilder i16(int field, int value) {
    return number(field, Short.BYTES, (short) value);
  }

  /** Sets a 32-bit integer; of the value the lowest 32 bits count. */
  public TableBuilder i32(int field, long value) {
    return number(field, Integer.BYTES, value << Integer.SIZE >> Integer.SIZE);
  }

  /** Sets a 32-bit integer whose default in the schema is not 0. */
  public TableBuilder i32(int field, int value, int absent) {
    return value == absent ? this : add(field, Integer.BYTES, value);
  }

  /** Sets a 64-bit integer. */
  public TableBuilder i64(int field, long value) {
    return number(field, Long.BYTES, value);
  }

  /** Sets a float. */
  public TableBuilder f32(int field, float value) {
    return number(field, Float.BYTES, Float.floatToRawIntBits(value));
  }

  /** Sets a double. */
  public TableBuilder f64(int field, double value) {
    return number(field, Double.BYTES, Double.doubleToRawLongBits(value));
  }

  /**
   * Sets a table, a vector, a string or the value of a union.
   *
   * @param position where the builder wrote it
   */
  public TableBuilder ref(int field, int position) {
    // References are marked by a negative size: their distance is known when they are written.
    return add(field, -Integer.BYTES, position);
  }

  private TableBuilder number(int field, int size, long value) {
    return value == 0 ? this : add(field, size, value);
  }

  private TableBuilder add(int field, int size, long value) {
    if (count == ids.length) {
      ids = Arrays.copyOf(ids, 2 * count);
      sizes = Arrays.copyOf(sizes, 2 * count);
      values = Arrays.copyOf(values, 2 * count);
    }
    ids[count] = field;
    sizes[count] = (byte) size;
    values[count++] = value;
    return this;
  }

  /** Writes the table and returns where. */
  public int end() {
    int last = -1;
    for (int i = 0; i < count; i++) {
      last = Math.max(last, ids[i]);
    }
    int[] positions = new int[last + 1];
    int end = builder.used();
    // Large fields first, that is: last in the file, so that little is lost to alignment.
    for (int size = Long.BYTES; size > 0; size /= 2) {
      for (int i = 0; i < count; i++) {
        if (Math.abs(sizes[i]) == size) {
          write(i, size);
          positions[ids[i]] = builder.used();
        }
      }
    }
    return builder.endTable(positions, end);
  }

  private void write(int field, int size) {
    builder.prepare(size, size);
    if (sizes[field] < 0) {
      builder.putReference((int) values[field]);
    } else {
      builder.put(values[field], size);
    }
  }
}
