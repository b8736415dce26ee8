package dev.sconce.text.internal.jinja.python;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/** Truth, length and iteration. */
public final class Py {

  private Py() {}

  /** Returns what {@code bool} returns. */
  public static boolean truth(PyValue value) {
    return switch (value) {
      case PyNone _, PyUndefined _ -> false;
      case PyBool bool -> bool.value();
      case PyInt number -> number.value().signum() != 0;
      case PyFloat number -> number.value() != 0;
      case PyStr string -> !string.value().isEmpty();
      case PyList list -> !list.items().isEmpty();
      case PyTuple tuple -> !tuple.items().isEmpty();
      case PyDict dict -> !dict.entries().isEmpty();
      case PyDictView view -> !view.dict().entries().isEmpty();
      case PyRange range -> range.size() != 0;
      case PyIterator _ -> true;
      case PyObject object -> object.length() != 0;
    };
  }

  /** Returns what {@code len} returns, or -1 for a value without length. */
  public static int lengthOrNone(PyValue value) {
    return switch (value) {
      case PyStr string -> string.length();
      case PyList list -> list.items().size();
      case PyTuple tuple -> tuple.items().size();
      case PyDict dict -> dict.entries().size();
      case PyDictView view -> view.dict().entries().size();
      case PyRange range -> range.size();
      case PyUndefined _ -> 0;
      case PyObject object -> object.length();
      case PyNone _, PyBool _, PyInt _, PyFloat _, PyIterator _ -> -1;
    };
  }

  /** Returns what {@code len} returns. */
  public static int length(PyValue value) {
    int length = lengthOrNone(value);
    if (length < 0) {
      throw PyError.type("object of type '" + value.typeName() + "' has no len()");
    }
    return length;
  }

  /** Returns whether a value can be iterated. */
  public static boolean isIterable(PyValue value) {
    return switch (value) {
      case PyNone _, PyBool _, PyInt _, PyFloat _ -> false;
      case PyObject object -> object.iterator() != null;
      default -> true;
    };
  }

  /** Returns an iterator over the elements of a value. */
  public static Iterator<PyValue> iterate(PyValue value) {
    return switch (value) {
      case PyStr string -> characters(string);
      case PyList list -> list.items().iterator();
      case PyTuple tuple -> tuple.items().iterator();
      case PyDict dict -> dict.entries().keySet().iterator();
      case PyDictView view -> view.elements().iterator();
      case PyRange range -> range.elements().iterator();
      case PyIterator iterator -> iterator.elements();
      case PyUndefined _ -> Collections.emptyIterator();
      case PyObject object -> {
        Iterator<PyValue> iterator = object.iterator();
        if (iterator == null) {
          throw notIterable(value);
        }
        yield iterator;
      }
      case PyNone _, PyBool _, PyInt _, PyFloat _ -> throw notIterable(value);
    };
  }

  private static PyError notIterable(PyValue value) {
    return PyError.type("'" + value.typeName() + "' object is not iterable");
  }

  private static Iterator<PyValue> characters(PyStr string) {
    String text = string.value();
    return new Iterator<>() {
      private int at;

      @Override
      public boolean hasNext() {
        return at < text.length();
      }

      @Override
      public PyValue next() {
        if (at >= text.length()) {
          throw new NoSuchElementException();
        }
        int end = at + Character.charCount(text.codePointAt(at));
        // Iterating over markup gives plain characters; only indexing gives markup.
        PyValue character = PyStr.of(text.substring(at, end));
        at = end;
        return character;
      }
    };
  }

  /** Returns the elements of a value as a new list. */
  public static List<PyValue> list(PyValue value, Budget budget) {
    int length = lengthOrNone(value);
    List<PyValue> items = new ArrayList<>(Math.clamp(length, 0, 1 << 16));
    Iterator<PyValue> elements = iterate(value);
    while (elements.hasNext()) {
      budget.make(1);
      items.add(elements.next());
      if ((items.size() & 0xFFFF) == 0) {
        budget.make(items.size());
      }
    }
    return items;
  }

  /** Returns the elements in reverse order, as {@code reversed}. */
  public static PyValue reversed(PyValue value) {
    List<PyValue> items =
        switch (value) {
          case PyList list -> list.items();
          case PyTuple tuple -> tuple.items();
          case PyRange range -> range.elements();
          case PyDictView view -> view.elements();
          case PyDict dict -> List.copyOf(dict.entries().keySet());
          case PyUndefined _ -> List.<PyValue>of();
          case PyStr string -> {
            List<PyValue> characters = new ArrayList<>();
            characters(string).forEachRemaining(characters::add);
            yield characters;
          }
          default -> throw PyError.type("'" + value.typeName() + "' object is not reversible");
        };
    return new PyIterator("reversed", items.reversed().iterator());
  }

  /** Returns what {@code range} makes of its one to three arguments. */
  public static PyRange range(List<PyValue> arguments, int maxSize) {
    if (arguments.isEmpty() || arguments.size() > 3) {
      throw PyError.type("range expected 1 to 3 arguments, got " + arguments.size());
    }
    List<BigInteger> numbers = new ArrayList<>();
    for (PyValue argument : arguments) {
      BigInteger number = Numbers.integer(argument);
      if (number == null) {
        throw PyError.type(
            "'" + argument.typeName() + "' object cannot be interpreted as an integer");
      }
      numbers.add(number);
    }
    BigInteger start = numbers.size() == 1 ? BigInteger.ZERO : numbers.get(0);
    BigInteger stop = numbers.size() == 1 ? numbers.get(0) : numbers.get(1);
    BigInteger step = numbers.size() < 3 ? BigInteger.ONE : numbers.get(2);
    if (step.signum() == 0) {
      throw PyError.value("range() arg 3 must not be zero");
    }
    BigInteger span = step.signum() > 0 ? stop.subtract(start) : start.subtract(stop);
    BigInteger size =
        span.signum() <= 0
            ? BigInteger.ZERO
            : span.subtract(BigInteger.ONE).divide(step.abs()).add(BigInteger.ONE);
    if (size.compareTo(BigInteger.valueOf(maxSize)) > 0) {
      throw new PyError(
          PyError.Kind.OVERFLOW,
          "Range too big. The sandbox blocks ranges larger than MAX_RANGE (" + maxSize + ").");
    }
    return new PyRange(start, stop, step, size.intValue());
  }
}
