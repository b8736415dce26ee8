package dev.sconce.text.internal.jinja.eval;

import dev.sconce.text.internal.jinja.python.CallArguments;
import dev.sconce.text.internal.jinja.python.Comparison;
import dev.sconce.text.internal.jinja.python.Py;
import dev.sconce.text.internal.jinja.python.PyDict;
import dev.sconce.text.internal.jinja.python.PyError;
import dev.sconce.text.internal.jinja.python.PyIterator;
import dev.sconce.text.internal.jinja.python.PyNone;
import dev.sconce.text.internal.jinja.python.PyRepr;
import dev.sconce.text.internal.jinja.python.PyStr;
import dev.sconce.text.internal.jinja.python.PyUndefined;
import dev.sconce.text.internal.jinja.python.PyValue;
import dev.sconce.text.internal.jinja.python.StrCase;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.SequencedMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Filters that map and select: generators, which do their work when their items are taken. */
final class SelectionFilters {

  private SelectionFilters() {}

  static void register(Filters.Table table) {
    table.addRaw("map", (in, value, arguments) -> generator(value, () -> mapping(in, arguments)));
    for (boolean wanted : new boolean[] {true, false}) {
      String name = wanted ? "select" : "reject";
      table.addRaw(
          name,
          (in, value, arguments) ->
              generator(value, () -> selection(test(in, arguments, 0), wanted)));
      table.addRaw(
          name + "attr",
          (in, value, arguments) ->
              generator(value, () -> selection(attributeTest(in, arguments), wanted)));
    }
    table.add("unique", "case_sensitive=False, attribute=None", SelectionFilters::unique);
  }

  /** What a generator does with an item: the item it yields, or null to leave it out. */
  @FunctionalInterface
  private interface Step {
    @Nullable PyValue apply(PyValue item);
  }

  /** Returns a generator; like a Python generator's body, nothing runs before the first item. */
  private static PyValue generator(PyValue value, Supplier<Step> prepare) {
    return new PyIterator(
        new LazyIterator() {
          private Iterator<PyValue> items = Collections.emptyIterator();
          private @Nullable Step step;

          @Override
          @Nullable PyValue compute() {
            if (step == null) {
              step = item -> item;
              if (Py.truth(value)) {
                step = prepare.get();
                items = Py.iterate(value);
              }
            }
            while (items.hasNext()) {
              PyValue result = step.apply(items.next());
              if (result != null) {
                return result;
              }
            }
            return null;
          }
        });
  }

  /** An iterator that finds its next item when it is asked for. */
  private abstract static class LazyIterator implements Iterator<PyValue> {
    private @Nullable PyValue next;

    abstract @Nullable PyValue compute();

    @Override
    public final boolean hasNext() {
      if (next == null) {
        next = compute();
      }
      return next != null;
    }

    @Override
    public final PyValue next() {
      if (!hasNext() || next == null) {
        throw new NoSuchElementException();
      }
      PyValue item = next;
      next = null;
      return item;
    }
  }

  private static Step mapping(Evaluator in, CallArguments arguments) {
    SequencedMap<String, PyValue> keywords = new LinkedHashMap<>(arguments.keywords());
    if (arguments.positional().isEmpty() && keywords.containsKey("attribute")) {
      PyValue attribute = keywords.remove("attribute");
      PyValue fallback = keywords.remove("default");
      if (!keywords.isEmpty()) {
        throw Filters.argument(
            "Unexpected keyword argument " + PyRepr.quote(keywords.keySet().iterator().next()));
      }
      AttributePath path =
          AttributePath.of(attribute == null ? PyNone.NONE : attribute)
              .orElse(fallback == null ? PyNone.NONE : fallback);
      return item -> path.get(in, item);
    }
    if (arguments.positional().isEmpty()) {
      throw Filters.argument("map requires a filter argument");
    }
    String name = name(arguments.positional().getFirst());
    CallArguments rest = rest(arguments, 1);
    return item -> {
      in.budget().step();
      return in.applyFilter(name, ".", item, rest);
    };
  }

  private static String name(PyValue name) {
    if (name instanceof PyUndefined undefined) {
      throw new PyError(
          PyError.Kind.RUNTIME,
          "No filter or test named Undefined. ("
              + undefined.message()
              + "; did you forget to quote the callable name?)");
    }
    return PyRepr.str(name);
  }

  private static CallArguments rest(CallArguments arguments, int from) {
    List<PyValue> positional = arguments.positional();
    return new CallArguments(positional.subList(from, positional.size()), arguments.keywords());
  }

  private static Step selection(Predicate<PyValue> test, boolean wanted) {
    return item -> test.test(item) == wanted ? item : null;
  }

  private static Predicate<PyValue> test(Evaluator in, CallArguments arguments, int from) {
    if (arguments.positional().size() <= from) {
      return item -> {
        in.budget().step();
        return Py.truth(item);
      };
    }
    String name = name(arguments.positional().get(from));
    CallArguments rest = rest(arguments, from + 1);
    return item -> {
      in.budget().step();
      return in.applyTest(name, ".", item, rest);
    };
  }

  private static Predicate<PyValue> attributeTest(Evaluator in, CallArguments arguments) {
    if (arguments.positional().isEmpty()) {
      throw Filters.argument("Missing parameter for attribute name");
    }
    AttributePath path = AttributePath.of(arguments.positional().getFirst());
    Predicate<PyValue> test = test(in, arguments, 1);
    return item -> test.test(path.get(in, item));
  }

  private static PyValue unique(Evaluator in, PyValue value, PyValue[] a) {
    boolean caseSensitive = Py.truth(a[0]);
    AttributePath path = AttributePath.of(a[1]);
    return new PyIterator(
        new LazyIterator() {
          private final PyDict seen = new PyDict();
          private @Nullable Iterator<PyValue> items;

          @Override
          @Nullable PyValue compute() {
            if (items == null) {
              items = Py.iterate(value);
            }
            while (items.hasNext()) {
              in.budget().step();
              PyValue item = items.next();
              PyValue key = path.get(in, item);
              if (!caseSensitive && key instanceof PyStr text) {
                key = PyStr.of(StrCase.lower(text.value()));
              }
              if (!Comparison.contains(seen, key)) {
                seen.put(key, PyNone.NONE);
                return item;
              }
            }
            return null;
          }
        });
  }
}
