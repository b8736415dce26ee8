package dev.sconce.text.internal.jinja.python;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** {@code format % values}. */
public final class PercentFormat {

  private static final int DEFAULT_PRECISION = 6;

  private final PyStr source;
  private final String format;
  private final PyValue argument;
  private final @Nullable List<PyValue> tuple;
  private final Budget budget;
  private final StringBuilder out = new StringBuilder();
  private int at;
  private int used;

  private PercentFormat(PyStr source, PyValue argument, Budget budget) {
    this.source = source;
    this.format = source.value();
    this.argument = argument;
    this.tuple = argument instanceof PyTuple t ? t.items() : null;
    this.budget = budget;
  }

  /** Formats one value, a tuple of values or a dictionary of values. */
  public static PyValue format(PyStr format, PyValue argument, Budget budget) {
    PercentFormat formatting = new PercentFormat(format, argument, budget);
    formatting.run();
    return format.like(formatting.out.toString());
  }

  private void run() {
    while (at < format.length()) {
      int percent = format.indexOf('%', at);
      if (percent < 0) {
        out.append(format, at, format.length());
        break;
      }
      out.append(format, at, percent);
      at = percent + 1;
      conversion();
      budget.make(0);
    }
    budget.make(out.length());
    boolean mapping =
        switch (argument) {
          case PyDict _, PyList _, PyUndefined _, PyRange _ -> true;
          default -> false;
        };
    if (tuple != null ? used < tuple.size() : used == 0 && !mapping) {
      throw PyError.type("not all arguments converted during string formatting");
    }
  }

  /** The parts of one conversion between the percent sign and the type. */
  private static final class Flags {
    boolean left;
    boolean plus;
    boolean space;
    boolean alternate;
    boolean zero;
    int width;
    int precision = -1;
  }

  private void conversion() {
    PyValue keyed = null;
    if (peek() == '(') {
      keyed = lookUp(key());
    }
    Flags flags = new Flags();
    while (flag(flags, peek())) {
      at++;
    }
    flags.width = size(keyed);
    if (flags.width < 0) {
      flags.left = true;
      flags.width = -flags.width;
    }
    if (peek() == '.') {
      at++;
      flags.precision = Math.max(0, size(keyed));
    }
    while (peek() == 'h' || peek() == 'l' || peek() == 'L') {
      at++;
    }
    char type = peek();
    at++;
    if (type == '%') {
      out.append('%');
      return;
    }
    budget.make(Math.max(flags.width, flags.precision));
    convert(type, flags, keyed == null ? next() : keyed);
  }

  private char peek() {
    if (at >= format.length()) {
      throw PyError.value("incomplete format");
    }
    return format.charAt(at);
  }

  private static boolean flag(Flags flags, char c) {
    switch (c) {
      case '-' -> flags.left = true;
      case '+' -> flags.plus = true;
      case ' ' -> flags.space = true;
      case '#' -> flags.alternate = true;
      case '0' -> flags.zero = true;
      default -> {
        return false;
      }
    }
    return true;
  }

  private int size(@Nullable PyValue keyed) {
    if (peek() == '*') {
      at++;
      if (keyed != null) {
        throw PyError.type("* wants int");
      }
      return Numbers.index(next(), "* wants int");
    }
    long size = 0;
    while (peek() >= '0' && peek() <= '9') {
      size = size * 10 + (peek() - '0');
      if (size > Integer.MAX_VALUE) {
        throw PyError.value("width too big");
      }
      at++;
    }
    return (int) size;
  }

  private String key() {
    int depth = 1;
    int start = ++at;
    while (depth > 0) {
      char c = peek();
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      at++;
    }
    return format.substring(start, at - 1);
  }

  private PyValue lookUp(String key) {
    if (!(argument instanceof PyDict dict)) {
      throw PyError.type("format requires a mapping");
    }
    PyValue value = dict.get(key);
    if (value == null) {
      throw new PyError(PyError.Kind.KEY, PyRepr.quote(key));
    }
    used++;
    return value;
  }

  private PyValue next() {
    if (tuple == null && used == 0) {
      used++;
      return argument;
    }
    if (tuple == null || used >= tuple.size()) {
      throw PyError.type("not enough arguments for format string");
    }
    return tuple.get(used++);
  }

  private void convert(char type, Flags flags, PyValue value) {
    switch (type) {
      case 's' -> text(source.isMarkup() ? Markup.escape(value) : PyRepr.str(value), flags);
      case 'r' -> text(escaped(PyRepr.of(value)), flags);
      case 'a' -> text(escaped(PyRepr.ascii(value)), flags);
      case 'c' -> text(character(value), flags);
      case 'd', 'i', 'u' -> digits(decimal(type, value), 10, "", flags);
      case 'x', 'X' -> digits(integral(type, value), 16, "0" + type, flags);
      case 'o' -> digits(integral(type, value), 8, "0o", flags);
      case 'e', 'E', 'f', 'F', 'g', 'G' -> real(type, value, flags);
      default ->
          throw PyError.value(
              "unsupported format character '%s' (0x%x) at index %d"
                  .formatted(type, (int) type, at - 1));
    }
  }

  private String escaped(String text) {
    return source.isMarkup() ? Markup.escape(text) : text;
  }

  private void text(String text, Flags flags) {
    int length = text.codePointCount(0, text.length());
    String cut = text;
    if (flags.precision >= 0 && flags.precision < length) {
      cut = text.substring(0, text.offsetByCodePoints(0, flags.precision));
      length = flags.precision;
    }
    String spaces = " ".repeat(Math.max(0, flags.width - length));
    out.append(flags.left ? cut + spaces : spaces + cut);
    budget.make(cut.length());
  }

  private static String character(PyValue value) {
    if (value instanceof PyStr text && text.length() == 1) {
      return text.value();
    }
    BigInteger code = Numbers.integer(value);
    if (code == null) {
      throw PyError.type("a character format requires int or char");
    }
    if (code.signum() < 0 || code.bitLength() > 21 || code.intValue() > Character.MAX_CODE_POINT) {
      throw new PyError(PyError.Kind.OVERFLOW, "character code not in range(0x110000)");
    }
    return Character.toString(code.intValue());
  }

  private static BigInteger decimal(char type, PyValue value) {
    if (value instanceof PyFloat number) {
      return truncate(number.value());
    }
    BigInteger integer = Numbers.integer(value);
    if (integer == null) {
      if (value instanceof PyUndefined undefined) {
        throw undefined.error();
      }
      throw PyError.type(
          "%" + type + " format: a real number is required, not " + value.typeName());
    }
    return integer;
  }

  /** Returns what {@code int} makes of a double. */
  static BigInteger truncate(double value) {
    if (Double.isNaN(value)) {
      throw PyError.value("cannot convert float NaN to integer");
    }
    if (Double.isInfinite(value)) {
      throw new PyError(PyError.Kind.OVERFLOW, "cannot convert float infinity to integer");
    }
    return new BigDecimal(value).toBigInteger();
  }

  private static BigInteger integral(char type, PyValue value) {
    BigInteger integer = Numbers.integer(value);
    if (integer == null) {
      throw PyError.type("%" + type + " format: an integer is required, not " + value.typeName());
    }
    return integer;
  }

  private void digits(BigInteger value, int radix, String prefix, Flags flags) {
    String digits = radix == 10 ? FloatText.repr(value.abs()) : value.abs().toString(radix);
    if (prefix.endsWith("X")) {
      digits = digits.toUpperCase(Locale.ROOT);
    }
    digits = "0".repeat(Math.max(0, flags.precision - digits.length())) + digits;
    number(value.signum() < 0, flags.alternate ? prefix : "", digits, flags);
  }

  private void real(char type, PyValue value, Flags flags) {
    double number;
    if (value instanceof PyStr) {
      throw PyError.type("must be real number, not str");
    }
    if (value instanceof PyUndefined undefined) {
      throw undefined.error();
    }
    number = Numbers.toDouble(value);
    int precision = flags.precision < 0 ? DEFAULT_PRECISION : flags.precision;
    String text = FloatFormat.magnitude(number, type, precision, flags.alternate, false);
    number(number < 0 || (number == 0 && 1 / number < 0), "", text, flags);
  }

  private void number(boolean negative, String prefix, String digits, Flags flags) {
    String lead = (negative ? "-" : flags.plus ? "+" : flags.space ? " " : "") + prefix;
    int missing = Math.max(0, flags.width - lead.length() - digits.length());
    if (flags.left) {
      out.append(lead).append(digits).append(" ".repeat(missing));
    } else if (flags.zero) {
      out.append(lead).append("0".repeat(missing)).append(digits);
    } else {
      out.append(" ".repeat(missing)).append(lead).append(digits);
    }
  }
}
