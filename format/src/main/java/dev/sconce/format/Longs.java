package dev.sconce.format;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.RandomAccess;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** An immutable list of longs that stores them as longs; see {@link Ints}. */
public final class Longs extends AbstractList<Long> implements RandomAccess {

  private static final Longs EMPTY = new Longs(new long[0]);

  private final long[] values;

  private Longs(long[] values) {
    this.values = values;
  }

  /** Returns a list of the given values. */
  public static Longs of(long... values) {
    return values.length == 0 ? EMPTY : new Longs(values.clone());
  }

  /** Returns the element at an index, unboxed. */
  public long at(int index) {
    return values[index];
  }

  @Override
  public Long get(int index) {
    return values[index];
  }

  @Override
  public int size() {
    return values.length;
  }

  /** Returns a copy as an array. */
  public long[] toLongArray() {
    return values.clone();
  }

  /** Returns the elements as a stream of longs. */
  public LongStream longs() {
    return Arrays.stream(values);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Longs that ? Arrays.equals(values, that.values) : super.equals(other);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values); // what List asks for: Long.hashCode of each
  }
}
