package dev.sconce.text.internal.regex;

import dev.sconce.text.internal.unicode.CodePointRanges;
import dev.sconce.text.internal.unicode.CodePointTable;
import dev.sconce.text.internal.unicode.UnicodeTables;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a backslash or a POSIX bracket stands for. */
final class ClassEscapes {

  private static final Map<String, List<String>> GROUPS =
      Map.of(
          "c", List.of("Cc", "Cf", "Cn", "Co", "Cs"),
          "l", List.of("Ll", "Lm", "Lo", "Lt", "Lu"),
          "lc", List.of("Ll", "Lt", "Lu"),
          "m", List.of("Mc", "Me", "Mn"),
          "n", List.of("Nd", "Nl", "No"),
          "p", List.of("Pc", "Pd", "Pe", "Pf", "Pi", "Po", "Ps"),
          "s", List.of("Sc", "Sk", "Sm", "So"),
          "z", List.of("Zl", "Zp", "Zs"));

  private static final Map<String, String> LONG_NAMES =
      Map.ofEntries(
          Map.entry("other", "c"),
          Map.entry("letter", "l"),
          Map.entry("casedletter", "lc"),
          Map.entry("mark", "m"),
          Map.entry("number", "n"),
          Map.entry("punctuation", "p"),
          Map.entry("symbol", "s"),
          Map.entry("separator", "z"),
          Map.entry("control", "cc"),
          Map.entry("format", "cf"),
          Map.entry("unassigned", "cn"),
          Map.entry("privateuse", "co"),
          Map.entry("surrogate", "cs"),
          Map.entry("lowercaseletter", "ll"),
          Map.entry("modifierletter", "lm"),
          Map.entry("otherletter", "lo"),
          Map.entry("titlecaseletter", "lt"),
          Map.entry("uppercaseletter", "lu"),
          Map.entry("spacingmark", "mc"),
          Map.entry("enclosingmark", "me"),
          Map.entry("nonspacingmark", "mn"),
          Map.entry("decimalnumber", "nd"),
          Map.entry("letternumber", "nl"),
          Map.entry("othernumber", "no"),
          Map.entry("connectorpunctuation", "pc"),
          Map.entry("dashpunctuation", "pd"),
          Map.entry("closepunctuation", "pe"),
          Map.entry("finalpunctuation", "pf"),
          Map.entry("initialpunctuation", "pi"),
          Map.entry("otherpunctuation", "po"),
          Map.entry("openpunctuation", "ps"),
          Map.entry("currencysymbol", "sc"),
          Map.entry("modifiersymbol", "sk"),
          Map.entry("mathsymbol", "sm"),
          Map.entry("othersymbol", "so"),
          Map.entry("lineseparator", "zl"),
          Map.entry("paragraphseparator", "zp"),
          Map.entry("spaceseparator", "zs"));

  private static final List<String> BINARY =
      List.of(
          "alpha",
          "lower",
          "upper",
          "punct",
          "graph",
          "print",
          "blank",
          "cntrl",
          "space",
          "word",
          "digit",
          "emoji",
          "extendedpictographic");

  // Zero-width joiner and non-joiner: parts of words in Rust, not in Oniguruma.
  private static final CodePointRanges JOINERS = CodePointRanges.range(0x200C, 0x200D);

  private ClassEscapes() {}

  /** Takes the escape after a backslash if it stands for a set; otherwise takes nothing. */
  static @Nullable CodePointRanges takeSet(PatternText in) throws RegexSyntaxException {
    if (in.atEnd()) {
      throw in.error("a backslash at the end");
    }
    int c = in.peek();
    String name =
        switch (c) {
          case 's', 'S' -> "onig.space";
          case 'w', 'W' -> "onig.word";
          case 'd', 'D' -> "onig.digit";
          default -> "";
        };
    if (!name.isEmpty()) {
      in.next();
      CodePointRanges set = UnicodeTables.get().set(name).ranges();
      if (name.equals("onig.word") && in.flavor() == RegexFlavor.FANCY) {
        set = set.union(JOINERS);
      }
      return Character.isUpperCase(c) ? set.complement() : set;
    }
    return switch (c) {
      case 'h', 'H' -> {
        in.next();
        yield c == 'H' ? hexDigits().complement() : hexDigits();
      }
      case 'p', 'P' -> {
        in.next();
        yield takeProperty(in, c == 'P');
      }
      case 'R', 'X', 'K', 'G', 'g', 'y', 'Y', 'N', 'O', 'C', 'M', 'c' ->
          throw in.error("the escape \\" + Character.toString(c));
      default -> null;
    };
  }

  private static CodePointRanges hexDigits() {
    return CodePointRanges.range('0', '9')
        .union(CodePointRanges.range('a', 'f'))
        .union(CodePointRanges.range('A', 'F'));
  }

  private static CodePointRanges takeProperty(PatternText in, boolean upper)
      throws RegexSyntaxException {
    String text;
    if (in.take('{')) {
      text = in.takeUntil('}');
    } else {
      // Rust allows \pL.
      text = in.atEnd() ? "" : Character.toString(in.next());
    }
    boolean negated = upper;
    if (text.startsWith("^")) {
      negated = !negated;
      text = text.substring(1);
    }
    CodePointRanges set = property(text);
    if (set == null) {
      throw in.error("the unknown property '" + text + "'");
    }
    return negated ? set.complement() : set;
  }

  private static @Nullable CodePointRanges property(String text) {
    String key = key(text);
    if (key.equals("any")) {
      return CodePointRanges.range(0, Character.MAX_CODE_POINT);
    }
    if (key.equals("ascii")) {
      return CodePointRanges.range(0, 0x7F);
    }
    if (key.equals("alnum")) {
      return set("alpha").union(set("digit"));
    }
    String category = LONG_NAMES.getOrDefault(key, key);
    List<String> group = GROUPS.get(category);
    CodePointTable categories = UnicodeTables.get().table("onig.category");
    if (group != null) {
      return categories.named(group.toArray(String[]::new));
    }
    for (String name : categories.names()) {
      if (key(name).equals(category)) {
        return categories.named(name);
      }
    }
    if (BINARY.contains(key)) {
      return set(key.equals("extendedpictographic") ? "extended_pictographic" : key);
    }
    switch (key) {
      case "alphabetic" -> {
        return set("alpha");
      }
      case "lowercase" -> {
        return set("lower");
      }
      case "uppercase" -> {
        return set("upper");
      }
      case "whitespace" -> {
        return set("space");
      }
      default -> {
        // a script
      }
    }
    CodePointTable scripts = UnicodeTables.get().table("onig.script");
    List<String> names = new ArrayList<>(scripts.names());
    names.remove("Unknown");
    for (String name : names) {
      if (key(name).equals(key)) {
        return scripts.named(name);
      }
    }
    return null;
  }

  // Names of properties ignore case, spaces, hyphens and underscores.
  private static String key(String name) {
    return name.replaceAll("[ _-]", "").toLowerCase(Locale.ROOT);
  }

  private static CodePointRanges set(String name) {
    return UnicodeTables.get().set("onig." + name).ranges();
  }

  /** Takes [:name:] or [:^name:] if it stands next. */
  static @Nullable CodePointRanges takePosix(PatternText in) throws RegexSyntaxException {
    List<String> names = new ArrayList<>(BINARY.subList(0, 11));
    names.add("alnum");
    for (String name : names) {
      for (String not : List.of("", "^")) {
        if (in.take("[:" + not + name + ":]")) {
          CodePointRanges set = property(name);
          if (set == null) {
            throw in.error("the class [:" + name + ":]");
          }
          return not.isEmpty() ? set : set.complement();
        }
      }
    }
    for (String not : List.of("", "^")) {
      if (in.take("[:" + not + "xdigit:]")) {
        return not.isEmpty() ? hexDigits() : hexDigits().complement();
      }
    }
    return null;
  }

  /** Takes the escape after a backslash, which stands for one character. */
  static int takeCharacter(PatternText in, boolean insideClass) throws RegexSyntaxException {
    int c = in.next();
    return switch (c) {
      case 't' -> '\t';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 'f' -> '\f';
      case 'v' -> 0x0B;
      case 'a' -> 0x07;
      case 'e' -> 0x1B;
      case 'b' -> {
        if (insideClass) {
          yield '\b';
        }
        throw in.error("a misplaced \\b");
      }
      case 'x' -> hex(in, in.take('{') ? -1 : 2);
      case 'u' -> hex(in, in.take('{') ? -1 : 4);
      case '0' -> {
        int value = 0;
        for (int i = 0; i < 2 && !in.atEnd() && in.peek() >= '0' && in.peek() <= '7'; i++) {
          value = value * 8 + in.next() - '0';
        }
        yield value;
      }
      default -> {
        if (Character.isLetterOrDigit(c) && c < 0x80) {
          throw in.error("the escape \\" + Character.toString(c));
        }
        yield c;
      }
    };
  }

  private static int hex(PatternText in, int digits) throws RegexSyntaxException {
    StringBuilder text = new StringBuilder();
    if (digits < 0) {
      text.append(in.takeUntil('}'));
    } else {
      while (text.length() < digits && !in.atEnd() && Character.digit(in.peek(), 16) >= 0) {
        text.appendCodePoint(in.next());
      }
    }
    if (text.isEmpty()
        || text.length() > 8
        || !text.chars().allMatch(d -> Character.digit(d, 16) >= 0)) {
      throw in.error("a bad hexadecimal escape");
    }
    long value = Long.parseLong(text.toString(), 16);
    if (value > Character.MAX_CODE_POINT) {
      throw in.error("a code point beyond 10FFFF");
    }
    return (int) value;
  }
}
