package dev.sconce.format;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.RandomAccess;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * An immutable list of ints that stores them as ints.
 *
 * <p>Programs hold hundreds of thousands of indices; as boxed integers they would take five times
 * the file's size.
 */
public final class Ints extends AbstractList<Integer> implements RandomAccess {

  private static final Ints EMPTY = new Ints(new int[0]);

  private final int[] values;

  private Ints(int[] values) {
    this.values = values;
  }

  /** Returns a list of the given values. */
  public static Ints of(int... values) {
    return values.length == 0 ? EMPTY : new Ints(values.clone());
  }

  /** Returns the element at an index, unboxed. */
  public int at(int index) {
    return values[index];
  }

  @Override
  public Integer get(int index) {
    return values[index];
  }

  @Override
  public int size() {
    return values.length;
  }

  /** Returns a copy as an array. */
  public int[] toIntArray() {
    return values.clone();
  }

  /** Returns the elements as a stream of ints. */
  public IntStream ints() {
    return Arrays.stream(values);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Ints that ? Arrays.equals(values, that.values) : super.equals(other);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values); // what List asks for: the hash of an Integer is its value
  }
}
