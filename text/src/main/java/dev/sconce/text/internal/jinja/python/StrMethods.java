package dev.sconce.text.internal.jinja.python;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The methods of {@code str}. */
final class StrMethods {

  @FunctionalInterface
  private interface Body {
    PyValue call(PyStr self, PyValue[] arguments, Budget budget);
  }

  private record Method(Signature signature, Body body) {}

  private static final Map<String, Method> METHODS = new HashMap<>();

  private StrMethods() {}

  static {
    change("upper", StrCase::upper);
    change("lower", StrCase::lower);
    change("capitalize", StrCase::capitalize);
    change("title", StrCase::title);
    change("swapcase", StrCase::swapCase);
    change("casefold", StrCase::caseFold);
    test("islower", StrCase::isLower);
    test("isupper", StrCase::isUpper);
    test("istitle", StrCase::isTitle);
    test("isascii", text -> text.chars().allMatch(c -> c < 0x80));
    test("isprintable", text -> text.codePoints().allMatch(CharClass::isPrintable));
    test("isidentifier", StrMethods::isIdentifier);
    testAll("isalpha", CharClass::isAlpha);
    testAll("isdigit", CharClass::isDigit);
    testAll("isdecimal", CharClass::isDecimal);
    testAll("isnumeric", CharClass::isNumeric);
    testAll("isalnum", CharClass::isAlphanumeric);
    testAll("isspace", CharClass::isSpace);
    add("strip", "chars=None, /", (s, a, b) -> strip(s, a[0], true, true));
    add("lstrip", "chars=None, /", (s, a, b) -> strip(s, a[0], true, false));
    add("rstrip", "chars=None, /", (s, a, b) -> strip(s, a[0], false, true));
    add("split", "sep=None, maxsplit=-1", (s, a, b) -> split(s, a, false, b));
    add("rsplit", "sep=None, maxsplit=-1", (s, a, b) -> split(s, a, true, b));
    add(
        "splitlines",
        "keepends=False",
        (s, a, b) -> list(s, StrSplit.lines(s.value(), Py.truth(a[0])), b));
    add("partition", "sep, /", (s, a, b) -> partition(s, text(a[0]), false));
    add("rpartition", "sep, /", (s, a, b) -> partition(s, text(a[0]), true));
    add("removeprefix", "prefix, /", (s, a, b) -> removePrefix(s, text(a[0])));
    add("removesuffix", "suffix, /", (s, a, b) -> removeSuffix(s, text(a[0])));
    add("startswith", "prefix, start=None, end=None, /", (s, a, b) -> PyBool.of(affix(s, a, true)));
    add("endswith", "suffix, start=None, end=None, /", (s, a, b) -> PyBool.of(affix(s, a, false)));
    add("find", "sub, start=None, end=None, /", (s, a, b) -> PyInt.of(find(s, a, false)));
    add("rfind", "sub, start=None, end=None, /", (s, a, b) -> PyInt.of(find(s, a, true)));
    add("index", "sub, start=None, end=None, /", (s, a, b) -> index(s, a, false));
    add("rindex", "sub, start=None, end=None, /", (s, a, b) -> index(s, a, true));
    add("count", "sub, start=None, end=None, /", (s, a, b) -> PyInt.of(count(s, a)));
    add("replace", "old, new, count=-1, /", StrMethods::replace);
    add("join", "iterable, /", (s, a, b) -> join(s, a[0], b));
    add("center", "width, fillchar=' ', /", (s, a, b) -> pad(s, a, Side.BOTH, b));
    add("ljust", "width, fillchar=' ', /", (s, a, b) -> pad(s, a, Side.RIGHT, b));
    add("rjust", "width, fillchar=' ', /", (s, a, b) -> pad(s, a, Side.LEFT, b));
    add("zfill", "width, /", (s, a, b) -> zeroFill(s, Numbers.index(a[0]), b));
    add("expandtabs", "tabsize=8", (s, a, b) -> expandTabs(s, Numbers.index(a[0]), b));
  }

  private static void add(String name, String signature, Body body) {
    METHODS.put(name, new Method(Signature.of(name, signature), body));
  }

  private static void change(String name, UnaryOperator<String> change) {
    add(
        name,
        "",
        (self, _, budget) -> {
          budget.make(self.value().length());
          return self.like(change.apply(self.value()));
        });
  }

  private static void test(String name, Predicate<String> test) {
    add(name, "", (self, _, _) -> PyBool.of(test.test(self.value())));
  }

  private static void testAll(String name, IntPredicate test) {
    test(name, text -> !text.isEmpty() && text.codePoints().allMatch(test));
  }

  /** Returns a method bound to a string, or null if there is none of this name. */
  static @Nullable PyValue bind(PyStr self, String name, Budget budget) {
    Method method = METHODS.get(name);
    if (method != null) {
      return function(name, call -> method.body.call(self, method.signature.bind(call), budget));
    }
    return switch (name) {
      case "format" -> function(name, call -> BraceFormat.format(self, call, budget));
      case "format_map" -> function(name, call -> formatMap(self, call, budget));
      case "encode", "translate", "maketrans" ->
          function(
              name,
              _ -> {
                throw new PyError(
                    PyError.Kind.UNSUPPORTED, "str." + name + " is not available in templates");
              });
      default -> null;
    };
  }

  private static PyFunction function(
      String name, java.util.function.Function<CallArguments, PyValue> body) {
    return new PyFunction(name, PyFunction.Kind.METHOD, body);
  }

  private static PyValue formatMap(PyStr self, CallArguments call, Budget budget) {
    if (call.positional().size() != 1 || !(call.positional().getFirst() instanceof PyDict dict)) {
      throw PyError.type("format_map() takes exactly one mapping");
    }
    java.util.LinkedHashMap<String, PyValue> keywords = new java.util.LinkedHashMap<>();
    dict.entries()
        .forEach(
            (key, value) -> {
              if (key instanceof PyStr name) {
                keywords.put(name.value(), value);
              }
            });
    return BraceFormat.format(self, new CallArguments(List.of(), keywords), budget);
  }

  static String text(PyValue value) {
    if (value instanceof PyStr string) {
      return string.value();
    }
    throw PyError.type("must be str, not " + value.typeName());
  }

  private static PyValue list(PyStr self, List<String> parts, Budget budget) {
    budget.make(self.value().length() + (long) parts.size());
    List<PyValue> items = new ArrayList<>(parts.size());
    parts.forEach(part -> items.add(self.like(part)));
    return new PyList(items);
  }

  private static PyValue strip(PyStr self, PyValue characters, boolean left, boolean right) {
    String set = characters == PyNone.NONE ? null : text(characters);
    return self.like(StrSplit.strip(self.value(), set, left, right));
  }

  private static PyValue split(PyStr self, PyValue[] arguments, boolean right, Budget budget) {
    int limit = Numbers.index(arguments[1]);
    String text = self.value();
    if (arguments[0] == PyNone.NONE) {
      return list(
          self, right ? StrSplit.wordsFromRight(text, limit) : StrSplit.words(text, limit), budget);
    }
    String separator = text(arguments[0]);
    return list(
        self,
        right
            ? StrSplit.splitFromRight(text, separator, limit)
            : StrSplit.split(text, separator, limit),
        budget);
  }

  private static PyValue partition(PyStr self, String separator, boolean right) {
    if (separator.isEmpty()) {
      throw PyError.value("empty separator");
    }
    String text = self.value();
    int at = right ? text.lastIndexOf(separator) : text.indexOf(separator);
    if (at < 0) {
      PyValue empty = self.like("");
      return right ? PyTuple.of(empty, empty, self) : PyTuple.of(self, empty, empty);
    }
    return PyTuple.of(
        self.like(text.substring(0, at)),
        self.like(separator),
        self.like(text.substring(at + separator.length())));
  }

  private static PyValue removePrefix(PyStr self, String prefix) {
    return self.value().startsWith(prefix)
        ? self.like(self.value().substring(prefix.length()))
        : self;
  }

  private static PyValue removeSuffix(PyStr self, String suffix) {
    return self.value().endsWith(suffix)
        ? self.like(self.value().substring(0, self.value().length() - suffix.length()))
        : self;
  }

  /** The part of a string between two bounds, with the index of its first code point. */
  private record Part(String text, int offset) {

    static @Nullable Part of(PyStr self, PyValue start, PyValue end) {
      int length = self.length();
      long from = start == PyNone.NONE ? 0 : Numbers.index(start);
      long to = end == PyNone.NONE ? length : Numbers.index(end);
      from = from < 0 ? Math.max(0, from + length) : from;
      to = Math.min(to < 0 ? Math.max(0, to + length) : to, length);
      if (from > length || from > to) {
        return null;
      }
      String text = self.value();
      int first = text.offsetByCodePoints(0, (int) from);
      return new Part(
          text.substring(first, text.offsetByCodePoints(first, (int) (to - from))), (int) from);
    }
  }

  private static boolean affix(PyStr self, PyValue[] arguments, boolean prefix) {
    Part part = Part.of(self, arguments[1], arguments[2]);
    List<PyValue> candidates =
        arguments[0] instanceof PyTuple tuple ? tuple.items() : List.of(arguments[0]);
    for (PyValue candidate : candidates) {
      String affix = text(candidate);
      if (part != null && (prefix ? part.text.startsWith(affix) : part.text.endsWith(affix))) {
        return true;
      }
    }
    return false;
  }

  private static int find(PyStr self, PyValue[] arguments, boolean right) {
    String wanted = text(arguments[0]);
    Part part = Part.of(self, arguments[1], arguments[2]);
    if (part == null) {
      return -1;
    }
    int at = right ? part.text.lastIndexOf(wanted) : part.text.indexOf(wanted);
    return at < 0 ? -1 : part.offset + part.text.codePointCount(0, at);
  }

  private static PyValue index(PyStr self, PyValue[] arguments, boolean right) {
    int at = find(self, arguments, right);
    if (at < 0) {
      throw PyError.value("substring not found");
    }
    return PyInt.of(at);
  }

  private static int count(PyStr self, PyValue[] arguments) {
    String wanted = text(arguments[0]);
    Part part = Part.of(self, arguments[1], arguments[2]);
    if (part == null) {
      return 0;
    }
    if (wanted.isEmpty()) {
      return part.text.codePointCount(0, part.text.length()) + 1;
    }
    int count = 0;
    for (int at = part.text.indexOf(wanted); at >= 0; count++) {
      at = part.text.indexOf(wanted, at + wanted.length());
    }
    return count;
  }

  private static PyValue replace(PyStr self, PyValue[] arguments, Budget budget) {
    PyStr replacement =
        arguments[1] instanceof PyStr string && self.isMarkup()
            ? PyStr.markup(Markup.escape(string))
            : PyStr.of(text(arguments[1]));
    return self.like(
        replace(
            self.value(),
            text(arguments[0]),
            replacement.value(),
            Numbers.index(arguments[2]),
            budget));
  }

  /** Replaces up to {@code limit} occurrences, all if it is negative. */
  static String replace(String text, String old, String replacement, int limit, Budget budget) {
    StringBuilder out = new StringBuilder();
    int at = 0;
    int done = 0;
    while (limit < 0 || done < limit) {
      int next = old.isEmpty() ? at : text.indexOf(old, at);
      if (next < 0) {
        break;
      }
      budget.make(out.length() == 0 ? text.length() : replacement.length());
      out.append(text, at, next).append(replacement);
      checkLength(out, budget);
      done++;
      at = next + old.length();
      if (old.isEmpty()) {
        if (at == text.length()) {
          return out.toString();
        }
        int end = at + Character.charCount(text.codePointAt(at));
        out.append(text, at, end);
        at = end;
      }
    }
    return out.append(text, at, text.length()).toString();
  }

  private static void checkLength(StringBuilder out, Budget budget) {
    if ((out.length() & 0xFFF) == 0) {
      budget.make(out.length());
    }
  }

  private static PyValue join(PyStr self, PyValue iterable, Budget budget) {
    if (!Py.isIterable(iterable)) {
      throw PyError.type("can only join an iterable");
    }
    StringBuilder out = new StringBuilder();
    Iterator<PyValue> items = Py.iterate(iterable);
    for (int i = 0; items.hasNext(); i++) {
      PyValue item = items.next();
      if (!(item instanceof PyStr) && !self.isMarkup()) {
        throw PyError.type(
            "sequence item %d: expected str instance, %s found".formatted(i, item.typeName()));
      }
      String piece = self.isMarkup() ? Markup.escape(item) : ((PyStr) item).value();
      budget.make(piece.length() + (long) self.value().length());
      out.append(i == 0 ? "" : self.value()).append(piece);
    }
    budget.make(out.length());
    return self.like(out.toString());
  }

  private enum Side {
    LEFT,
    RIGHT,
    BOTH
  }

  private static PyValue pad(PyStr self, PyValue[] arguments, Side side, Budget budget) {
    String filler = text(arguments[1]);
    if (filler.codePointCount(0, filler.length()) != 1) {
      throw PyError.type("The fill character must be exactly one character long");
    }
    String fill = self.isMarkup() ? Markup.escape(arguments[1]) : filler;
    return self.like(pad(self.value(), Numbers.index(arguments[0]), fill, side, budget));
  }

  private static String pad(String text, int width, String fill, Side side, Budget budget) {
    int missing = width - text.codePointCount(0, text.length());
    if (missing <= 0) {
      return text;
    }
    budget.make(width);
    int left =
        switch (side) {
          case LEFT -> missing;
          case RIGHT -> 0;
          // CPython gives the odd space to the left if the width is odd.
          case BOTH -> missing / 2 + (missing & width & 1);
        };
    return fill.repeat(left) + text + fill.repeat(missing - left);
  }

  private static PyValue zeroFill(PyStr self, int width, Budget budget) {
    String text = self.value();
    int missing = width - self.length();
    if (missing <= 0) {
      return self;
    }
    budget.make(width);
    boolean signed = text.startsWith("-") || text.startsWith("+");
    String zeros = "0".repeat(missing);
    return self.like(signed ? text.charAt(0) + zeros + text.substring(1) : zeros + text);
  }

  private static PyValue expandTabs(PyStr self, int size, Budget budget) {
    StringBuilder out = new StringBuilder();
    int column = 0;
    for (int c : self.value().codePoints().toArray()) {
      if (c == '\t') {
        int spaces = size > 0 ? size - column % size : 0;
        budget.make(spaces);
        out.repeat(" ", spaces);
        budget.make(out.length() > Short.MAX_VALUE ? out.length() : 0);
        column += spaces;
      } else {
        out.appendCodePoint(c);
        column = c == '\n' || c == '\r' ? 0 : column + 1;
      }
    }
    return self.like(out.toString());
  }

  private static boolean isIdentifier(String text) {
    return !text.isEmpty()
        && CharClass.isIdentifierStart(text.codePointAt(0))
        && text.codePoints().allMatch(CharClass::isIdentifierPart);
  }
}
