package dev.sconce.text.internal.jinja.python;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code value[key]} and {@code value[start:stop:step]}. */
public final class Subscript {

  private Subscript() {}

  /**
   * Returns an element, or null where Python raises a TypeError or LookupError.
   *
   * @throws PyError if the value is undefined
   */
  public static @Nullable PyValue item(PyValue value, PyValue key) {
    return switch (value) {
      case PyUndefined undefined -> throw undefined.error();
      case PyDict dict -> isHashable(key) ? dict.get(key) : null;
      case PyList list -> element(list.items(), key);
      case PyTuple tuple -> element(tuple.items(), key);
      case PyRange range -> element(range.elements(), key);
      case PyStr text -> character(text, key);
      default -> null;
    };
  }

  private static boolean isHashable(PyValue key) {
    return switch (key) {
      case PyList _, PyDict _, PyDictView _, PySet _ -> false;
      case PyTuple tuple -> tuple.items().stream().allMatch(Subscript::isHashable);
      default -> true;
    };
  }

  private static @Nullable PyValue element(List<PyValue> items, PyValue key) {
    BigInteger index = Numbers.integer(key);
    if (index == null || index.bitLength() > 31) {
      return null;
    }
    int i = index.intValue() < 0 ? index.intValue() + items.size() : index.intValue();
    return i < 0 || i >= items.size() ? null : items.get(i);
  }

  private static @Nullable PyValue character(PyStr text, PyValue key) {
    BigInteger index = Numbers.integer(key);
    if (index == null || index.bitLength() > 31) {
      return null;
    }
    int i = index.intValue() < 0 ? index.intValue() + text.length() : index.intValue();
    if (i < 0 || i >= text.length()) {
      return null;
    }
    int start = text.value().offsetByCodePoints(0, i);
    int end = text.value().offsetByCodePoints(start, 1);
    return text.like(text.value().substring(start, end));
  }

  /** Returns a slice; absent bounds are None. */
  public static PyValue slice(
      PyValue value, PyValue start, PyValue stop, PyValue step, Budget budget) {
    return switch (value) {
      case PyStr text -> {
        Bounds bounds = Bounds.of(start, stop, step, text.length());
        budget.make(bounds.count);
        yield text.like(slice(text.value(), bounds));
      }
      case PyList list -> new PyList(slice(list.items(), start, stop, step, budget));
      case PyTuple tuple -> new PyTuple(slice(tuple.items(), start, stop, step, budget));
      case PyRange range -> {
        Bounds bounds = Bounds.of(start, stop, step, range.size());
        BigInteger first =
            range.start().add(range.step().multiply(BigInteger.valueOf(bounds.start)));
        BigInteger distance = range.step().multiply(BigInteger.valueOf(bounds.step));
        yield new PyRange(
            first,
            range.start().add(range.step().multiply(BigInteger.valueOf(bounds.stop))),
            distance,
            bounds.count);
      }
      case PyUndefined undefined -> throw undefined.error();
      case PyDict _ -> throw PyError.type("unhashable type: 'slice'");
      default -> throw PyError.type("'" + value.typeName() + "' object is not subscriptable");
    };
  }

  private static List<PyValue> slice(
      List<PyValue> items, PyValue start, PyValue stop, PyValue step, Budget budget) {
    Bounds bounds = Bounds.of(start, stop, step, items.size());
    budget.make(bounds.count);
    List<PyValue> result = new ArrayList<>(bounds.count);
    for (int k = 0; k < bounds.count; k++) {
      result.add(items.get(bounds.at(k)));
    }
    return result;
  }

  private static String slice(String text, Bounds bounds) {
    if (bounds.count == 0) {
      return "";
    }
    if (bounds.step == 1) {
      int from = text.offsetByCodePoints(0, bounds.start);
      return text.substring(from, text.offsetByCodePoints(from, bounds.count));
    }
    int[] codePoints = text.codePoints().toArray();
    StringBuilder out = new StringBuilder(bounds.count);
    for (int k = 0; k < bounds.count; k++) {
      out.appendCodePoint(codePoints[bounds.at(k)]);
    }
    return out.toString();
  }

  /** The normalised bounds of a slice, as CPython's PySlice_AdjustIndices computes them. */
  private record Bounds(int start, int stop, int step, int count) {

    private static final String WRONG =
        "slice indices must be integers or None or have an __index__ method";

    static Bounds of(PyValue start, PyValue stop, PyValue step, int length) {
      int by = step == PyNone.NONE ? 1 : Numbers.index(step, WRONG);
      if (by == 0) {
        throw PyError.value("slice step cannot be zero");
      }
      int low = by < 0 ? -1 : 0;
      int high = by < 0 ? length - 1 : length;
      int from = start == PyNone.NONE ? (by < 0 ? high : low) : clamp(start, length, low, high);
      int to = stop == PyNone.NONE ? (by < 0 ? low : high) : clamp(stop, length, low, high);
      long span = by < 0 ? (long) from - to : (long) to - from;
      int count = span <= 0 ? 0 : (int) ((span - 1) / Math.abs((long) by) + 1);
      return new Bounds(from, to, by, count);
    }

    private static int clamp(PyValue bound, int length, int low, int high) {
      long index = Numbers.index(bound, WRONG);
      return Math.clamp(index < 0 ? index + length : index, low, high);
    }

    int at(int k) {
      return (int) (start + (long) k * step);
    }
  }
}
