package dev.sconce.text.internal.jinja.python;

import java.math.BigInteger;
import java.util.List;
import java.util.SequencedMap;

/** {@code str.format}, with attributes looked up as the sandbox does. */
final class BraceFormat {

  private static final int MAX_NESTING = 2;

  private final PyStr source;
  private final List<PyValue> positional;
  private final SequencedMap<String, PyValue> keywords;
  private final Budget budget;
  private int automatic;
  private boolean manual;

  private BraceFormat(PyStr source, CallArguments arguments, Budget budget) {
    this.source = source;
    this.positional = arguments.positional();
    this.keywords = arguments.keywords();
    this.budget = budget;
  }

  static PyValue format(PyStr source, CallArguments arguments, Budget budget) {
    return source.like(
        new BraceFormat(source, arguments, budget).expand(source.value(), MAX_NESTING));
  }

  private String expand(String text, int depth) {
    if (depth < 0) {
      throw PyError.value("Max string recursion exceeded");
    }
    StringBuilder out = new StringBuilder();
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      boolean doubled = at + 1 < text.length() && text.charAt(at + 1) == c;
      if ((c == '{' || c == '}') && doubled) {
        out.append(c);
        at += 2;
      } else if (c == '}') {
        throw PyError.value("Single '}' encountered in format string");
      } else if (c == '{') {
        int end = closing(text, at + 1);
        String piece = field(text.substring(at + 1, end), depth);
        budget.make(piece.length());
        out.append(piece);
        at = end + 1;
      } else {
        out.append(c);
        at++;
      }
    }
    budget.make(out.length());
    return out.toString();
  }

  private static int closing(String text, int from) {
    if (from >= text.length()) {
      throw PyError.value("Single '{' encountered in format string");
    }
    int depth = 1;
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '[') {
        int bracket = text.indexOf(']', i);
        // Braces in an index do not count.
        i = bracket < 0 ? i : bracket;
      } else if (c == '{') {
        depth++;
      } else if (c == '}' && --depth == 0) {
        return i;
      }
    }
    throw PyError.value("expected '}' before end of string");
  }

  private String field(String field, int depth) {
    int nameEnd = 0;
    int brackets = 0;
    while (nameEnd < field.length()) {
      char c = field.charAt(nameEnd);
      brackets += c == '[' ? 1 : c == ']' ? -1 : 0;
      if (brackets <= 0 && (c == '!' || c == ':')) {
        break;
      }
      nameEnd++;
    }
    String name = field.substring(0, nameEnd);
    String conversion = null;
    String spec = "";
    if (nameEnd < field.length() && field.charAt(nameEnd) == '!') {
      int colon = field.indexOf(':', nameEnd);
      conversion = field.substring(nameEnd + 1, colon < 0 ? field.length() : colon);
      if (conversion.length() != 1) {
        throw PyError.value("end of string while looking for conversion specifier");
      }
      nameEnd = colon < 0 ? field.length() : colon;
    }
    if (nameEnd < field.length()) {
      spec = field.substring(nameEnd + 1);
    }
    PyValue value = FormatSpec.convert(resolve(name), conversion);
    String expanded = expand(spec, depth - 1);
    if (source.isMarkup()) {
      return expanded.isEmpty()
          ? Markup.escape(value)
          : Markup.escape(FormatSpec.format(value, expanded, budget));
    }
    return FormatSpec.format(value, expanded, budget);
  }

  private PyValue resolve(String name) {
    int end = 0;
    while (end < name.length() && name.charAt(end) != '.' && name.charAt(end) != '[') {
      end++;
    }
    PyValue value = first(name.substring(0, end));
    while (end < name.length()) {
      if (name.charAt(end) == '.') {
        int next = end + 1;
        while (next < name.length() && name.charAt(next) != '.' && name.charAt(next) != '[') {
          next++;
        }
        if (next == end + 1) {
          throw PyError.value("Empty attribute in format string");
        }
        value = Attributes.getAttribute(value, name.substring(end + 1, next), budget);
        end = next;
      } else {
        int close = name.indexOf(']', end);
        if (close < 0) {
          throw PyError.value("Missing ']' in format string");
        }
        String index = name.substring(end + 1, close);
        if (index.isEmpty()) {
          throw PyError.value("Empty attribute in format string");
        }
        value =
            Attributes.getItem(
                value,
                isNumber(index) ? new PyInt(new BigInteger(index)) : PyStr.of(index),
                budget);
        end = close + 1;
        if (end < name.length() && name.charAt(end) != '.' && name.charAt(end) != '[') {
          throw PyError.value("Only '.' or '[' may follow ']' in format field specifier");
        }
      }
    }
    return value;
  }

  private static boolean isNumber(String text) {
    return !text.isEmpty()
        && text.length() < FloatText.maxIntegerDigits()
        && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private PyValue first(String name) {
    if (name.isEmpty()) {
      if (manual) {
        throw PyError.value(
            "cannot switch from manual field specification to automatic field numbering");
      }
      return position(automatic++);
    }
    if (isNumber(name)) {
      if (automatic > 0) {
        throw PyError.value(
            "cannot switch from manual field specification to automatic field numbering");
      }
      manual = true;
      BigInteger index = new BigInteger(name);
      return position(index.bitLength() > 31 ? Integer.MAX_VALUE : index.intValue());
    }
    PyValue value = keywords.get(name);
    if (value == null) {
      throw new PyError(PyError.Kind.KEY, PyRepr.quote(name));
    }
    return value;
  }

  private PyValue position(int index) {
    if (index >= positional.size()) {
      throw new PyError(
          PyError.Kind.INDEX,
          "Replacement index " + index + " out of range for positional args tuple");
    }
    return positional.get(index);
  }
}
