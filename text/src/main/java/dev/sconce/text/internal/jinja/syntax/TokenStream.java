package dev.sconce.text.internal.jinja.syntax;

import dev.sconce.text.internal.jinja.python.PyError;
import dev.sconce.text.internal.jinja.python.PyRepr;
import java.util.List;

/** The tokens of a template with a cursor. */
final class TokenStream {

  private static final int MAX_DEPTH = 120;

  private final List<Token> tokens;
  private int at;
  private int depth;

  TokenStream(List<Token> tokens) {
    this.tokens = tokens;
  }

  Token current() {
    return tokens.get(at);
  }

  Token look() {
    return tokens.get(Math.min(at + 1, tokens.size() - 1));
  }

  boolean at(TokenKind kind) {
    return current().kind() == kind;
  }

  boolean at(String keyword) {
    return current().is(keyword);
  }

  Token next() {
    Token token = current();
    if (token.kind() != TokenKind.EOF) {
      at++;
    }
    return token;
  }

  boolean skipIf(TokenKind kind) {
    if (at(kind)) {
      next();
      return true;
    }
    return false;
  }

  boolean skipIf(String keyword) {
    if (at(keyword)) {
      next();
      return true;
    }
    return false;
  }

  Token expect(TokenKind kind) {
    if (!at(kind)) {
      throw expected(kind.description());
    }
    return next();
  }

  Token expect(String keyword) {
    if (!at(keyword)) {
      throw expected(keyword);
    }
    return next();
  }

  private PyError expected(String what) {
    if (at(TokenKind.EOF)) {
      return error("unexpected end of template, expected " + PyRepr.quote(what) + ".");
    }
    return error(
        "expected token " + PyRepr.quote(what) + ", got " + PyRepr.quote(current().describe()));
  }

  PyError error(String message) {
    return error(message, current().line());
  }

  PyError error(String message, int line) {
    return new PyError(PyError.Kind.SYNTAX, message, line);
  }

  /** Enters a nested construct; too many of them are an error. */
  void enter() {
    if (++depth > MAX_DEPTH) {
      throw error("expressions and blocks nested at most " + MAX_DEPTH + " deep");
    }
  }

  void leave() {
    depth--;
  }
}
