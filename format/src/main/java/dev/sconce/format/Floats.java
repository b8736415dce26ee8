package dev.sconce.format;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/**
 * An immutable list of floats that stores them as floats; see {@link Ints}. Two lists are equal if
 * {@link Float#equals} says so of their elements: NaN equals NaN.
 */
public final class Floats extends AbstractList<Float> implements RandomAccess {

  private static final Floats EMPTY = new Floats(new float[0]);

  private final float[] values;

  private Floats(float[] values) {
    this.values = values;
  }

  /** Returns a list of the given values. */
  public static Floats of(float... values) {
    return values.length == 0 ? EMPTY : new Floats(values.clone());
  }

  /** Returns the element at an index, unboxed. */
  public float at(int index) {
    return values[index];
  }

  @Override
  public Float get(int index) {
    return values[index];
  }

  @Override
  public int size() {
    return values.length;
  }

  /** Returns a copy as an array. */
  public float[] toFloatArray() {
    return values.clone();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Floats that ? Arrays.equals(values, that.values) : super.equals(other);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values); // what List asks for: Float.hashCode of each
  }
}
