package dev.sconce.runtime.internal.slot;

import dev.sconce.runtime.internal.execution.OperatorFailure;

/**
 * A number: int (64 bits), double or bool.
 *
 * <p>The kind is part of the value: the primitive operators of the official runtime store whatever
 * they computed, and the kind of a scalar argument takes part in type promotion.
 */
public final class ScalarSlot implements Slot {

  /** The kinds of number. */
  public enum Kind {
    /** A signed 64-bit integer. */
    INT("an int"),
    /** A double. */
    DOUBLE("a double"),
    /** A bool. */
    BOOL("a bool");

    private final String description;

    Kind(String description) {
      this.description = description;
    }

    /** Returns the kind with its article, for messages. */
    public String description() {
      return description;
    }
  }

  private Kind kind;
  // The integer, the double's bits, or 0 and 1.
  private long bits;

  private ScalarSlot(Kind kind, long bits) {
    this.kind = kind;
    this.bits = bits;
  }

  /** Returns a new slot that holds an int. */
  public static ScalarSlot of(long value) {
    return new ScalarSlot(Kind.INT, value);
  }

  /** Returns a new slot that holds a double. */
  public static ScalarSlot of(double value) {
    return new ScalarSlot(Kind.DOUBLE, Double.doubleToRawLongBits(value));
  }

  /** Returns a new slot that holds a bool. */
  public static ScalarSlot of(boolean value) {
    return new ScalarSlot(Kind.BOOL, value ? 1 : 0);
  }

  /** Returns the kind of the number held now. */
  public Kind kind() {
    return kind;
  }

  /** Returns whether a double is held. */
  public boolean isDouble() {
    return kind == Kind.DOUBLE;
  }

  /**
   * Returns the int.
   *
   * @throws OperatorFailure if another kind is held
   */
  public long longValue() {
    require(Kind.INT);
    return bits;
  }

  /**
   * Returns the int as a Java int: an index, a dimension, a size.
   *
   * @throws OperatorFailure if another kind is held, or one that does not fit
   */
  public int intValue() {
    long value = longValue();
    if (value != (int) value) {
      throw new OperatorFailure("expected an int of 32 bits, found " + value);
    }
    return (int) value;
  }

  /**
   * Returns the double.
   *
   * @throws OperatorFailure if another kind is held
   */
  public double doubleValue() {
    require(Kind.DOUBLE);
    return Double.longBitsToDouble(bits);
  }

  /**
   * Returns the bool.
   *
   * @throws OperatorFailure if another kind is held
   */
  public boolean boolValue() {
    require(Kind.BOOL);
    return bits != 0;
  }

  /** Returns the number of any kind as a double; bools are 0 and 1. */
  public double toDouble() {
    return kind == Kind.DOUBLE ? Double.longBitsToDouble(bits) : bits;
  }

  /** Returns the number of any kind as a long; doubles are truncated, bools are 0 and 1. */
  public long toLong() {
    return kind == Kind.DOUBLE ? (long) Double.longBitsToDouble(bits) : bits;
  }

  /** Returns whether the number of any kind is not zero. */
  public boolean toBool() {
    return kind == Kind.DOUBLE ? Double.longBitsToDouble(bits) != 0 : bits != 0;
  }

  /** Stores an int. */
  public void set(long value) {
    kind = Kind.INT;
    bits = value;
  }

  /** Stores a double. */
  public void set(double value) {
    kind = Kind.DOUBLE;
    bits = Double.doubleToRawLongBits(value);
  }

  /** Stores a bool. */
  public void set(boolean value) {
    kind = Kind.BOOL;
    bits = value ? 1 : 0;
  }

  /** Stores the number that another slot holds, with its kind. */
  public void set(ScalarSlot other) {
    kind = other.kind;
    bits = other.bits;
  }

  private void require(Kind expected) {
    if (kind != expected) {
      throw new OperatorFailure(
          "expected " + expected.description() + ", found " + describe() + " (" + this + ")");
    }
  }

  @Override
  public String describe() {
    return kind.description();
  }

  @Override
  public String toString() {
    return switch (kind) {
      case INT -> Long.toString(bits);
      case DOUBLE -> Double.toString(Double.longBitsToDouble(bits));
      case BOOL -> Boolean.toString(bits != 0);
    };
  }
}
