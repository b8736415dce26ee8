package dev.sconce.graph;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** An operand of a call: a value, a constant, or a list of these. */
public sealed interface Operand {

  /**
   * A value of the graph.
   *
   * @param value the value
   */
  record Of(Value value) implements Operand {
    @Override
    public String toString() {
      return value.toString();
    }
  }

  /**
   * An integer; element types and memory formats are integers, too.
   *
   * @param value the integer
   */
  record IntConstant(long value) implements Operand {
    @Override
    public String toString() {
      return Long.toString(value);
    }
  }

  /**
   * A floating-point number.
   *
   * @param value the number
   */
  record DoubleConstant(double value) implements Operand {
    @Override
    public String toString() {
      return Double.toString(value);
    }
  }

  /**
   * A boolean.
   *
   * @param value the boolean
   */
  record BoolConstant(boolean value) implements Operand {
    @Override
    public String toString() {
      return Boolean.toString(value);
    }
  }

  /**
   * A string.
   *
   * @param value the string
   */
  record StringConstant(String value) implements Operand {
    @Override
    public String toString() {
      return new dev.sconce.base.json.JsonString(value).toString();
    }
  }

  /** An absent optional operand. */
  enum None implements Operand {
    /** The one absent operand. */
    NONE;

    @Override
    public String toString() {
      return "none";
    }
  }

  /**
   * A list; the operator's schema says of what.
   *
   * @param items the items in order
   */
  record ListOf(List<Operand> items) implements Operand {

    /** Creates a list. */
    public ListOf {
      items = List.copyOf(items);
    }

    @Override
    public String toString() {
      return items.stream().map(Object::toString).collect(Collectors.joining(", ", "[", "]"));
    }
  }

  /** Returns the operand that stands for a value. */
  static Operand of(Value value) {
    return new Of(value);
  }

  /** Returns the operand that stands for a value, or the absent operand for null. */
  static Operand ofNullable(@Nullable Value value) {
    return value == null ? None.NONE : new Of(value);
  }

  /** Returns an integer operand. */
  static Operand of(long value) {
    return new IntConstant(value);
  }

  /** Returns a floating-point operand. */
  static Operand of(double value) {
    return new DoubleConstant(value);
  }

  /** Returns a boolean operand. */
  static Operand of(boolean value) {
    return new BoolConstant(value);
  }

  /** Returns the absent operand. */
  static Operand none() {
    return None.NONE;
  }

  /** Returns a list operand of integers. */
  static Operand ints(long... values) {
    return new ListOf(Arrays.stream(values).mapToObj(Operand::of).toList());
  }

  /** Returns a list operand of values. */
  static Operand list(List<Value> values) {
    return new ListOf(values.stream().map(Operand::of).toList());
  }

  /** Hands every value that occurs in this operand to a consumer. */
  default void forEachValue(Consumer<Value> consumer) {
    switch (this) {
      case Of of -> consumer.accept(of.value());
      case ListOf list -> list.items().forEach(item -> item.forEachValue(consumer));
      case IntConstant _, DoubleConstant _, BoolConstant _, StringConstant _, None _ -> {}
    }
  }

  /** Returns this operand with every value replaced by what a function makes of it. */
  default Operand map(Function<Value, Operand> replacement) {
    return switch (this) {
      case Of of -> replacement.apply(of.value());
      case ListOf list ->
          new ListOf(list.items().stream().map(item -> item.map(replacement)).toList());
      case IntConstant _, DoubleConstant _, BoolConstant _, StringConstant _, None _ -> this;
    };
  }
}
