package dev.sconce.text.internal.jinja.eval;

import dev.sconce.text.internal.jinja.python.Arithmetic;
import dev.sconce.text.internal.jinja.python.CallArguments;
import dev.sconce.text.internal.jinja.python.Comparison;
import dev.sconce.text.internal.jinja.python.Py;
import dev.sconce.text.internal.jinja.python.PyBool;
import dev.sconce.text.internal.jinja.python.PyDict;
import dev.sconce.text.internal.jinja.python.PyFloat;
import dev.sconce.text.internal.jinja.python.PyInt;
import dev.sconce.text.internal.jinja.python.PyList;
import dev.sconce.text.internal.jinja.python.PyNone;
import dev.sconce.text.internal.jinja.python.PyObject;
import dev.sconce.text.internal.jinja.python.PyRange;
import dev.sconce.text.internal.jinja.python.PyRepr;
import dev.sconce.text.internal.jinja.python.PyStr;
import dev.sconce.text.internal.jinja.python.PyTuple;
import dev.sconce.text.internal.jinja.python.PyUndefined;
import dev.sconce.text.internal.jinja.python.PyValue;
import dev.sconce.text.internal.jinja.python.Signature;
import dev.sconce.text.internal.jinja.python.StrCase;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/** The table of tests: everything that Jinja 3.1 has. */
final class Tests {

  private static final Map<String, Test> ALL = table();

  private Tests() {}

  /** A test. */
  @FunctionalInterface
  interface Test {
    /** Returns whether the test holds; the arguments come without the input. */
    boolean holds(Evaluator evaluator, PyValue input, CallArguments arguments);
  }

  /** Returns all tests by name. */
  static Map<String, Test> all() {
    return ALL;
  }

  private static Map<String, Test> table() {
    Map<String, Test> tests = new HashMap<>();
    tests.put("odd", (in, value, a) -> remainder(in, value, none("odd", a), 2, 1));
    tests.put("even", (in, value, a) -> remainder(in, value, none("even", a), 2, 0));
    Signature divisor = Signature.of("divisibleby", "num");
    tests.put("divisibleby", (in, value, a) -> divisible(in, value, divisor.bind(a)[0]));
    unary(tests, "defined", value -> !(value instanceof PyUndefined));
    unary(tests, "undefined", value -> value instanceof PyUndefined);
    unary(tests, "none", value -> value == PyNone.NONE);
    unary(tests, "boolean", value -> value instanceof PyBool);
    unary(tests, "true", value -> value instanceof PyBool bool && bool.value());
    unary(tests, "false", value -> value instanceof PyBool bool && !bool.value());
    unary(tests, "integer", value -> value instanceof PyInt);
    unary(tests, "float", value -> value instanceof PyFloat);
    unary(
        tests,
        "number",
        value -> value instanceof PyInt || value instanceof PyFloat || value instanceof PyBool);
    unary(tests, "string", value -> value instanceof PyStr);
    unary(tests, "mapping", value -> value instanceof PyDict);
    unary(tests, "sequence", Tests::isSequence);
    unary(tests, "iterable", Py::isIterable);
    unary(
        tests,
        "callable",
        value ->
            value instanceof PyUndefined
                || (value instanceof PyObject object && object.isCallable()));
    unary(tests, "escaped", value -> value instanceof PyStr text && text.isMarkup());
    unary(tests, "lower", value -> StrCase.isLower(PyRepr.str(value)));
    unary(tests, "upper", value -> StrCase.isUpper(PyRepr.str(value)));
    unary(tests, "filter", value -> Filters.all().containsKey(name(value)));
    unary(tests, "test", value -> all().containsKey(name(value)));
    binary(tests, Comparison::identical, "sameas");
    binary(tests, (value, other) -> Comparison.contains(other, value), "in");
    binary(tests, Comparison::equal, "==", "eq", "equalto");
    binary(tests, (value, other) -> !Comparison.equal(value, other), "!=", "ne");
    order(tests, Comparison.Order.GT, ">", "gt", "greaterthan");
    order(tests, Comparison.Order.GE, ">=", "ge");
    order(tests, Comparison.Order.LT, "<", "lt", "lessthan");
    order(tests, Comparison.Order.LE, "<=", "le");
    return Collections.unmodifiableMap(tests);
  }

  private static void unary(Map<String, Test> tests, String name, Predicate<PyValue> test) {
    tests.put(name, (_, value, arguments) -> none(name, arguments) && test.test(value));
  }

  private static boolean none(String name, CallArguments arguments) {
    Signature.of(name, "").bind(arguments);
    return true;
  }

  private static void binary(
      Map<String, Test> tests, BiPredicate<PyValue, PyValue> test, String... names) {
    Signature signature = Signature.of(names[0], "other");
    for (String name : names) {
      tests.put(name, (_, value, arguments) -> test.test(value, signature.bind(arguments)[0]));
    }
  }

  private static void order(Map<String, Test> tests, Comparison.Order order, String... names) {
    binary(tests, (value, other) -> Comparison.ordered(value, order, other), names);
  }

  private static boolean remainder(
      Evaluator in, PyValue value, boolean valid, long divisor, long expected) {
    PyValue remainder =
        Arithmetic.apply(Arithmetic.Operator.MODULO, value, PyInt.of(divisor), in.budget());
    return valid && Comparison.equal(remainder, PyInt.of(expected));
  }

  private static boolean divisible(Evaluator in, PyValue value, PyValue divisor) {
    PyValue remainder = Arithmetic.apply(Arithmetic.Operator.MODULO, value, divisor, in.budget());
    return Comparison.equal(remainder, PyInt.of(0));
  }

  private static boolean isSequence(PyValue value) {
    return switch (value) {
      case PyStr _, PyList _, PyTuple _, PyDict _, PyRange _, PyUndefined _ -> true;
      default -> false;
    };
  }

  private static String name(PyValue value) {
    if (value instanceof PyStr text) {
      return text.value();
    }
    // Other values are looked up too, which needs a hash, and are not found.
    return new PyDict().get(value) == null ? "" : PyRepr.str(value);
  }
}
