package dev.sconce.text.internal.regex;

import dev.sconce.text.internal.regex.RegexNode.Assertion;
import dev.sconce.text.internal.regex.RegexNode.Mode;
import dev.sconce.text.internal.unicode.CodePointRanges;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Parses Oniguruma's syntax (and, where they differ, that of Rust's fancy-regex) into nodes.
 *
 * <p>Precedence, from loosest: alternation, concatenation, quantifier, atom. Character classes are
 * read by {@link ClassParser}.
 */
final class RegexParser {

  private static final int MAX_DEPTH = 200;
  private static final int MAX_COUNT = 100_000;

  private final PatternText in;
  private final RegexFlavor flavor;
  private final Map<String, Integer> groupNames = new HashMap<>();
  private int groups;
  private int depth;
  private Flags flags = new Flags(false, false, false);

  /** The options of the group being read. */
  record Flags(boolean ignoreCase, boolean dotAll, boolean extended) {}

  RegexParser(String pattern, RegexFlavor flavor) {
    this.in = new PatternText(pattern, flavor);
    this.flavor = flavor;
  }

  /** Parses the whole pattern. */
  RegexNode parse() throws RegexSyntaxException {
    RegexNode node = alternation();
    if (!in.atEnd()) {
      throw in.error("an unmatched ')'");
    }
    return node;
  }

  int groups() {
    return groups;
  }

  private RegexNode alternation() throws RegexSyntaxException {
    if (++depth > MAX_DEPTH) {
      throw in.error("groups nested deeper than " + MAX_DEPTH);
    }
    Flags outer = flags;
    List<RegexNode> alternatives = new ArrayList<>();
    alternatives.add(concatenation());
    while (in.take('|')) {
      alternatives.add(concatenation());
    }
    flags = outer;
    depth--;
    return alternatives.size() == 1
        ? alternatives.getFirst()
        : new RegexNode.Alternation(List.copyOf(alternatives));
  }

  private RegexNode concatenation() throws RegexSyntaxException {
    List<RegexNode> parts = new ArrayList<>();
    StringBuilder literal = new StringBuilder();
    while (!in.atEnd() && in.peek() != '|' && in.peek() != ')') {
      if (flags.extended() && skipsExtended()) {
        continue;
      }
      int literalFrom = literal.length();
      RegexNode atom = atom(literal);
      if (literal.length() == literalFrom || !flags.ignoreCase()) {
        literal.setLength(0);
      } else {
        CaseFolding.check(literal, in);
      }
      parts.add(quantified(atom));
    }
    return parts.size() == 1 ? parts.getFirst() : new RegexNode.Concat(List.copyOf(parts));
  }

  private boolean skipsExtended() {
    int c = in.peek();
    if (c == '#') {
      while (!in.atEnd() && in.next() != '\n') {
        // a comment lasts to the end of the line
      }
      return true;
    }
    if (c == ' ' || (c >= '\t' && c <= '\r')) {
      in.next();
      return true;
    }
    return false;
  }

  private RegexNode quantified(RegexNode atom) throws RegexSyntaxException {
    RegexNode node = atom;
    while (!in.atEnd()) {
      int min;
      int max;
      boolean interval = false;
      switch (in.peek()) {
        case '?' -> {
          in.next();
          min = 0;
          max = 1;
        }
        case '*' -> {
          in.next();
          min = 0;
          max = -1;
        }
        case '+' -> {
          in.next();
          min = 1;
          max = -1;
        }
        case '{' -> {
          int[] bounds = in.takeInterval();
          if (bounds.length == 0) {
            return node;
          }
          min = bounds[0];
          max = bounds[1];
          interval = true;
        }
        default -> {
          return node;
        }
      }
      if (min > MAX_COUNT || max > MAX_COUNT || (max >= 0 && max < min)) {
        throw in.error("a repetition of " + min + " to " + max + " times");
      }
      node = new RegexNode.Repeat(node, min, max, mode(interval, min == max));
    }
    return node;
  }

  // Oniguruma takes {n,m}+ for a repetition of a repetition, and {n}? for an optional one.
  private Mode mode(boolean interval, boolean exact) {
    boolean onig = flavor == RegexFlavor.ONIGURUMA;
    if (!in.atEnd() && in.peek() == '?' && !(onig && interval && exact)) {
      in.next();
      return Mode.LAZY;
    }
    if (!in.atEnd() && in.peek() == '+' && !(onig && interval)) {
      in.next();
      return Mode.POSSESSIVE;
    }
    return Mode.GREEDY;
  }

  private RegexNode atom(StringBuilder literal) throws RegexSyntaxException {
    int c = in.next();
    return switch (c) {
      case '.' ->
          new RegexNode.Characters(
              flags.dotAll()
                  ? CodePointRanges.range(0, Character.MAX_CODE_POINT)
                  : CodePointRanges.of('\n').complement());
      case '^' -> line(Assertion.LINE_START, Assertion.TEXT_START);
      case '$' -> line(Assertion.LINE_END, Assertion.TEXT_END);
      case '[' -> new RegexNode.Characters(new ClassParser(in, flags.ignoreCase()).parse());
      case '(' -> group();
      case '\\' -> escape(literal);
      case '?', '*', '+' -> throw in.error("a quantifier with nothing to repeat");
      default -> literal(c, literal);
    };
  }

  // In Rust joiners are parts of words; no tokenizer's pattern asks for boundaries of those.
  private RegexNode wordBoundary(Assertion kind) throws RegexSyntaxException {
    if (flavor == RegexFlavor.FANCY) {
      throw in.error("a word boundary of Rust's kind");
    }
    return kind;
  }

  // In Oniguruma ^ and $ look at lines, in Rust at the text.
  private RegexNode line(Assertion onig, Assertion rust) {
    return flavor == RegexFlavor.ONIGURUMA ? onig : rust;
  }

  private RegexNode literal(int c, StringBuilder literal) {
    literal.appendCodePoint(c);
    CodePointRanges one = CodePointRanges.of(c);
    return new RegexNode.Characters(flags.ignoreCase() ? CaseFolding.close(one) : one);
  }

  private RegexNode escape(StringBuilder literal) throws RegexSyntaxException {
    if (in.atEnd()) {
      throw in.error("a backslash at the end");
    }
    int c = in.peek();
    switch (c) {
      case 'A' -> {
        in.next();
        return Assertion.TEXT_START;
      }
      case 'z' -> {
        in.next();
        return Assertion.TEXT_END;
      }
      case 'Z' -> {
        in.next();
        return Assertion.TEXT_END_OR_FINAL_NEWLINE;
      }
      case 'b' -> {
        in.next();
        return wordBoundary(Assertion.WORD_BOUNDARY);
      }
      case 'B' -> {
        in.next();
        return wordBoundary(Assertion.NOT_WORD_BOUNDARY);
      }
      case 'k' -> {
        in.next();
        String name = in.takeName();
        Integer group = groupNames.get(name);
        if (group == null) {
          throw in.error("a reference to the unknown group '" + name + "'");
        }
        return backReference(group);
      }
      case '1', '2', '3', '4', '5', '6', '7', '8', '9' -> {
        in.next();
        int group = c - '0';
        if (group > groups || (!in.atEnd() && Character.isDigit(in.peek()))) {
          throw in.error("a back reference or octal escape beyond the groups so far");
        }
        return backReference(group);
      }
      default -> {
        // \p and the classes stand for sets, everything else for one character
      }
    }
    CodePointRanges set = ClassEscapes.takeSet(in);
    if (set != null) {
      return new RegexNode.Characters(flags.ignoreCase() ? CaseFolding.close(set) : set);
    }
    return literal(ClassEscapes.takeCharacter(in, false), literal);
  }

  private RegexNode backReference(int group) throws RegexSyntaxException {
    if (flags.ignoreCase()) {
      throw in.error("a back reference that ignores case");
    }
    return new RegexNode.BackReference(group);
  }

  private RegexNode group() throws RegexSyntaxException {
    if (!in.take('?')) {
      return capture();
    }
    if (in.atEnd()) {
      throw in.error("a group without end");
    }
    int c = in.next();
    return switch (c) {
      case ':' -> close(alternation());
      case '=' -> new RegexNode.LookAhead(close(alternation()), false);
      case '!' -> new RegexNode.LookAhead(close(alternation()), true);
      case '>' -> new RegexNode.Atomic(close(alternation()));
      case '#' -> {
        while (!in.atEnd() && in.peek() != ')') {
          in.next();
        }
        yield close(new RegexNode.Concat(List.of()));
      }
      case '<', 'P' -> angle(c);
      default -> flagGroup(c);
    };
  }

  private RegexNode angle(int c) throws RegexSyntaxException {
    if (c == '<' && in.take('=')) {
      return new RegexNode.LookBehind(close(alternation()), false);
    }
    if (c == '<' && in.take('!')) {
      return new RegexNode.LookBehind(close(alternation()), true);
    }
    if (c == 'P' && !in.take('<')) {
      throw in.error("a group (?P that is no named group");
    }
    String name = in.takeUntil('>');
    if (name.isEmpty() || groupNames.put(name, groups + 1) != null) {
      throw in.error("a group with the empty or repeated name '" + name + "'");
    }
    return capture();
  }

  private RegexNode capture() throws RegexSyntaxException {
    int number = ++groups;
    return new RegexNode.Capture(number, close(alternation()));
  }

  // (?imx-imx) to the end of the group, (?imx-imx:…) for one group; m is "dot matches all" in
  // Oniguruma, where Rust calls that s.
  private RegexNode flagGroup(int first) throws RegexSyntaxException {
    Flags outer = flags;
    boolean on = true;
    int c = first;
    while (c != ':' && c != ')') {
      boolean onig = flavor == RegexFlavor.ONIGURUMA;
      if (c == '-') {
        on = false;
      } else if (c == 'i') {
        flags = new Flags(on, flags.dotAll(), flags.extended());
      } else if (c == (onig ? 'm' : 's')) {
        flags = new Flags(flags.ignoreCase(), on, flags.extended());
      } else if (c == 'x') {
        flags = new Flags(flags.ignoreCase(), flags.dotAll(), on);
      } else {
        throw in.error("a group (?" + Character.toString(c));
      }
      if (in.atEnd()) {
        throw in.error("a group without end");
      }
      c = in.next();
    }
    if (c == ')') {
      // The rest of the enclosing group is one operand: a(?i)b|c is a(?i:b|c) in Oniguruma.
      RegexNode rest = rest();
      flags = outer;
      return rest;
    }
    RegexNode body = close(alternation());
    flags = outer;
    return body;
  }

  private RegexNode rest() throws RegexSyntaxException {
    if (flavor == RegexFlavor.ONIGURUMA) {
      return alternation();
    }
    throw in.error("a flag without a group of its own");
  }

  private RegexNode close(RegexNode body) throws RegexSyntaxException {
    if (!in.take(')')) {
      throw in.error("a group without end");
    }
    return body;
  }
}
