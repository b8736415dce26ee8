package dev.sconce.text.internal.jinja.python;

import java.math.BigInteger;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The format specification of {@code str.format}: {@code
 * [[fill]align][sign][z][#][0][width][grouping][.precision][type]}.
 */
final class FormatSpec {

  private static final int DEFAULT_PRECISION = 6;

  private final String spec;
  private int fill = ' ';
  private char align;
  private char sign = '-';
  private boolean noNegativeZero;
  private boolean alternate;
  private int width = -1;
  private char grouping;
  private int precision = -1;
  private char type;

  private FormatSpec(String spec) {
    this.spec = spec;
    parse();
  }

  /** Formats a value. */
  static String format(PyValue value, String spec, Budget budget) {
    if (spec.isEmpty()) {
      return PyRepr.str(value);
    }
    return switch (value) {
      case PyStr text -> new FormatSpec(spec).text(text.value(), budget);
      case PyInt number -> new FormatSpec(spec).integer(number.value(), "int", budget);
      case PyBool bool -> new FormatSpec(spec).integer(bool.asInteger(), "bool", budget);
      case PyFloat number -> new FormatSpec(spec).number(number.value(), budget);
      default ->
          throw PyError.type(
              "unsupported format string passed to " + value.typeName() + ".__format__");
    };
  }

  private void parse() {
    int[] c = spec.codePoints().toArray();
    int i = 0;
    if (c.length > 1 && isAlign(c[1])) {
      fill = c[0];
      align = (char) c[1];
      i = 2;
    } else if (c.length > 0 && isAlign(c[0])) {
      align = (char) c[0];
      i = 1;
    }
    if (i < c.length && (c[i] == '+' || c[i] == '-' || c[i] == ' ')) {
      sign = (char) c[i++];
    }
    if (i < c.length && c[i] == 'z') {
      noNegativeZero = true;
      i++;
    }
    if (i < c.length && c[i] == '#') {
      alternate = true;
      i++;
    }
    if (i < c.length && c[i] == '0' && align == 0) {
      fill = '0';
      align = '=';
      i++;
    }
    int start = i;
    while (i < c.length && c[i] >= '0' && c[i] <= '9') {
      i++;
    }
    width = number(start, i, c);
    if (i < c.length && (c[i] == ',' || c[i] == '_')) {
      grouping = (char) c[i++];
      if (i < c.length && (c[i] == ',' || c[i] == '_')) {
        throw PyError.value("Cannot specify both ',' and '_'.");
      }
    }
    if (i < c.length && c[i] == '.') {
      start = ++i;
      while (i < c.length && c[i] >= '0' && c[i] <= '9') {
        i++;
      }
      if (start == i) {
        throw PyError.value("Format specifier missing precision");
      }
      precision = number(start, i, c);
    }
    if (i == c.length - 1) {
      type = c[i] < 0x7F ? (char) c[i] : '?';
    } else if (i < c.length) {
      throw PyError.value("Invalid format specifier");
    }
  }

  private static boolean isAlign(int c) {
    return c == '<' || c == '>' || c == '^' || c == '=';
  }

  private static int number(int from, int to, int[] c) {
    if (from == to) {
      return -1;
    }
    long value = 0;
    for (int i = from; i < to; i++) {
      value = value * 10 + (c[i] - '0');
      if (value > Integer.MAX_VALUE) {
        throw PyError.value("Too many decimal digits in format string");
      }
    }
    return (int) value;
  }

  private String text(String text, Budget budget) {
    if (type != 0 && type != 's') {
      throw unknownType("str");
    }
    if (sign != '-' || alternate || (align == '=' && fill != '0') || grouping != 0) {
      throw PyError.value("Sign, '#', '=' or grouping not allowed in string format specifier");
    }
    String cut =
        precision >= 0 && text.codePointCount(0, text.length()) > precision
            ? text.substring(0, text.offsetByCodePoints(0, precision))
            : text;
    // "0" before the width of a string pads on the right, with zeros.
    return pad("", cut, align == '=' || align == 0 ? '<' : align, budget);
  }

  private PyError unknownType(String valueType) {
    return PyError.value(
        "Unknown format code '%s' for object of type '%s'".formatted(type, valueType));
  }

  private String integer(BigInteger value, String valueType, Budget budget) {
    if (type != 0 && "eEfFgG%".indexOf(type) >= 0) {
      return number(Numbers.toDouble(new PyInt(value)), budget);
    }
    if (precision >= 0) {
      throw PyError.value("Precision not allowed in integer format specifier");
    }
    BigInteger magnitude = value.abs();
    String prefix = "";
    int group = 4;
    String digits;
    switch (type) {
      case 0, 'd', 'n' -> {
        digits = FloatText.repr(magnitude);
        group = 3;
      }
      case 'b' -> {
        digits = magnitude.toString(2);
        prefix = "0b";
      }
      case 'o' -> {
        digits = magnitude.toString(8);
        prefix = "0o";
      }
      case 'x', 'X' -> {
        digits = magnitude.toString(16);
        digits = type == 'X' ? digits.toUpperCase(Locale.ROOT) : digits;
        prefix = "0" + type;
      }
      case 'c' -> {
        if (value.signum() < 0
            || value.bitLength() > 21
            || value.intValue() > Character.MAX_CODE_POINT) {
          throw new PyError(PyError.Kind.OVERFLOW, "character code not in range(0x110000)");
        }
        return pad("", Character.toString(value.intValue()), align == 0 ? '<' : align, budget);
      }
      default -> throw unknownType(valueType);
    }
    if (grouping == ',' && group == 4) {
      throw PyError.value("Cannot specify ',' with '" + type + "'.");
    }
    String lead = signOf(value.signum() < 0) + (alternate ? prefix : "");
    return pad(lead, grouped(lead, digits, group), align == 0 ? '>' : align, budget);
  }

  private String number(double value, Budget budget) {
    char kind = type == 0 || type == 'n' ? 'g' : type;
    int digits = precision < 0 ? DEFAULT_PRECISION : precision;
    budget.make(digits);
    String text;
    if (type == 0 && precision < 0) {
      text = FloatText.repr(Math.abs(value));
    } else if (kind == '%') {
      text = FloatFormat.magnitude(value * 100, 'f', digits, alternate, false) + "%";
    } else if ("eEfFgG".indexOf(kind) >= 0) {
      text = FloatFormat.magnitude(value, kind, digits, alternate, type == 0);
    } else {
      throw unknownType("float");
    }
    boolean negative = value < 0 || (value == 0 && 1 / value < 0);
    if (noNegativeZero && negative && text.chars().noneMatch(c -> c >= '1' && c <= '9')) {
      negative = false;
    }
    String lead = signOf(negative);
    return pad(lead, grouped(lead, text, 3), align == 0 ? '>' : align, budget);
  }

  private String signOf(boolean negative) {
    return negative ? "-" : sign == '-' ? "" : String.valueOf(sign);
  }

  /** Puts separators into the integer part, counting zeros that fill the width as digits. */
  private String grouped(String lead, String digits, int group) {
    if (grouping == 0) {
      return digits;
    }
    int end = 0;
    while (end < digits.length()
        && Character.digit(digits.charAt(end), 16) >= 0
        && (group == 4 || Character.isDigit(digits.charAt(end)))) {
      end++;
    }
    String whole = digits.substring(0, end);
    String rest = digits.substring(end);
    if (align == '=' && fill == '0') {
      int room = width - lead.length() - rest.length();
      while (whole.length() + (whole.length() - 1) / group < room) {
        whole = "0" + whole;
      }
    }
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < whole.length(); i++) {
      if (i > 0 && (whole.length() - i) % group == 0) {
        out.append(grouping);
      }
      out.append(whole.charAt(i));
    }
    return out + rest;
  }

  private String pad(String lead, String body, char how, Budget budget) {
    int length = lead.length() + body.codePointCount(0, body.length());
    int missing = width - length;
    if (missing <= 0) {
      return lead + body;
    }
    budget.make(width);
    String filler = Character.toString(fill);
    return switch (how) {
      case '<' -> lead + body + filler.repeat(missing);
      case '=' -> lead + filler.repeat(missing) + body;
      case '^' -> filler.repeat(missing / 2) + lead + body + filler.repeat(missing - missing / 2);
      default -> filler.repeat(missing) + lead + body;
    };
  }

  /** Applies {@code !r}, {@code !s} or {@code !a}. */
  static PyValue convert(PyValue value, @Nullable String conversion) {
    if (conversion == null) {
      return value;
    }
    return PyStr.of(
        switch (conversion) {
          case "r" -> PyRepr.of(value);
          case "s" -> PyRepr.str(value);
          case "a" -> PyRepr.ascii(value);
          default -> throw PyError.value("Unknown conversion specifier " + conversion);
        });
  }
}
