package dev.sconce.text.internal.jinja.python;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code json.dumps}. */
public final class JsonDump {

  private final boolean ascii;
  private final boolean sortKeys;
  private final @Nullable String indent;
  private final String itemSeparator;
  private final String keySeparator;
  private final Budget budget;
  private final StringBuilder out = new StringBuilder();

  private JsonDump(
      boolean ascii,
      boolean sortKeys,
      @Nullable String indent,
      String itemSeparator,
      String keySeparator,
      Budget budget) {
    this.ascii = ascii;
    this.sortKeys = sortKeys;
    this.indent = indent;
    this.itemSeparator = itemSeparator;
    this.keySeparator = keySeparator;
    this.budget = budget;
  }

  /**
   * Returns a value as JSON.
   *
   * @param indent None for one line, a number of spaces or a string
   * @param separators None or a pair of item and key separator
   */
  public static String dumps(
      PyValue value,
      boolean ascii,
      PyValue indent,
      PyValue separators,
      boolean sortKeys,
      Budget budget) {
    String indentation =
        switch (indent) {
          case PyNone _ -> null;
          case PyStr text -> text.value();
          default -> {
            int width = Math.max(0, Numbers.index(indent));
            budget.make(width);
            yield " ".repeat(width);
          }
        };
    String item = indentation == null ? ", " : ",";
    String key = ": ";
    if (separators != PyNone.NONE) {
      List<PyValue> pair = Py.list(separators, budget);
      if (pair.size() != 2) {
        throw PyError.value("separators: expected 2 values, got " + pair.size());
      }
      item = StrMethods.text(pair.get(0));
      key = StrMethods.text(pair.get(1));
    }
    JsonDump dump = new JsonDump(ascii, sortKeys, indentation, item, key, budget);
    dump.value(value, 0);
    return dump.out.toString();
  }

  private void value(PyValue value, int level) {
    budget.step();
    switch (value) {
      case PyNone _ -> out.append("null");
      case PyBool bool -> out.append(bool.value());
      case PyInt number -> out.append(FloatText.repr(number.value()));
      case PyFloat number -> out.append(number(number.value()));
      case PyStr text -> quote(text.value());
      case PyList list -> array(list.items(), level);
      case PyTuple tuple -> array(tuple.items(), level);
      case PyDict dict -> object(dict, level);
      default ->
          throw PyError.type("Object of type " + value.typeName() + " is not JSON serializable");
    }
  }

  private static String number(double value) {
    if (Double.isNaN(value)) {
      return "NaN";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "Infinity" : "-Infinity";
    }
    return FloatText.repr(value);
  }

  private void array(List<PyValue> items, int level) {
    if (items.isEmpty()) {
      out.append("[]");
      return;
    }
    out.append('[');
    for (int i = 0; i < items.size(); i++) {
      out.append(i == 0 ? "" : itemSeparator);
      newLine(level + 1);
      value(items.get(i), level + 1);
    }
    newLine(level);
    out.append(']');
  }

  private void object(PyDict dict, int level) {
    if (dict.entries().isEmpty()) {
      out.append("{}");
      return;
    }
    out.append('{');
    boolean first = true;
    for (PyValue key : keys(dict)) {
      out.append(first ? "" : itemSeparator);
      first = false;
      newLine(level + 1);
      quote(keyText(key));
      out.append(keySeparator);
      value(valueOf(dict, key), level + 1);
    }
    newLine(level);
    out.append('}');
  }

  private static PyValue valueOf(PyDict dict, PyValue key) {
    PyValue value = dict.get(key);
    return value == null ? PyNone.NONE : value;
  }

  private List<PyValue> keys(PyDict dict) {
    List<PyValue> keys = new ArrayList<>(dict.entries().keySet());
    return sortKeys ? Comparison.sorted(keys, keys, false) : keys;
  }

  private static String keyText(PyValue key) {
    return switch (key) {
      case PyStr text -> text.value();
      case PyNone _ -> "null";
      case PyBool bool -> String.valueOf(bool.value());
      case PyInt number -> FloatText.repr(number.value());
      case PyFloat number -> number(number.value());
      default ->
          throw PyError.type("keys must be str, int, float, bool or None, not " + key.typeName());
    };
  }

  private void newLine(int level) {
    if (indent != null) {
      budget.make(indent.length() * (long) level);
      out.append('\n').repeat(indent, level);
    }
  }

  private void quote(String text) {
    budget.make(text.length());
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        case '\b' -> out.append("\\b");
        case '\f' -> out.append("\\f");
        default -> {
          // With ensure_ascii, code points above the BMP are written as two surrogates.
          if (c < 0x20 || (ascii && c > 0x7E)) {
            out.append("\\u%04x".formatted((int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }
}
