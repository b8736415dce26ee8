package dev.sconce.text.internal.jinja.eval;

import dev.sconce.text.internal.jinja.python.Arithmetic;
import dev.sconce.text.internal.jinja.python.Py;
import dev.sconce.text.internal.jinja.python.PyError;
import dev.sconce.text.internal.jinja.python.PyInt;
import dev.sconce.text.internal.jinja.python.PyNone;
import dev.sconce.text.internal.jinja.python.PyNumbers;
import dev.sconce.text.internal.jinja.python.PyRepr;
import dev.sconce.text.internal.jinja.python.PyStr;
import dev.sconce.text.internal.jinja.python.PyValue;
import java.util.Iterator;
import java.util.List;

/** Filters on numbers. */
final class NumberFilters {

  private static final List<String> DECIMAL =
      List.of("kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB");

  private NumberFilters() {}

  static void register(Filters.Table table) {
    table.add("abs", "", (_, value, _) -> Arithmetic.absolute(value));
    table.add("int", "default=0, base=10", NumberFilters::integer);
    table.add("float", "default=0.0", (_, value, a) -> real(value, a[0]));
    table.add("round", "precision=0, method='common'", NumberFilters::round);
    table.add("sum", "attribute=None, start=0", NumberFilters::sum);
    table.add("filesizeformat", "binary=False", NumberFilters::fileSize);
  }

  private static PyValue integer(Evaluator in, PyValue value, PyValue[] a) {
    PyValue result =
        value instanceof PyStr text
            ? PyNumbers.parseInteger(text.value(), Counts.of(a[1]))
            : PyNumbers.toInteger(value);
    if (result != null) {
      return result;
    }
    // "42.23" becomes 42 too.
    PyValue number = PyNumbers.toFloat(value);
    if (number == null) {
      return a[0];
    }
    try {
      PyValue whole = PyNumbers.toInteger(number);
      return whole == null ? a[0] : whole;
    } catch (PyError e) {
      if (e.kind() == PyError.Kind.OVERFLOW) {
        return a[0];
      }
      throw e;
    }
  }

  private static PyValue real(PyValue value, PyValue fallback) {
    PyValue number = PyNumbers.toFloat(value);
    return number == null ? fallback : number;
  }

  private static PyValue round(Evaluator in, PyValue value, PyValue[] a) {
    String method = PyRepr.str(a[1]);
    if (method.equals("common")) {
      return PyNumbers.round(value, a[0]);
    }
    if (!method.equals("ceil") && !method.equals("floor")) {
      throw Filters.argument("method must be common, ceil or floor");
    }
    PyValue scale = Arithmetic.apply(Arithmetic.Operator.POWER, PyInt.of(10), a[0], in.budget());
    PyValue scaled = Arithmetic.apply(Arithmetic.Operator.MULTIPLY, value, scale, in.budget());
    PyValue whole = PyNumbers.toWhole(scaled, method.equals("ceil"));
    return Arithmetic.apply(Arithmetic.Operator.DIVIDE, whole, scale, in.budget());
  }

  private static PyValue sum(Evaluator in, PyValue value, PyValue[] a) {
    if (a[1] instanceof PyStr) {
      throw PyError.type("sum() can't sum strings [use ''.join(seq) instead]");
    }
    AttributePath path = a[0] == PyNone.NONE ? null : AttributePath.of(a[0]);
    PyValue total = a[1];
    for (Iterator<PyValue> items = Py.iterate(value); items.hasNext(); ) {
      in.budget().step();
      PyValue item = items.next();
      total =
          Arithmetic.apply(
              Arithmetic.Operator.ADD,
              total,
              path == null ? item : path.get(in, item),
              in.budget());
    }
    return total;
  }

  private static PyValue fileSize(Evaluator in, PyValue value, PyValue[] a) {
    PyValue number = PyNumbers.toFloat(value);
    if (number == null) {
      throw PyError.value("could not convert to float: " + PyRepr.of(value));
    }
    double bytes = PyNumbers.doubleValue(number);
    boolean binary = Py.truth(a[0]);
    double base = binary ? 1024 : 1000;
    if (bytes == 1) {
      return PyStr.of("1 Byte");
    }
    if (bytes < base) {
      return PyStr.of(PyRepr.str(PyNumbers.toWhole(number, bytes < 0)) + " Bytes");
    }
    double unit = base;
    int i = 0;
    while (i < DECIMAL.size() - 1 && bytes >= unit * base) {
      unit *= base;
      i++;
    }
    String prefix = DECIMAL.get(i);
    String name = binary ? Character.toUpperCase(prefix.charAt(0)) + "iB" : prefix;
    // The same order of operations as Jinja's, for the same rounding.
    return PyStr.of(PyNumbers.fixed(base * bytes / (unit * base), 1) + " " + name);
  }
}
