package dev.sconce.text.internal.jinja.eval;

import dev.sconce.text.internal.jinja.python.CharClass;
import dev.sconce.text.internal.jinja.python.Markup;
import dev.sconce.text.internal.jinja.python.Py;
import dev.sconce.text.internal.jinja.python.PyDict;
import dev.sconce.text.internal.jinja.python.PyDictView;
import dev.sconce.text.internal.jinja.python.PyError;
import dev.sconce.text.internal.jinja.python.PyNone;
import dev.sconce.text.internal.jinja.python.PyRepr;
import dev.sconce.text.internal.jinja.python.PyStr;
import dev.sconce.text.internal.jinja.python.PyUndefined;
import dev.sconce.text.internal.jinja.python.PyValue;
import dev.sconce.text.internal.jinja.python.StrSplit;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Filters for HTML and URLs. */
final class HtmlFilters {

  /** The named entities that {@code striptags} resolves; others are refused, not left alone. */
  private static final Map<String, String> ENTITIES =
      Map.of(
          "amp", "&", "lt", "<", "gt", ">", "quot", "\"", "apos", "'", "nbsp", "\u00A0", "copy",
          "\u00A9", "raquo", "\u00BB", "laquo", "\u00AB", "hellip", "\u2026");

  private HtmlFilters() {}

  static void register(Filters.Table table) {
    table.add("escape", "", (_, value, _) -> PyStr.markup(Markup.escape(value)));
    table.alias("e", "escape");
    table.add("forceescape", "", (_, value, _) -> PyStr.markup(Markup.escape(PyRepr.str(value))));
    table.add("safe", "", (_, value, _) -> PyStr.markup(PyRepr.str(value)));
    table.add("striptags", "", (_, value, _) -> PyStr.markup(stripTags(PyRepr.str(value))));
    table.add("urlencode", "", (in, value, _) -> PyStr.of(urlEncode(in, value)));
    table.add("xmlattr", "autospace=True", (_, value, a) -> xmlAttributes(value, Py.truth(a[0])));
  }

  private static String stripTags(String html) {
    StringBuilder out = new StringBuilder();
    int at = 0;
    for (int open = html.indexOf('<'); open >= 0; open = html.indexOf('<', at)) {
      boolean comment = html.startsWith("<!--", open);
      int close = comment ? html.indexOf("-->", open + 4) : html.indexOf('>', open);
      if (close < 0) {
        break;
      }
      out.append(html, at, open);
      at = close + (comment ? 3 : 1);
    }
    out.append(html, at, html.length());
    return unescape(String.join(" ", StrSplit.words(out.toString(), -1)));
  }

  private static String unescape(String html) {
    StringBuilder out = new StringBuilder();
    int at = 0;
    for (int ampersand = html.indexOf('&'); ampersand >= 0; ampersand = html.indexOf('&', at)) {
      out.append(html, at, ampersand);
      int end = ampersand + 1;
      while (end < html.length()
          && (html.charAt(end) == '#' || CharClass.isWord(html.charAt(end)))) {
        end++;
      }
      String name = html.substring(ampersand + 1, end);
      if (name.isEmpty()) {
        out.append('&');
      } else if (name.startsWith("#")) {
        out.append(numeric(name));
      } else {
        String entity = ENTITIES.get(name);
        if (entity == null) {
          throw new PyError(
              PyError.Kind.UNSUPPORTED, "striptags does not know the HTML entity &" + name + ";");
        }
        out.append(entity);
      }
      boolean semicolon = !name.isEmpty() && end < html.length() && html.charAt(end) == ';';
      at = semicolon ? end + 1 : end;
    }
    return out.append(html, at, html.length()).toString();
  }

  private static String numeric(String name) {
    boolean hexadecimal = name.startsWith("#x") || name.startsWith("#X");
    String digits = name.substring(hexadecimal ? 2 : 1);
    try {
      int code = Integer.parseInt(digits, hexadecimal ? 16 : 10);
      if (Character.isValidCodePoint(code) && code >= ' ' && !(code >= 0x7F && code <= 0x9F)) {
        return Character.toString(code);
      }
    } catch (NumberFormatException e) {
      // Reported below, like a code that HTML maps to something else.
    }
    throw new PyError(
        PyError.Kind.UNSUPPORTED, "striptags does not know the HTML entity &" + name + ";");
  }

  private static String urlEncode(Evaluator in, PyValue value) {
    if (value instanceof PyStr || !Py.isIterable(value)) {
      return quote(PyRepr.str(value), "/", false);
    }
    PyValue pairs =
        value instanceof PyDict dict ? new PyDictView(dict, PyDictView.Part.ITEMS) : value;
    StringBuilder out = new StringBuilder();
    for (Iterator<PyValue> it = Py.iterate(pairs); it.hasNext(); ) {
      List<PyValue> pair = Py.list(it.next(), in.budget());
      if (pair.size() != 2) {
        throw PyError.value("not a pair of key and value: " + pair.size() + " elements");
      }
      out.append(out.isEmpty() ? "" : "&")
          .append(quote(PyRepr.str(pair.get(0)), "", true))
          .append('=')
          .append(quote(PyRepr.str(pair.get(1)), "", true));
      in.budget().make(0);
    }
    in.budget().make(out.length());
    return out.toString();
  }

  private static String quote(String text, String safe, boolean query) {
    StringBuilder out = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xFF);
      boolean plain =
          (c >= '0' && c <= '9')
              || (c >= 'A' && c <= 'Z')
              || (c >= 'a' && c <= 'z')
              || "_.-~".indexOf(c) >= 0
              || safe.indexOf(c) >= 0;
      if (plain) {
        out.append(c);
      } else if (query && c == ' ') {
        out.append('+');
      } else {
        out.append("%%%02X".formatted((int) c));
      }
    }
    return out.toString();
  }

  private static PyValue xmlAttributes(PyValue value, boolean autospace) {
    if (value instanceof PyUndefined undefined) {
      throw undefined.error();
    }
    if (!(value instanceof PyDict dict)) {
      throw PyError.type("'" + value.typeName() + "' object has no attribute 'items'");
    }
    StringBuilder out = new StringBuilder();
    dict.entries()
        .forEach(
            (key, attribute) -> {
              if (attribute == PyNone.NONE || attribute instanceof PyUndefined) {
                return;
              }
              if (!(key instanceof PyStr name)) {
                throw PyError.type("expected string or bytes-like object");
              }
              if (name.value().chars().anyMatch(c -> " \t\n\r\f\u000B/>=".indexOf(c) >= 0)) {
                throw PyError.value("Invalid character in attribute name: " + PyRepr.of(key));
              }
              out.append(out.isEmpty() ? "" : " ")
                  .append(Markup.escape(key))
                  .append("=\"")
                  .append(Markup.escape(attribute))
                  .append('"');
            });
    return PyStr.of((autospace && !out.isEmpty() ? " " : "") + out);
  }
}
