package dev.sconce.text.internal.jinja.python;

import java.math.BigInteger;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Attribute and item look-up as Jinja's immutable sandbox does it. */
public final class Attributes {

  /** What every Python object has; the sandbox lets none of it through. */
  private static final Set<String> PRIVATE =
      Set.of(
          "__class__",
          "__delattr__",
          "__dir__",
          "__doc__",
          "__eq__",
          "__format__",
          "__ge__",
          "__getattribute__",
          "__getstate__",
          "__gt__",
          "__hash__",
          "__init__",
          "__init_subclass__",
          "__le__",
          "__lt__",
          "__ne__",
          "__new__",
          "__reduce__",
          "__reduce_ex__",
          "__repr__",
          "__setattr__",
          "__sizeof__",
          "__str__",
          "__subclasshook__");

  private static final Set<String> LIST_MUTATORS =
      Set.of("append", "clear", "pop", "reverse", "insert", "sort", "extend", "remove");

  private static final Set<String> DICT_MUTATORS =
      Set.of("clear", "pop", "popitem", "setdefault", "update");

  private static final Signature GET = Signature.of("get", "key, default=None, /");
  private static final Signature FROM_KEYS = Signature.of("fromkeys", "iterable, value=None, /");
  private static final Signature INDEX = Signature.of("index", "value, start=0, stop=None, /");
  private static final Signature COUNT = Signature.of("count", "value, /");
  private static final Signature NONE = Signature.of("method", "");

  private Attributes() {}

  /** Returns {@code value.name}: the attribute, else the item of that key, else undefined. */
  public static PyValue getAttribute(PyValue value, String name, Budget budget) {
    PyValue attribute = attribute(value, name, budget);
    if (attribute != null) {
      return attribute;
    }
    PyStr key = PyStr.of(name);
    PyValue item = Subscript.item(value, key);
    return item != null ? item : PyUndefined.member(value, key);
  }

  /** Returns {@code value[key]}: the item, else the attribute of that name, else undefined. */
  public static PyValue getItem(PyValue value, PyValue key, Budget budget) {
    PyValue item = Subscript.item(value, key);
    if (item == null && key instanceof PyStr name) {
      item = attribute(value, name.value(), budget);
    }
    return item != null ? item : PyUndefined.member(value, key);
  }

  /** Returns the attribute as the filter {@code attr} sees it: never an item. */
  public static PyValue attributeOnly(PyValue value, String name, Budget budget) {
    PyValue attribute = attribute(value, name, budget);
    return attribute != null ? attribute : PyUndefined.member(value, PyStr.of(name));
  }

  /** Returns an attribute, the undefined value of one that is forbidden, or null. */
  private static @Nullable PyValue attribute(PyValue value, String name, Budget budget) {
    if (PRIVATE.contains(name)) {
      return PyUndefined.unsafe(value, name);
    }
    return switch (value) {
      case PyStr text -> StrMethods.bind(text, name, budget);
      case PyList list ->
          LIST_MUTATORS.contains(name)
              ? PyUndefined.unsafe(value, name)
              : sequence(list.items(), name, list);
      case PyTuple tuple -> {
        int named = tuple.names().indexOf(name);
        yield named >= 0 ? tuple.items().get(named) : sequence(tuple.items(), name, tuple);
      }
      case PyDict dict ->
          DICT_MUTATORS.contains(name) ? PyUndefined.unsafe(value, name) : dict(dict, name, budget);
      case PyDictView view -> name.equals("mapping") ? view.dict() : null;
      case PyRange range ->
          switch (name) {
            case "start" -> new PyInt(range.start());
            case "stop" -> new PyInt(range.stop());
            case "step" -> new PyInt(range.step());
            default -> sequence(range.elements(), name, range);
          };
      case PyInt number -> integer(number.value(), name);
      case PyBool bool -> integer(bool.asInteger(), name);
      case PyFloat number -> real(number.value(), name);
      case PyObject object -> object.attribute(name);
      case PyUndefined undefined -> throw undefined.error();
      case PyNone _, PyIterator _ -> null;
    };
  }

  private static PyFunction method(String name, Function<CallArguments, PyValue> body) {
    return new PyFunction(name, PyFunction.Kind.METHOD, body);
  }

  private static PyFunction method(
      String name, Signature signature, Function<PyValue[], PyValue> body) {
    return method(name, call -> body.apply(signature.bind(call)));
  }

  private static @Nullable PyValue sequence(List<PyValue> items, String name, PyValue self) {
    return switch (name) {
      case "index" -> method(name, INDEX, arguments -> index(items, arguments, self));
      case "count" ->
          method(
              name,
              COUNT,
              arguments ->
                  PyInt.of(items.stream().filter(i -> Comparison.equal(i, arguments[0])).count()));
      case "copy" -> self instanceof PyList ? method(name, NONE, _ -> self) : null;
      default -> null;
    };
  }

  private static PyValue index(List<PyValue> items, PyValue[] arguments, PyValue self) {
    int size = items.size();
    long start = Numbers.index(arguments[1]);
    long stop = arguments[2] == PyNone.NONE ? size : Numbers.index(arguments[2]);
    start = Math.max(0, start < 0 ? start + size : start);
    stop = Math.min(size, stop < 0 ? stop + size : stop);
    for (int i = (int) Math.min(start, size); i < stop; i++) {
      if (Comparison.equal(items.get(i), arguments[0])) {
        return PyInt.of(i);
      }
    }
    throw PyError.value(PyRepr.of(arguments[0]) + " is not in " + self.typeName());
  }

  private static @Nullable PyValue dict(PyDict dict, String name, Budget budget) {
    return switch (name) {
      case "items" -> method(name, NONE, _ -> new PyDictView(dict, PyDictView.Part.ITEMS));
      case "keys" -> method(name, NONE, _ -> new PyDictView(dict, PyDictView.Part.KEYS));
      case "values" -> method(name, NONE, _ -> new PyDictView(dict, PyDictView.Part.VALUES));
      case "copy" -> method(name, NONE, _ -> dict);
      case "get" ->
          method(
              name,
              GET,
              arguments -> {
                PyValue found = dict.get(arguments[0]);
                return found == null ? arguments[1] : found;
              });
      case "fromkeys" -> fromKeys(budget);
      default -> null;
    };
  }

  /** Returns {@code dict.fromkeys}. */
  public static PyValue fromKeys(Budget budget) {
    return method(
        "fromkeys",
        FROM_KEYS,
        arguments -> {
          PyDict made = new PyDict();
          Py.list(arguments[0], budget).forEach(key -> made.put(key, arguments[1]));
          return made;
        });
  }

  private static @Nullable PyValue integer(BigInteger value, String name) {
    return switch (name) {
      case "real", "numerator" -> new PyInt(value);
      case "imag" -> PyInt.of(0);
      case "denominator" -> PyInt.of(1);
      case "conjugate" -> method(name, NONE, _ -> new PyInt(value));
      case "bit_length" -> method(name, NONE, _ -> PyInt.of(value.abs().bitLength()));
      case "bit_count" -> method(name, NONE, _ -> PyInt.of(value.abs().bitCount()));
      default -> null;
    };
  }

  private static @Nullable PyValue real(double value, String name) {
    return switch (name) {
      case "real" -> new PyFloat(value);
      case "imag" -> new PyFloat(0);
      case "conjugate" -> method(name, NONE, _ -> new PyFloat(value));
      case "is_integer" ->
          method(name, NONE, _ -> PyBool.of(Double.isFinite(value) && value == Math.rint(value)));
      default -> null;
    };
  }
}
