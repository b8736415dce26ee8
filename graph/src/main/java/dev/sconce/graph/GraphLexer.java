package dev.sconce.graph;

import dev.sconce.base.MalformedFileException;
import dev.sconce.base.json.Json;
import dev.sconce.base.json.JsonString;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Splits the text form of graphs into tokens. */
final class GraphLexer {

  private static final Pattern SPACE = Pattern.compile("(?:\\s|//[^\\n]*)*+");
  private static final Pattern TOKEN =
      Pattern.compile(
          "%[\\w.]++" // a value
              + "|\"(?:[^\"\\\\]|\\\\.)*+\"" // a string
              + "|-?(?:\\d++(?:\\.(?!\\.)\\d*+)?(?:[eE][-+]?\\d++)?|Infinity)" // a number
              + "|[A-Za-z_]\\w*+(?:(?:::|\\.)\\w++)*+" // a word or operator name
              + "|:=|<-|\\.\\.|[\\[\\](){},:=*+-]"); // punctuation

  private final String text;
  private final Matcher space;
  private final Matcher token;
  private String next = "";
  private int start;
  private int end;

  GraphLexer(String text) {
    this.text = text;
    this.space = SPACE.matcher(text);
    this.token = TOKEN.matcher(text);
    advance();
  }

  /** Returns the next token without consuming it; empty at the end. */
  String peek() {
    return next;
  }

  String take() {
    String taken = next;
    if (taken.isEmpty()) {
      throw error("more text");
    }
    advance();
    return taken;
  }

  boolean accept(String expected) {
    if (!next.equals(expected)) {
      return false;
    }
    advance();
    return true;
  }

  void expect(String expected) {
    if (!accept(expected)) {
      throw error("'" + expected + "'");
    }
  }

  String word() {
    if (next.isEmpty() || !Character.isJavaIdentifierStart(next.charAt(0))) {
      throw error("a name");
    }
    return take();
  }

  /** Takes a value's name, without the percent sign. */
  String valueName() {
    if (!next.startsWith("%")) {
      throw error("a value");
    }
    return take().substring(1);
  }

  long integer() {
    try {
      long value = Long.parseLong(next);
      advance();
      return value;
    } catch (NumberFormatException e) {
      throw error("an integer");
    }
  }

  String string() {
    if (!next.startsWith("\"")) {
      throw error("a string");
    }
    return ((JsonString) Json.parse("graph", take())).value();
  }

  MalformedFileException error(String expected) {
    long line = text.substring(0, start).lines().count();
    return new MalformedFileException(
        "graph",
        start,
        "line " + Math.max(1, line),
        expected,
        next.isEmpty() ? "the end" : "'" + next + "'");
  }

  private void advance() {
    space.region(end, text.length());
    start = space.lookingAt() ? space.end() : end;
    token.region(start, text.length());
    if (token.lookingAt()) {
      next = token.group();
      end = token.end();
    } else if (start == text.length()) {
      next = "";
      end = start;
    } else {
      next = text.substring(start, start + 1);
      end = start + 1;
    }
  }
}
