package dev.sconce.text.internal.jinja.eval;

import dev.sconce.text.internal.jinja.python.CallArguments;
import dev.sconce.text.internal.jinja.python.PyError;
import dev.sconce.text.internal.jinja.python.PyRepr;
import dev.sconce.text.internal.jinja.python.PyStr;
import dev.sconce.text.internal.jinja.python.PyValue;
import dev.sconce.text.internal.jinja.python.Signature;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The table of filters: everything that Jinja 3.1 has, with transformers' {@code tojson}. */
final class Filters {

  /** Jinja's filters that this engine refuses, and why. */
  private static final Map<String, String> REFUSED =
      Map.of(
          "random", "its result differs from run to run",
          "urlize", "it makes HTML links",
          "pprint", "it is a debugging aid");

  private static final Map<String, Filter> ALL = table();

  private Filters() {}

  /** A filter. */
  @FunctionalInterface
  interface Filter {
    /** Applies the filter; the arguments come without the input. */
    PyValue apply(Evaluator evaluator, PyValue input, CallArguments arguments);
  }

  /** A filter whose arguments are bound to its parameters. */
  @FunctionalInterface
  interface BoundFilter {
    PyValue apply(Evaluator evaluator, PyValue input, PyValue[] arguments);
  }

  /** A table under construction. */
  static final class Table {
    private final Map<String, Filter> filters = new HashMap<>();

    /** Adds a filter with a signature in Python's spelling, the input left out. */
    void add(String name, String parameters, BoundFilter body) {
      Signature signature = Signature.of(name, parameters);
      filters.put(
          name,
          (evaluator, input, arguments) -> body.apply(evaluator, input, signature.bind(arguments)));
    }

    /** Adds a filter that takes its arguments as they come. */
    void addRaw(String name, Filter filter) {
      filters.put(name, filter);
    }

    /** Gives a filter a second name. */
    void alias(String name, String existing) {
      filters.put(name, filters.get(existing));
    }
  }

  private static Map<String, Filter> table() {
    Table table = new Table();
    TextFilters.register(table);
    SequenceFilters.register(table);
    SelectionFilters.register(table);
    NumberFilters.register(table);
    HtmlFilters.register(table);
    REFUSED.forEach(
        (name, reason) ->
            table.addRaw(
                name,
                (_, _, _) -> {
                  throw new PyError(
                      PyError.Kind.UNSUPPORTED,
                      "the filter '" + name + "' is not available: " + reason);
                }));
    return Collections.unmodifiableMap(table.filters);
  }

  /** Returns all filters by name. */
  static Map<String, Filter> all() {
    return ALL;
  }

  /** Returns a string as it is and anything else as {@code str} prints it. */
  static PyStr softString(PyValue value) {
    return value instanceof PyStr string ? string : PyStr.of(PyRepr.str(value));
  }

  /** Applies a method of {@code str} to an input made a string. */
  static PyValue method(Evaluator evaluator, PyValue input, String name, PyValue... arguments) {
    PyValue method =
        dev.sconce.text.internal.jinja.python.Attributes.getAttribute(
            softString(input), name, evaluator.budget());
    return evaluator.call(
        method, new CallArguments(List.of(arguments), CallArguments.none().keywords()));
  }

  static PyError argument(String message) {
    return new PyError(PyError.Kind.FILTER_ARGUMENT, message);
  }
}
