package dev.sconce.text.internal.jinja.python;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/** Equality, order and membership. */
public final class Comparison {

  /** The four orderings. */
  public enum Order {
    /** Less. */
    LT("<"),
    /** Less or equal. */
    LE("<="),
    /** Greater. */
    GT(">"),
    /** Greater or equal. */
    GE(">=");

    private final String symbol;

    Order(String symbol) {
      this.symbol = symbol;
    }

    private boolean holds(int comparison) {
      return switch (this) {
        case LT -> comparison < 0;
        case LE -> comparison <= 0;
        case GT -> comparison > 0;
        case GE -> comparison >= 0;
      };
    }
  }

  private Comparison() {}

  /** Returns whether two values are equal. */
  public static boolean equal(PyValue left, PyValue right) {
    Set<PyValue> leftSet = PySet.view(left);
    if (leftSet != null) {
      return leftSet.equals(PySet.view(right));
    }
    if (left instanceof PyRange a && right instanceof PyRange b) {
      return a.elements().equals(b.elements());
    }
    return left.equals(right);
  }

  /** Returns whether two values stand in an order; a TypeError if they have none. */
  public static boolean ordered(PyValue left, Order order, PyValue right) {
    if (Numbers.isNumber(left) && Numbers.isNumber(right)) {
      Integer comparison = Numbers.compare(left, right);
      return comparison != null && order.holds(comparison);
    }
    if (left instanceof PyStr a && right instanceof PyStr b) {
      return order.holds(compareText(a.value(), b.value()));
    }
    if (left instanceof PyList a && right instanceof PyList b) {
      return sequences(a.items(), order, b.items());
    }
    if (left instanceof PyTuple a && right instanceof PyTuple b) {
      return sequences(a.items(), order, b.items());
    }
    Set<PyValue> leftSet = PySet.view(left);
    Set<PyValue> rightSet = PySet.view(right);
    if (leftSet != null && rightSet != null) {
      return subsets(leftSet, order, rightSet);
    }
    if (left instanceof PyUndefined undefined) {
      throw undefined.error();
    }
    if (right instanceof PyUndefined undefined) {
      throw undefined.error();
    }
    throw PyError.type(
        "'%s' not supported between instances of '%s' and '%s'"
            .formatted(order.symbol, left.typeName(), right.typeName()));
  }

  private static boolean subsets(Set<PyValue> left, Order order, Set<PyValue> right) {
    return switch (order) {
      case LT -> left.size() < right.size() && right.containsAll(left);
      case LE -> right.containsAll(left);
      case GT -> left.size() > right.size() && left.containsAll(right);
      case GE -> left.containsAll(right);
    };
  }

  private static boolean sequences(List<PyValue> left, Order order, List<PyValue> right) {
    int common = Math.min(left.size(), right.size());
    for (int i = 0; i < common; i++) {
      if (!same(left.get(i), right.get(i))) {
        return ordered(left.get(i), order, right.get(i));
      }
    }
    return order.holds(Integer.compare(left.size(), right.size()));
  }

  /** Compares by code points; UTF-16 order differs above the surrogates. */
  private static int compareText(String left, String right) {
    int common = Math.min(left.length(), right.length());
    for (int i = 0; i < common; i++) {
      char a = left.charAt(i);
      char b = right.charAt(i);
      if (a != b) {
        boolean surrogateA = Character.isSurrogate(a);
        boolean surrogateB = Character.isSurrogate(b);
        if (surrogateA == surrogateB) {
          return Character.compare(a, b);
        }
        return surrogateA ? 1 : -1;
      }
    }
    return Integer.compare(left.length(), right.length());
  }

  /** Identity or equality, as containers compare. */
  @SuppressWarnings("ReferenceEquality") // identity is what Python asks first
  private static boolean same(PyValue left, PyValue right) {
    return left == right || equal(left, right);
  }

  /** Returns whether {@code item in container}. */
  public static boolean contains(PyValue container, PyValue item) {
    return switch (container) {
      case PyStr text -> {
        if (!(item instanceof PyStr part)) {
          throw PyError.type(
              "'in <string>' requires string as left operand, not " + item.typeName());
        }
        yield text.value().contains(part.value());
      }
      case PyDict dict -> dict.get(item) != null;
      case PyDictView view when view.part() == PyDictView.Part.KEYS ->
          view.dict().get(item) != null;
      case PyNone _, PyBool _, PyInt _, PyFloat _ ->
          throw PyError.type("argument of type '" + container.typeName() + "' is not iterable");
      case PyObject object when object.iterator() == null ->
          throw PyError.type("argument of type '" + container.typeName() + "' is not iterable");
      default -> {
        Iterator<PyValue> elements = Py.iterate(container);
        while (elements.hasNext()) {
          if (same(elements.next(), item)) {
            yield true;
          }
        }
        yield false;
      }
    };
  }

  /** Returns whether two values are one object, as far as a template can tell in CPython. */
  @SuppressWarnings("ReferenceEquality") // identity is the question
  public static boolean identical(PyValue left, PyValue right) {
    if (left == right) {
      return true;
    }
    if (left instanceof PyInt a && right instanceof PyInt b) {
      // CPython keeps one object for each integer from -5 to 256.
      return a.value().equals(b.value())
          && a.value().bitLength() <= 9
          && a.value().intValue() >= -5
          && a.value().intValue() <= 256;
    }
    // Literals and single characters are interned.
    return left instanceof PyStr a
        && right instanceof PyStr b
        && a.isMarkup() == b.isMarkup()
        && a.equals(b);
  }

  /**
   * Returns the items in the order of their keys, stable; {@code reverse} keeps the order of equals
   * too.
   */
  public static List<PyValue> sorted(
      List<PyValue> items, List<? extends PyValue> keys, boolean reverse) {
    int n = items.size();
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      order[i] = reverse ? n - 1 - i : i;
    }
    mergeSort(order, new int[n], 0, n, keys);
    List<PyValue> result = new ArrayList<>(n);
    for (int index : order) {
      result.add(items.get(index));
    }
    return reverse ? result.reversed() : result;
  }

  // A sort of our own: Java's may throw on keys without total order, such as NaN.
  private static void mergeSort(
      int[] order, int[] work, int from, int to, List<? extends PyValue> keys) {
    if (to - from < 2) {
      return;
    }
    int middle = (from + to) >>> 1;
    mergeSort(order, work, from, middle, keys);
    mergeSort(order, work, middle, to, keys);
    int a = from;
    int b = middle;
    for (int i = from; i < to; i++) {
      boolean takeRight =
          a == middle || (b < to && ordered(keys.get(order[b]), Order.LT, keys.get(order[a])));
      work[i] = takeRight ? order[b++] : order[a++];
    }
    System.arraycopy(work, from, order, from, to - from);
  }
}
