package dev.sconce.text.internal.jinja.syntax;

import dev.sconce.text.internal.jinja.python.PyNone;
import dev.sconce.text.internal.jinja.python.PyValue;

/**
 * A token of a template.
 *
 * @param kind what it is
 * @param text the data, or the name; otherwise as spelled
 * @param value the value of a literal
 * @param line the line it starts on, counted from 1
 */
record Token(TokenKind kind, String text, PyValue value, int line) {

  Token(TokenKind kind, String text, int line) {
    this(kind, text, PyNone.NONE, line);
  }

  boolean is(String keyword) {
    return kind == TokenKind.NAME && text.equals(keyword);
  }

  String describe() {
    return kind == TokenKind.NAME ? text : kind.description();
  }
}
