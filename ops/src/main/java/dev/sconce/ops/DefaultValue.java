package dev.sconce.ops;

import java.util.List;
import java.util.stream.Collectors;

/** The value that an argument has where a call does not give one. */
public sealed interface DefaultValue {

  /** An absent value. */
  record None() implements DefaultValue {
    @Override
    public String toString() {
      return "None";
    }
  }

  /**
   * An integer; for element types and memory formats their code.
   *
   * @param value the integer
   */
  record Int(long value) implements DefaultValue {
    @Override
    public String toString() {
      return Long.toString(value);
    }
  }

  /**
   * A double.
   *
   * @param value the double
   */
  record Real(double value) implements DefaultValue {
    @Override
    public String toString() {
      // Schemas write "0." for whole numbers.
      return value == Math.rint(value) ? (long) value + "." : Double.toString(value);
    }
  }

  /**
   * A truth value.
   *
   * @param value the truth value
   */
  record Bool(boolean value) implements DefaultValue {
    @Override
    public String toString() {
      return value ? "True" : "False";
    }
  }

  /**
   * A string.
   *
   * @param value the string
   */
  record Text(String value) implements DefaultValue {
    @Override
    public String toString() {
      return '"' + value + '"';
    }
  }

  /**
   * A list of integers. A single number in the schema stands for a list of it, as long as the type
   * demands.
   *
   * @param values the integers
   */
  record Ints(List<Long> values) implements DefaultValue {
    /** Copies the list. */
    public Ints {
      values = List.copyOf(values);
    }

    @Override
    public String toString() {
      return values.stream().map(String::valueOf).collect(Collectors.joining(", ", "[", "]"));
    }
  }
}
