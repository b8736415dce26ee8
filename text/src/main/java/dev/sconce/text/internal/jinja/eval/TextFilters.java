package dev.sconce.text.internal.jinja.eval;

import dev.sconce.text.internal.jinja.python.Budget;
import dev.sconce.text.internal.jinja.python.CallArguments;
import dev.sconce.text.internal.jinja.python.CharClass;
import dev.sconce.text.internal.jinja.python.JsonDump;
import dev.sconce.text.internal.jinja.python.PercentFormat;
import dev.sconce.text.internal.jinja.python.Py;
import dev.sconce.text.internal.jinja.python.PyDict;
import dev.sconce.text.internal.jinja.python.PyError;
import dev.sconce.text.internal.jinja.python.PyInt;
import dev.sconce.text.internal.jinja.python.PyNone;
import dev.sconce.text.internal.jinja.python.PyRepr;
import dev.sconce.text.internal.jinja.python.PyStr;
import dev.sconce.text.internal.jinja.python.PyTuple;
import dev.sconce.text.internal.jinja.python.PyUndefined;
import dev.sconce.text.internal.jinja.python.PyValue;
import dev.sconce.text.internal.jinja.python.StrCase;
import dev.sconce.text.internal.jinja.python.StrSplit;
import java.util.ArrayList;
import java.util.List;

/** Filters on strings, and {@code tojson}. */
final class TextFilters {

  private static final int DEFAULT_LEEWAY = 5;

  private TextFilters() {}

  static void register(Filters.Table table) {
    for (String name : List.of("upper", "lower", "capitalize")) {
      table.add(name, "", (in, value, _) -> Filters.method(in, value, name));
    }
    table.add("title", "", (_, value, _) -> title(Filters.softString(value)));
    table.add("trim", "chars=None", (in, value, a) -> Filters.method(in, value, "strip", a));
    table.add("center", "width=80", (in, value, a) -> Filters.method(in, value, "center", a));
    table.add("string", "", (_, value, _) -> Filters.softString(value));
    table.add("replace", "old, new, count=None", TextFilters::replace);
    table.add("wordcount", "", (_, value, _) -> PyInt.of(words(Filters.softString(value).value())));
    table.add("indent", "width=4, first=False, blank=False", TextFilters::indent);
    table.add(
        "truncate", "length=255, killwords=False, end='...', leeway=None", TextFilters::truncate);
    table.add(
        "wordwrap",
        "width=79, break_long_words=True, wrapstring=None, break_on_hyphens=True",
        TextFilters::wordWrap);
    table.addRaw("format", TextFilters::format);
    table.add(
        "tojson",
        "ensure_ascii=False, indent=None, separators=None, sort_keys=False",
        (in, value, a) ->
            PyStr.of(
                JsonDump.dumps(value, Py.truth(a[0]), a[1], a[2], Py.truth(a[3]), in.budget())));
  }

  /** Words begin after white space, hyphens and opening brackets. */
  private static PyValue title(PyStr text) {
    StringBuilder out = new StringBuilder();
    String value = text.value();
    int start = 0;
    for (int i = 0; i <= value.length(); i++) {
      if (i == value.length() || separates(value.charAt(i))) {
        word(value.substring(start, i), out);
        if (i < value.length()) {
          out.append(value.charAt(i));
        }
        start = i + 1;
      }
    }
    return text.like(out.toString());
  }

  private static boolean separates(char c) {
    return CharClass.isSpace(c) || "-({[<".indexOf(c) >= 0;
  }

  private static void word(String word, StringBuilder out) {
    if (!word.isEmpty()) {
      int first = Character.charCount(word.codePointAt(0));
      out.append(StrCase.upper(word.substring(0, first)))
          .append(StrCase.lower(word.substring(first)));
    }
  }

  private static PyValue replace(Evaluator in, PyValue value, PyValue[] a) {
    return Filters.method(
        in,
        PyStr.of(PyRepr.str(value)),
        "replace",
        PyStr.of(PyRepr.str(a[0])),
        PyStr.of(PyRepr.str(a[1])),
        a[2] == PyNone.NONE ? PyInt.of(-1) : a[2]);
  }

  private static int words(String text) {
    int count = 0;
    boolean inWord = false;
    for (int c : text.codePoints().toArray()) {
      boolean word = CharClass.isWord(c);
      count += word && !inWord ? 1 : 0;
      inWord = word;
    }
    return count;
  }

  private static PyValue indent(Evaluator in, PyValue value, PyValue[] a) {
    if (value instanceof PyUndefined undefined) {
      throw undefined.error();
    }
    if (!(value instanceof PyStr text)) {
      throw PyError.type(
          "unsupported operand type(s) for +=: '" + value.typeName() + "' and 'str'");
    }
    Budget budget = in.budget();
    String indentation =
        a[0] instanceof PyStr string
            ? string.value()
            : ((PyStr)
                    dev.sconce.text.internal.jinja.python.Arithmetic.apply(
                        dev.sconce.text.internal.jinja.python.Arithmetic.Operator.MULTIPLY,
                        PyStr.of(" "),
                        a[0],
                        budget))
                .value();
    boolean first = Py.truth(a[1]);
    boolean blank = Py.truth(a[2]);
    StringBuilder out = new StringBuilder(first ? indentation : "");
    // The line break that is added keeps the last line, also if it is empty.
    List<String> lines = StrSplit.lines(text.value() + "\n", false);
    budget.make(text.value().length() + (long) indentation.length() * lines.size());
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      out.append(i > 0 ? "\n" : "");
      out.append(i > 0 && (blank || !line.isEmpty()) ? indentation : "").append(line);
    }
    return text.like(out.toString());
  }

  private static PyValue truncate(Evaluator in, PyValue value, PyValue[] a) {
    int length = integer(a[0]);
    String end = PyRepr.str(a[2]);
    int leeway = a[3] == PyNone.NONE ? DEFAULT_LEEWAY : integer(a[3]);
    int endLength = end.codePointCount(0, end.length());
    if (length < endLength) {
      throw new PyError(
          PyError.Kind.PYTHON_ASSERTION, "expected length >= " + endLength + ", got " + length);
    }
    if (leeway < 0) {
      throw new PyError(PyError.Kind.PYTHON_ASSERTION, "expected leeway >= 0, got " + leeway);
    }
    if (Py.length(value) <= (long) length + leeway) {
      return value;
    }
    if (!(value instanceof PyStr text)) {
      throw PyError.type("can only concatenate " + value.typeName() + " with itself");
    }
    in.budget().make(length);
    String head = text.value().substring(0, text.value().offsetByCodePoints(0, length - endLength));
    if (!Py.truth(a[1])) {
      head = StrSplit.splitFromRight(head, " ", 1).getFirst();
    }
    return text.like(head + end);
  }

  private static int integer(PyValue value) {
    if (value instanceof PyInt number && number.value().bitLength() <= 31) {
      return number.value().intValue();
    }
    throw PyError.type("expected an integer, found " + value.typeName());
  }

  private static PyValue wordWrap(Evaluator in, PyValue value, PyValue[] a) {
    if (!(value instanceof PyStr text)) {
      throw PyError.type("wordwrap needs a string, found " + value.typeName());
    }
    String separator = a[2] == PyNone.NONE ? "\n" : PyRepr.str(a[2]);
    TextWrap wrap = new TextWrap(integer(a[0]), Py.truth(a[1]), Py.truth(a[3]));
    List<String> lines = new ArrayList<>();
    long size = 0;
    for (String paragraph : StrSplit.lines(text.value(), false)) {
      List<String> wrapped = wrap.wrap(paragraph);
      lines.add(String.join(separator, wrapped));
      size += paragraph.length() + (long) separator.length() * wrapped.size();
      in.budget().make(size);
    }
    return PyStr.of(String.join(separator, lines));
  }

  private static PyValue format(Evaluator in, PyValue value, CallArguments arguments) {
    if (!arguments.positional().isEmpty() && !arguments.keywords().isEmpty()) {
      throw Filters.argument("can't handle positional and keyword arguments at the same time");
    }
    PyValue values;
    if (arguments.keywords().isEmpty()) {
      values = new PyTuple(arguments.positional());
    } else {
      PyDict named = new PyDict();
      arguments.keywords().forEach((name, argument) -> named.put(PyStr.of(name), argument));
      values = named;
    }
    return PercentFormat.format(Filters.softString(value), values, in.budget());
  }
}
