package dev.sconce.text.internal.jinja.eval;

import dev.sconce.text.internal.jinja.python.PyError;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.TextStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.util.Locale;

/** {@code datetime.strftime} of a time without zone, in the C locale. */
final class Strftime {

  private static final int DAYS_A_WEEK = 7;

  private final LocalDateTime time;

  private Strftime(LocalDateTime time) {
    this.time = time;
  }

  static String format(LocalDateTime time, String pattern) {
    Strftime formatter = new Strftime(time);
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      if (c != '%' || i + 1 == pattern.length()) {
        out.append(c);
        continue;
      }
      char flag = pattern.charAt(++i);
      boolean flagged = "-_0^#".indexOf(flag) >= 0 && i + 1 < pattern.length();
      char directive = flagged ? pattern.charAt(++i) : flag;
      out.append(formatter.field(directive, flagged ? flag : 0));
    }
    return out.toString();
  }

  private String field(char directive, char flag) {
    return switch (directive) {
      case 'a' -> text(time.getDayOfWeek().getDisplayName(TextStyle.SHORT, Locale.US), flag);
      case 'A' -> text(time.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.US), flag);
      case 'b', 'h' -> text(time.getMonth().getDisplayName(TextStyle.SHORT, Locale.US), flag);
      case 'B' -> text(time.getMonth().getDisplayName(TextStyle.FULL, Locale.US), flag);
      case 'c' -> format(time, "%a %b %e %H:%M:%S %Y");
      case 'C' -> number(time.getYear() / 100, 2, '0', flag);
      case 'd' -> number(time.getDayOfMonth(), 2, '0', flag);
      case 'D', 'x' -> format(time, "%m/%d/%y");
      case 'e' -> number(time.getDayOfMonth(), 2, ' ', flag);
      case 'f' -> number(time.getNano() / 1000, 6, '0', (char) 0);
      case 'F' -> format(time, "%Y-%m-%d");
      case 'g' -> number(time.get(IsoFields.WEEK_BASED_YEAR) % 100, 2, '0', flag);
      case 'G' -> number(time.get(IsoFields.WEEK_BASED_YEAR), 4, '0', flag);
      case 'H' -> number(time.getHour(), 2, '0', flag);
      case 'I' -> number(time.get(ChronoField.CLOCK_HOUR_OF_AMPM), 2, '0', flag);
      case 'j' -> number(time.getDayOfYear(), 3, '0', flag);
      case 'k' -> number(time.getHour(), 2, ' ', flag);
      case 'l' -> number(time.get(ChronoField.CLOCK_HOUR_OF_AMPM), 2, ' ', flag);
      case 'm' -> number(time.getMonthValue(), 2, '0', flag);
      case 'M' -> number(time.getMinute(), 2, '0', flag);
      case 'n' -> "\n";
      case 'p' -> text(time.getHour() < 12 ? "AM" : "PM", flag == '#' ? 'l' : flag);
      case 'P' -> time.getHour() < 12 ? "am" : "pm";
      case 'r' -> format(time, "%I:%M:%S %p");
      case 'R' -> format(time, "%H:%M");
      case 's' -> Long.toString(time.toEpochSecond(ZoneOffset.UTC));
      case 'S' -> number(time.getSecond(), 2, '0', flag);
      case 't' -> "\t";
      case 'T', 'X' -> format(time, "%H:%M:%S");
      case 'u' -> number(time.getDayOfWeek().getValue(), 1, '0', flag);
      case 'U' -> number(week(time.getDayOfWeek().getValue() % DAYS_A_WEEK), 2, '0', flag);
      case 'V' -> number(time.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR), 2, '0', flag);
      case 'w' -> number(time.getDayOfWeek().getValue() % DAYS_A_WEEK, 1, '0', flag);
      case 'W' -> number(week(time.getDayOfWeek().getValue() - 1), 2, '0', flag);
      case 'y' -> number(time.getYear() % 100, 2, '0', flag);
      // glibc pads the year to no width.
      case 'Y' -> number(time.getYear(), 1, '0', flag);
      case 'z', 'Z' -> "";
      case '%' -> "%";
      default -> throw PyError.value("strftime_now: unknown directive '%" + directive + "'");
    };
  }

  /** The week of the year; day 0 begins a week. */
  private int week(int dayOfWeek) {
    return (time.getDayOfYear() - 1 + DAYS_A_WEEK - dayOfWeek) / DAYS_A_WEEK;
  }

  private static String text(String text, char flag) {
    return switch (flag) {
      case '^', '#' -> text.toUpperCase(Locale.ROOT);
      case 'l' -> text.toLowerCase(Locale.ROOT);
      default -> text;
    };
  }

  private static String number(int value, int width, char padding, char flag) {
    char pad =
        switch (flag) {
          case '_' -> ' ';
          case '0' -> '0';
          default -> padding;
        };
    String digits = Integer.toString(value);
    return flag == '-'
        ? digits
        : String.valueOf(pad).repeat(Math.max(0, width - digits.length())) + digits;
  }
}
