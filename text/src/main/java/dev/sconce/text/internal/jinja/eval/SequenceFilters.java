package dev.sconce.text.internal.jinja.eval;

import dev.sconce.text.internal.jinja.python.Attributes;
import dev.sconce.text.internal.jinja.python.Comparison;
import dev.sconce.text.internal.jinja.python.Py;
import dev.sconce.text.internal.jinja.python.PyDict;
import dev.sconce.text.internal.jinja.python.PyDictView;
import dev.sconce.text.internal.jinja.python.PyError;
import dev.sconce.text.internal.jinja.python.PyInt;
import dev.sconce.text.internal.jinja.python.PyIterator;
import dev.sconce.text.internal.jinja.python.PyList;
import dev.sconce.text.internal.jinja.python.PyNone;
import dev.sconce.text.internal.jinja.python.PyRepr;
import dev.sconce.text.internal.jinja.python.PyStr;
import dev.sconce.text.internal.jinja.python.PyTuple;
import dev.sconce.text.internal.jinja.python.PyUndefined;
import dev.sconce.text.internal.jinja.python.PyValue;
import dev.sconce.text.internal.jinja.python.Subscript;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;

/** Filters that order, group and take apart sequences and dictionaries. */
final class SequenceFilters {

  private SequenceFilters() {}

  static void register(Filters.Table table) {
    table.add("length", "", (_, value, _) -> PyInt.of(Py.length(value)));
    table.alias("count", "length");
    table.add("list", "", (in, value, _) -> new PyList(Py.list(value, in.budget())));
    table.add("first", "", (_, value, _) -> first(Py.iterate(value), "first"));
    table.add("last", "", (_, value, _) -> first(Py.iterate(Py.reversed(value)), "last"));
    table.add("reverse", "", SequenceFilters::reverse);
    table.add("items", "", (_, value, _) -> items(value));
    table.add("default", "default_value='', boolean=False", (_, value, a) -> orElse(value, a));
    table.alias("d", "default");
    table.add(
        "attr",
        "name",
        (in, value, a) -> Attributes.attributeOnly(value, PyRepr.str(a[0]), in.budget()));
    table.add("join", "d='', attribute=None", SequenceFilters::join);
    table.add("sort", "reverse=False, case_sensitive=False, attribute=None", SequenceFilters::sort);
    table.add(
        "dictsort", "case_sensitive=False, by='key', reverse=False", SequenceFilters::dictSort);
    table.add(
        "min",
        "case_sensitive=False, attribute=None",
        (in, value, a) -> extreme(in, value, a, Comparison.Order.LT));
    table.add(
        "max",
        "case_sensitive=False, attribute=None",
        (in, value, a) -> extreme(in, value, a, Comparison.Order.GT));
    table.add("groupby", "attribute, default=None, case_sensitive=False", SequenceFilters::groupBy);
    table.add("batch", "linecount, fill_with=None", SequenceFilters::batch);
    table.add("slice", "slices, fill_with=None", SequenceFilters::slice);
  }

  private static PyValue first(Iterator<PyValue> elements, String which) {
    return elements.hasNext()
        ? elements.next()
        : PyUndefined.hint("No " + which + " item, sequence was empty.");
  }

  private static PyValue reverse(Evaluator in, PyValue value, PyValue[] none) {
    if (value instanceof PyStr text) {
      return Subscript.slice(text, PyNone.NONE, PyNone.NONE, PyInt.of(-1), in.budget());
    }
    if (value instanceof PyIterator) {
      return new PyList(Py.list(value, in.budget()).reversed());
    }
    if (!Py.isIterable(value)) {
      throw Filters.argument("argument must be iterable");
    }
    return Py.reversed(value);
  }

  private static PyValue items(PyValue value) {
    return new PyIterator(
        switch (value) {
          case PyUndefined _ -> Collections.emptyIterator();
          case PyDict dict -> Py.iterate(new PyDictView(dict, PyDictView.Part.ITEMS));
          default -> throw PyError.type("Can only get item pairs from a mapping.");
        });
  }

  private static PyValue orElse(PyValue value, PyValue[] a) {
    return value instanceof PyUndefined || (Py.truth(a[1]) && !Py.truth(value)) ? a[0] : value;
  }

  private static PyValue join(Evaluator in, PyValue value, PyValue[] a) {
    AttributePath path = a[1] == PyNone.NONE ? null : AttributePath.of(a[1]);
    String separator = PyRepr.str(a[0]);
    StringBuilder out = new StringBuilder();
    boolean first = true;
    for (Iterator<PyValue> items = Py.iterate(value); items.hasNext(); first = false) {
      PyValue item = items.next();
      String text = PyRepr.str(path == null ? item : path.get(in, item));
      in.budget().make(text.length() + (long) separator.length());
      out.append(first ? "" : separator).append(text);
    }
    in.budget().make(out.length());
    return PyStr.of(out.toString());
  }

  /** Lower-cases strings, so that keys compare without regard to case. */
  private static PyValue key(PyValue value, boolean caseSensitive) {
    return !caseSensitive && value instanceof PyStr text
        ? PyStr.of(dev.sconce.text.internal.jinja.python.StrCase.lower(text.value()))
        : value;
  }

  private static PyValue sort(Evaluator in, PyValue value, PyValue[] a) {
    boolean caseSensitive = Py.truth(a[1]);
    List<AttributePath> paths = AttributePath.list(a[2]);
    List<PyValue> items = Py.list(value, in.budget());
    List<PyValue> keys = new ArrayList<>();
    for (PyValue item : items) {
      List<PyValue> parts = new ArrayList<>();
      paths.forEach(path -> parts.add(key(path.get(in, item), caseSensitive)));
      keys.add(new PyList(parts));
    }
    return new PyList(Comparison.sorted(items, keys, Py.truth(a[0])));
  }

  private static PyValue dictSort(Evaluator in, PyValue value, PyValue[] a) {
    int position =
        switch (PyRepr.str(a[1])) {
          case "key" -> 0;
          case "value" -> 1;
          default -> throw Filters.argument("You can only sort by either \"key\" or \"value\"");
        };
    if (value instanceof PyUndefined undefined) {
      throw undefined.error();
    }
    if (!(value instanceof PyDict dict)) {
      throw PyError.type("'" + value.typeName() + "' object has no attribute 'items'");
    }
    boolean caseSensitive = Py.truth(a[0]);
    List<PyValue> items = new PyDictView(dict, PyDictView.Part.ITEMS).elements();
    List<PyValue> keys = new ArrayList<>();
    items.forEach(item -> keys.add(key(((PyTuple) item).items().get(position), caseSensitive)));
    in.budget().make(items.size());
    return new PyList(Comparison.sorted(items, keys, Py.truth(a[2])));
  }

  private static PyValue extreme(
      Evaluator in, PyValue value, PyValue[] a, Comparison.Order better) {
    boolean caseSensitive = Py.truth(a[0]);
    AttributePath path = AttributePath.of(a[1]);
    List<PyValue> items = Py.list(value, in.budget());
    if (items.isEmpty()) {
      return PyUndefined.hint("No aggregated item, sequence was empty.");
    }
    PyValue best = items.getFirst();
    PyValue bestKey = key(path.get(in, best), caseSensitive);
    for (PyValue item : items.subList(1, items.size())) {
      PyValue key = key(path.get(in, item), caseSensitive);
      if (Comparison.ordered(key, better, bestKey)) {
        best = item;
        bestKey = key;
      }
    }
    return best;
  }

  private static PyValue groupBy(Evaluator in, PyValue value, PyValue[] a) {
    boolean caseSensitive = Py.truth(a[2]);
    AttributePath path = AttributePath.of(a[0]).orElse(a[1]);
    List<PyValue> items = Py.list(value, in.budget());
    List<PyValue> keys = new ArrayList<>();
    items.forEach(item -> keys.add(key(path.get(in, item), caseSensitive)));
    List<PyValue> groups = new ArrayList<>();
    List<PyValue> group = new ArrayList<>();
    PyValue groupKey = null;
    for (PyValue item : Comparison.sorted(items, keys, false)) {
      PyValue key = key(path.get(in, item), caseSensitive);
      if (groupKey == null || !Comparison.equal(groupKey, key)) {
        group = new ArrayList<>();
        groupKey = key;
        // The name of a group is the key of its first item, in its own case.
        groups.add(
            new PyTuple(
                List.of(path.get(in, item), new PyList(group)), List.of("grouper", "list")));
      }
      group.add(item);
    }
    return new PyList(groups);
  }

  private static PyValue batch(Evaluator in, PyValue value, PyValue[] a) {
    List<PyValue> items = Py.list(value, in.budget());
    List<PyValue> rows = new ArrayList<>();
    List<PyValue> row = new ArrayList<>();
    for (PyValue item : items) {
      if (Comparison.equal(PyInt.of(row.size()), a[0])) {
        rows.add(new PyList(row));
        row = new ArrayList<>();
      }
      row.add(item);
    }
    if (!row.isEmpty()) {
      if (a[1] != PyNone.NONE
          && Comparison.ordered(PyInt.of(row.size()), Comparison.Order.LT, a[0])) {
        in.budget().make(Counts.of(a[0]));
        while (row.size() < Counts.of(a[0])) {
          row.add(a[1]);
        }
      }
      rows.add(new PyList(row));
    }
    return new PyIterator(rows.iterator());
  }

  private static PyValue slice(Evaluator in, PyValue value, PyValue[] a) {
    List<PyValue> items = Py.list(value, in.budget());
    int slices = Counts.of(a[0]);
    if (slices == 0) {
      throw new PyError(PyError.Kind.ZERO_DIVISION, "integer division or modulo by zero");
    }
    in.budget().make(Math.max(slices, 0));
    List<PyValue> columns = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < slices; i++) {
      boolean extra = i < items.size() % slices;
      int end = start + items.size() / slices + (extra ? 1 : 0);
      List<PyValue> column = new ArrayList<>(items.subList(start, end));
      if (a[1] != PyNone.NONE && !extra) {
        column.add(a[1]);
      }
      columns.add(new PyList(column));
      start = end;
    }
    return new PyIterator(columns.iterator());
  }
}
