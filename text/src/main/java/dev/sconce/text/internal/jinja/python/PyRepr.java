package dev.sconce.text.internal.jinja.python;

import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** {@code repr} and {@code str}. */
public final class PyRepr {

  private PyRepr() {}

  /** Returns what printing a value shows. */
  public static String str(PyValue value) {
    return switch (value) {
      case PyStr string -> string.value();
      case PyUndefined _ -> "";
      default -> of(value);
    };
  }

  /** Returns the value as {@code repr} spells it. */
  public static String of(PyValue value) {
    if (value instanceof PyStr string && !string.isMarkup()) {
      return quote(string.value());
    }
    StringBuilder out = new StringBuilder();
    append(value, out);
    return out.toString();
  }

  private static void append(PyValue value, StringBuilder out) {
    switch (value) {
      case PyNone _ -> out.append("None");
      case PyBool bool -> out.append(bool.value() ? "True" : "False");
      case PyInt number -> out.append(FloatText.repr(number.value()));
      case PyFloat number -> out.append(FloatText.repr(number.value()));
      case PyStr string -> {
        out.append(string.isMarkup() ? "Markup(" : "");
        quote(string.value(), out);
        out.append(string.isMarkup() ? ")" : "");
      }
      case PyList list -> elements("[", list.items(), "]", out);
      case PyTuple tuple ->
          elements("(", tuple.items(), tuple.items().size() == 1 ? ",)" : ")", out);
      case PyDict dict -> entries(dict, out);
      case PyDictView view -> {
        out.append(view.typeName());
        elements("([", view.elements(), "])", out);
      }
      case PyRange range -> {
        out.append("range(").append(range.start()).append(", ").append(range.stop());
        if (!range.step().equals(java.math.BigInteger.ONE)) {
          out.append(", ").append(range.step());
        }
        out.append(')');
      }
      // CPython adds the address, which no template can rely on.
      case PyIterator iterator -> out.append('<').append(iterator.typeName()).append(" object>");
      case PyUndefined _ -> out.append("Undefined");
      case PyObject object -> out.append(object.repr());
    }
  }

  private static void elements(String open, List<PyValue> items, String close, StringBuilder out) {
    out.append(open);
    for (Iterator<PyValue> it = items.iterator(); it.hasNext(); ) {
      append(it.next(), out);
      out.append(it.hasNext() ? ", " : "");
    }
    out.append(close);
  }

  private static void entries(PyDict dict, StringBuilder out) {
    out.append('{');
    for (Iterator<Map.Entry<PyValue, PyValue>> it = dict.entries().entrySet().iterator();
        it.hasNext(); ) {
      Map.Entry<PyValue, PyValue> entry = it.next();
      append(entry.getKey(), out);
      out.append(": ");
      append(entry.getValue(), out);
      out.append(it.hasNext() ? ", " : "");
    }
    out.append('}');
  }

  /** Returns a text in quotes, as {@code repr} of a string. */
  public static String quote(String text) {
    StringBuilder out = new StringBuilder(text.length() + 2);
    quote(text, out);
    return out.toString();
  }

  private static void quote(String text, StringBuilder out) {
    char mark = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
    out.append(mark);
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\\' -> out.append("\\\\");
                default -> {
                  if (c == mark) {
                    out.append('\\').append(mark);
                  } else if (CharClass.isPrintable(c)) {
                    out.appendCodePoint(c);
                  } else {
                    out.append(escape(c));
                  }
                }
              }
            });
    out.append(mark);
  }

  /** Returns what {@code ascii} prints. */
  static String ascii(PyValue value) {
    StringBuilder out = new StringBuilder();
    of(value)
        .codePoints()
        .forEach(
            c -> {
              if (c < 0x7F) {
                out.appendCodePoint(c);
              } else {
                out.append(escape(c));
              }
            });
    return out.toString();
  }

  private static String escape(int c) {
    if (c <= 0xFF) {
      return "\\x%02x".formatted(c);
    }
    return (c <= 0xFFFF ? "\\u%04x" : "\\U%08x").formatted(c);
  }
}
