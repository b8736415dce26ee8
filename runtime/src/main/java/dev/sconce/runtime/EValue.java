package dev.sconce.runtime;

import dev.sconce.base.InvalidInputException;
import java.util.List;

/**
 * One input or output of a method: a tensor, a number, a bool, a string, a list, or nothing.
 *
 * <p>Take it apart with a pattern switch over the records, or with the {@code to…} methods, which
 * throw {@link InvalidInputException} if the value is of another kind.
 */
public sealed interface EValue {

  /** Returns nothing: an optional input that is not given. */
  static EValue none() {
    return None.INSTANCE;
  }

  /** Returns the value of a tensor. */
  static EValue from(Tensor tensor) {
    return new OfTensor(tensor);
  }

  /** Returns the value of an integer. */
  static EValue from(long value) {
    return new OfInt(value);
  }

  /** Returns the value of a floating-point number. */
  static EValue from(double value) {
    return new OfDouble(value);
  }

  /** Returns the value of a bool. */
  static EValue from(boolean value) {
    return new OfBool(value);
  }

  /** Returns the value of a string. */
  static EValue from(String value) {
    return new OfString(value);
  }

  /** Nothing. */
  enum None implements EValue {
    /** The only one. */
    INSTANCE
  }

  /**
   * A tensor.
   *
   * @param tensor the tensor
   */
  record OfTensor(Tensor tensor) implements EValue {}

  /**
   * An integer of 64 bits.
   *
   * @param value the integer
   */
  record OfInt(long value) implements EValue {}

  /**
   * A double.
   *
   * @param value the double
   */
  record OfDouble(double value) implements EValue {}

  /**
   * A bool.
   *
   * @param value the bool
   */
  record OfBool(boolean value) implements EValue {}

  /**
   * A string.
   *
   * @param value the string
   */
  record OfString(String value) implements EValue {}

  /**
   * A list of values of one kind.
   *
   * @param items the values
   */
  record OfList(List<EValue> items) implements EValue {

    /** Copies the list. */
    public OfList {
      items = List.copyOf(items);
    }
  }

  /** Returns whether this is a tensor. */
  default boolean isTensor() {
    return this instanceof OfTensor;
  }

  /** Returns whether this is nothing. */
  default boolean isNone() {
    return this instanceof None;
  }

  /** Returns the tensor. */
  default Tensor toTensor() {
    if (this instanceof OfTensor(Tensor tensor)) {
      return tensor;
    }
    throw wrong("a tensor");
  }

  /** Returns the integer. */
  default long toInt() {
    if (this instanceof OfInt(long value)) {
      return value;
    }
    throw wrong("an int");
  }

  /** Returns the double. */
  default double toDouble() {
    if (this instanceof OfDouble(double value)) {
      return value;
    }
    throw wrong("a double");
  }

  /** Returns the bool. */
  default boolean toBool() {
    if (this instanceof OfBool(boolean value)) {
      return value;
    }
    throw wrong("a bool");
  }

  /** Returns the string. */
  default String toStr() {
    if (this instanceof OfString(String value)) {
      return value;
    }
    throw wrong("a string");
  }

  /** Returns the list's values. */
  default List<EValue> toList() {
    if (this instanceof OfList(List<EValue> items)) {
      return items;
    }
    throw wrong("a list");
  }

  private InvalidInputException wrong(String expected) {
    return new InvalidInputException("EValue", "kind", expected, describe());
  }

  /** Returns the kind of value with its article, for messages: "a tensor", "an int". */
  default String describe() {
    return switch (this) {
      case None _ -> "none";
      case OfTensor _ -> "a tensor";
      case OfInt _ -> "an int";
      case OfDouble _ -> "a double";
      case OfBool _ -> "a bool";
      case OfString _ -> "a string";
      case OfList _ -> "a list";
    };
  }
}
