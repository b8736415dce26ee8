package dev.sconce.ops;

import dev.sconce.base.MalformedFileException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Parses one schema line.
 *
 * <pre>
 * schema   = name [ "." overload ] "(" [ argument { "," argument } ] ")" "->" results
 * argument = "*" | type name [ "=" default ]
 * type     = base [ alias ] [ "?" ] { "[" [ length ] "]" [ "?" ] }
 * alias    = "(" set [ "!" ] ")"
 * results  = result | "(" [ result { "," result } ] ")"
 * </pre>
 */
final class SchemaParser {

  private static final int MAX_LIST_LENGTH = 64;

  private final String file;
  private final int line;
  private final String text;
  private int at;

  SchemaParser(String file, int line, String text) {
    this.file = file;
    this.line = line;
    this.text = text;
  }

  OperatorSchema schema() {
    String namespace = word("a namespace");
    expect("::");
    String name = namespace + "::" + word("a name");
    String overload = accept(".") ? word("an overload") : "";
    List<Argument> arguments = arguments();
    expect("->");
    List<Result> results = results();
    skipSpace();
    if (at != text.length()) {
      throw malformed("the end of the line");
    }
    return new OperatorSchema(name, overload, arguments, results);
  }

  private List<Argument> arguments() {
    List<Argument> arguments = new ArrayList<>();
    Set<String> names = new HashSet<>();
    expect("(");
    boolean keywordOnly = false;
    while (!accept(")")) {
      if (!arguments.isEmpty() || keywordOnly) {
        expect(",");
      }
      if (!keywordOnly && accept("*")) {
        keywordOnly = true;
        continue;
      }
      Typed typed = type();
      String name = word("the name of an argument");
      if (!names.add(name)) {
        throw malformed("a name other than the '" + name + "' before");
      }
      Optional<DefaultValue> value =
          accept("=") ? Optional.of(defaultValue(typed.type)) : Optional.empty();
      arguments.add(new Argument(name, typed.type, value, keywordOnly, typed.alias));
    }
    return arguments;
  }

  private List<Result> results() {
    List<Result> results = new ArrayList<>();
    if (!accept("(")) {
      Typed typed = type();
      return List.of(new Result(Optional.empty(), typed.type, typed.alias));
    }
    while (!accept(")")) {
      if (!results.isEmpty()) {
        expect(",");
      }
      Typed typed = type();
      skipSpace();
      Optional<String> name =
          at < text.length() && isWord(text.charAt(at))
              ? Optional.of(word("a name"))
              : Optional.empty();
      results.add(new Result(name, typed.type, typed.alias));
    }
    return results;
  }

  private record Typed(ArgumentType type, Optional<Alias> alias) {}

  private Typed type() {
    skipSpace();
    int start = at;
    String base = word("a type");
    boolean symbolic = base.equals("SymInt");
    ArgumentType.Kind kind = kind(symbolic ? "int" : base, start);
    Optional<Alias> alias = Optional.empty();
    if (acceptHere("(")) {
      String set = word("an alias set");
      alias = Optional.of(new Alias(set, acceptHere("!")));
      expect(")");
    }
    boolean optional = acceptHere("?");
    if (!acceptHere("[")) {
      return new Typed(new ArgumentType(kind, symbolic, false, 0, false, optional), alias);
    }
    int length = 0;
    if (!acceptHere("]")) {
      long given = integer(number());
      if (given <= 0 || given > MAX_LIST_LENGTH) {
        throw malformed("a list length between 1 and " + MAX_LIST_LENGTH + " before this");
      }
      length = (int) given;
      expect("]");
    }
    boolean optionalList = acceptHere("?");
    return new Typed(new ArgumentType(kind, symbolic, true, length, optional, optionalList), alias);
  }

  private ArgumentType.Kind kind(String base, int start) {
    for (ArgumentType.Kind kind : ArgumentType.Kind.values()) {
      if (kind.schemaName().equals(base)) {
        return kind;
      }
    }
    at = start;
    throw malformed("a known type");
  }

  private DefaultValue defaultValue(ArgumentType type) {
    skipSpace();
    if (accept("None")) {
      return new DefaultValue.None();
    }
    if (accept("True")) {
      return new DefaultValue.Bool(true);
    }
    if (accept("False")) {
      return new DefaultValue.Bool(false);
    }
    if (accept("\"")) {
      int end = text.indexOf('"', at);
      if (end < 0) {
        throw malformed("a closing quotation mark");
      }
      String value = text.substring(at, end);
      at = end + 1;
      return new DefaultValue.Text(value);
    }
    if (accept("[")) {
      List<Long> values = new ArrayList<>();
      while (!accept("]")) {
        if (!values.isEmpty()) {
          expect(",");
        }
        values.add(integer(number()));
      }
      return new DefaultValue.Ints(values);
    }
    String number = number();
    if (type.list()) {
      return new DefaultValue.Ints(
          Collections.nCopies(Math.max(1, type.length()), integer(number)));
    }
    boolean real =
        type.kind() == ArgumentType.Kind.FLOAT || number.contains(".") || number.contains("e");
    return real ? new DefaultValue.Real(real(number)) : new DefaultValue.Int(integer(number));
  }

  private String number() {
    skipSpace();
    int start = at;
    while (at < text.length() && "+-.0123456789e".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    if (start == at) {
      throw malformed("a number");
    }
    return text.substring(start, at);
  }

  private long integer(String number) {
    try {
      return Long.parseLong(number);
    } catch (NumberFormatException e) {
      at -= number.length();
      throw malformed("an integer", e);
    }
  }

  private double real(String number) {
    try {
      return Double.parseDouble(number);
    } catch (NumberFormatException e) {
      at -= number.length();
      throw malformed("a number", e);
    }
  }

  private String word(String what) {
    skipSpace();
    int start = at;
    while (at < text.length() && isWord(text.charAt(at))) {
      at++;
    }
    if (start == at) {
      throw malformed(what);
    }
    return text.substring(start, at);
  }

  private static boolean isWord(char c) {
    return c == '_' || (c < 128 && Character.isLetterOrDigit(c));
  }

  private void expect(String token) {
    if (!accept(token)) {
      throw malformed("'" + token + "'");
    }
  }

  private boolean accept(String token) {
    skipSpace();
    return acceptHere(token);
  }

  private boolean acceptHere(String token) {
    if (!text.startsWith(token, at)) {
      return false;
    }
    at += token.length();
    return true;
  }

  private void skipSpace() {
    while (at < text.length() && text.charAt(at) == ' ') {
      at++;
    }
  }

  private MalformedFileException malformed(String expected) {
    return malformed(expected, null);
  }

  private MalformedFileException malformed(String expected, @Nullable Exception cause) {
    String found = at >= text.length() ? "the end of the line" : "'" + text.substring(at) + "'";
    MalformedFileException malformed =
        new MalformedFileException(
            file, -1, "line " + line + ", column " + (at + 1), expected, found);
    if (cause != null) {
      malformed.initCause(cause);
    }
    return malformed;
  }
}
