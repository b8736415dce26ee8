package dev.sconce.text.internal.jinja.syntax;

import dev.sconce.text.internal.jinja.python.Arithmetic;
import dev.sconce.text.internal.jinja.python.PyBool;
import dev.sconce.text.internal.jinja.python.PyNone;
import dev.sconce.text.internal.jinja.python.PyRepr;
import dev.sconce.text.internal.jinja.python.PyStr;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Parses expressions. From loosest to tightest:
 *
 * <pre>
 *   a if b else c · or · and · not · comparisons · + - · ~ · * / // % · ** (to the left) · sign
 *   · attribute, item, call · filter and test
 * </pre>
 */
final class ExpressionParser {

  private static final Expr NONE = new Expr.Constant(PyNone.NONE);

  private final TokenStream stream;

  ExpressionParser(TokenStream stream) {
    this.stream = stream;
  }

  Expr expression() {
    stream.enter();
    int line = stream.current().line();
    Expr value = or();
    while (stream.skipIf("if")) {
      Expr test = or();
      Expr otherwise = stream.skipIf("else") ? expression() : null;
      value = new Expr.Conditional(test, value, otherwise, line);
      line = stream.current().line();
    }
    stream.leave();
    return value;
  }

  Expr or() {
    Expr left = and();
    while (stream.skipIf("or")) {
      left = new Expr.Logical(false, left, and());
    }
    return left;
  }

  private Expr and() {
    Expr left = not();
    while (stream.skipIf("and")) {
      left = new Expr.Logical(true, left, not());
    }
    return left;
  }

  private Expr not() {
    if (!stream.skipIf("not")) {
      return comparison();
    }
    stream.enter();
    Expr operand = not();
    stream.leave();
    return new Expr.Not(operand);
  }

  private Expr comparison() {
    Expr first = sum();
    List<Expr.Comparand> links = new ArrayList<>();
    while (true) {
      Expr.Comparator operator = comparator();
      if (operator == null) {
        return links.isEmpty() ? first : new Expr.Compare(first, links);
      }
      links.add(new Expr.Comparand(operator, sum()));
    }
  }

  private Expr.@Nullable Comparator comparator() {
    Expr.Comparator operator =
        switch (stream.current().kind()) {
          case EQ -> Expr.Comparator.EQ;
          case NE -> Expr.Comparator.NE;
          case LT -> Expr.Comparator.LT;
          case LTEQ -> Expr.Comparator.LE;
          case GT -> Expr.Comparator.GT;
          case GTEQ -> Expr.Comparator.GE;
          default -> null;
        };
    if (operator == null && stream.at("in")) {
      operator = Expr.Comparator.IN;
    } else if (operator == null && stream.at("not") && stream.look().is("in")) {
      stream.next();
      operator = Expr.Comparator.NOT_IN;
    }
    if (operator != null) {
      stream.next();
    }
    return operator;
  }

  private Expr sum() {
    Expr left = concat();
    while (true) {
      if (stream.skipIf(TokenKind.ADD)) {
        left = new Expr.Binary(Arithmetic.Operator.ADD, left, concat());
      } else if (stream.skipIf(TokenKind.SUB)) {
        left = new Expr.Binary(Arithmetic.Operator.SUBTRACT, left, concat());
      } else {
        return left;
      }
    }
  }

  private Expr concat() {
    Expr first = product();
    if (!stream.at(TokenKind.TILDE)) {
      return first;
    }
    List<Expr> parts = new ArrayList<>();
    parts.add(first);
    while (stream.skipIf(TokenKind.TILDE)) {
      parts.add(product());
    }
    return new Expr.Concat(parts);
  }

  private Expr product() {
    Expr left = power();
    while (true) {
      Arithmetic.Operator operator =
          switch (stream.current().kind()) {
            case MUL -> Arithmetic.Operator.MULTIPLY;
            case DIV -> Arithmetic.Operator.DIVIDE;
            case FLOORDIV -> Arithmetic.Operator.FLOOR_DIVIDE;
            case MOD -> Arithmetic.Operator.MODULO;
            default -> null;
          };
      if (operator == null) {
        return left;
      }
      stream.next();
      left = new Expr.Binary(operator, left, power());
    }
  }

  private Expr power() {
    Expr left = unary(true);
    while (stream.skipIf(TokenKind.POW)) {
      left = new Expr.Binary(Arithmetic.Operator.POWER, left, unary(true));
    }
    return left;
  }

  private Expr unary(boolean withFilter) {
    Expr value;
    boolean minus = stream.at(TokenKind.SUB);
    if (minus || stream.at(TokenKind.ADD)) {
      stream.next();
      stream.enter();
      value = new Expr.Sign(minus, unary(false));
      stream.leave();
    } else {
      value = primary();
    }
    value = postfix(value);
    return withFilter ? filters(value) : value;
  }

  Expr primary() {
    Token token = stream.current();
    return switch (token.kind()) {
      case NAME -> name(stream.next().text());
      case STRING -> strings();
      case INTEGER, FLOAT -> new Expr.Constant(stream.next().value());
      case LPAREN -> {
        stream.next();
        Expr value = tuple(true, true, "");
        stream.expect(TokenKind.RPAREN);
        yield value;
      }
      case LBRACKET -> list();
      case LBRACE -> dict();
      default -> throw stream.error("unexpected " + PyRepr.quote(token.describe()));
    };
  }

  private static Expr name(String name) {
    return switch (name) {
      case "true", "True" -> new Expr.Constant(PyBool.TRUE);
      case "false", "False" -> new Expr.Constant(PyBool.FALSE);
      case "none", "None" -> NONE;
      default -> new Expr.Name(name);
    };
  }

  /** Parses strings one after the other, which are one. */
  private Expr strings() {
    StringBuilder text = new StringBuilder();
    while (stream.at(TokenKind.STRING)) {
      text.append(PyRepr.str(stream.next().value()));
    }
    return new Expr.Constant(PyStr.of(text.toString()));
  }

  /**
   * Parses an expression, or several with commas between them as a tuple.
   *
   * @param conditional whether {@code a if b} may stand there
   * @param parenthesised whether an empty tuple may
   * @param end a keyword that ends the tuple; empty for none
   */
  Expr tuple(boolean conditional, boolean parenthesised, String end) {
    List<Expr> items = new ArrayList<>();
    boolean isTuple = false;
    while (true) {
      if (!items.isEmpty()) {
        stream.expect(TokenKind.COMMA);
      }
      if (atTupleEnd(end)) {
        break;
      }
      items.add(conditional ? expression() : or());
      if (!stream.at(TokenKind.COMMA)) {
        break;
      }
      isTuple = true;
    }
    if (!isTuple) {
      if (!items.isEmpty()) {
        return items.getFirst();
      }
      if (!parenthesised) {
        throw stream.error(
            "Expected an expression, got " + PyRepr.quote(stream.current().describe()));
      }
    }
    return new Expr.TupleLiteral(items);
  }

  boolean atTupleEnd(String end) {
    return switch (stream.current().kind()) {
      case VARIABLE_END, BLOCK_END, RPAREN -> true;
      default -> !end.isEmpty() && stream.at(end);
    };
  }

  private Expr list() {
    stream.expect(TokenKind.LBRACKET);
    List<Expr> items = new ArrayList<>();
    while (!stream.at(TokenKind.RBRACKET)) {
      if (!items.isEmpty()) {
        stream.expect(TokenKind.COMMA);
      }
      if (stream.at(TokenKind.RBRACKET)) {
        break;
      }
      items.add(expression());
    }
    stream.expect(TokenKind.RBRACKET);
    return new Expr.ListLiteral(items);
  }

  private Expr dict() {
    stream.expect(TokenKind.LBRACE);
    List<Expr> items = new ArrayList<>();
    while (!stream.at(TokenKind.RBRACE)) {
      if (!items.isEmpty()) {
        stream.expect(TokenKind.COMMA);
      }
      if (stream.at(TokenKind.RBRACE)) {
        break;
      }
      items.add(expression());
      stream.expect(TokenKind.COLON);
      items.add(expression());
    }
    stream.expect(TokenKind.RBRACE);
    return new Expr.DictLiteral(items);
  }

  Expr postfix(Expr target) {
    Expr value = target;
    while (true) {
      if (stream.at(TokenKind.DOT) || stream.at(TokenKind.LBRACKET)) {
        value = subscript(value);
      } else if (stream.at(TokenKind.LPAREN)) {
        value = new Expr.Call(value, arguments());
      } else {
        return value;
      }
    }
  }

  private Expr filters(Expr input) {
    Expr value = input;
    while (true) {
      if (stream.at(TokenKind.PIPE)) {
        stream.next();
        value = filter(value);
      } else if (stream.at("is")) {
        value = test(value);
      } else if (stream.at(TokenKind.LPAREN)) {
        value = new Expr.Call(value, arguments());
      } else {
        return value;
      }
    }
  }

  private Expr subscript(Expr target) {
    if (stream.skipIf(TokenKind.DOT)) {
      Token name = stream.next();
      return switch (name.kind()) {
        case NAME -> new Expr.Attribute(target, name.text());
        case INTEGER -> new Expr.Item(target, new Expr.Constant(name.value()));
        default -> throw stream.error("expected name or number", name.line());
      };
    }
    int line = stream.expect(TokenKind.LBRACKET).line();
    List<Expr> keys = new ArrayList<>();
    Expr slice = null;
    boolean any = false;
    while (!stream.at(TokenKind.RBRACKET)) {
      if (any) {
        stream.expect(TokenKind.COMMA);
      }
      any = true;
      Expr first = stream.at(TokenKind.COLON) ? NONE : expression();
      if (stream.at(TokenKind.COLON)) {
        slice = slice(target, first);
      } else {
        keys.add(first);
      }
    }
    stream.expect(TokenKind.RBRACKET);
    if (slice != null) {
      if (!keys.isEmpty()) {
        throw stream.error("invalid syntax: a slice among other subscripts", line);
      }
      return slice;
    }
    return new Expr.Item(target, keys.size() == 1 ? keys.getFirst() : new Expr.TupleLiteral(keys));
  }

  private Expr slice(Expr target, Expr start) {
    stream.expect(TokenKind.COLON);
    Expr stop = atSliceEnd() || stream.at(TokenKind.COLON) ? NONE : expression();
    Expr step = NONE;
    if (stream.skipIf(TokenKind.COLON) && !atSliceEnd()) {
      step = expression();
    }
    return new Expr.Slice(target, start, stop, step);
  }

  private boolean atSliceEnd() {
    return stream.at(TokenKind.RBRACKET) || stream.at(TokenKind.COMMA);
  }

  Expr.Arguments arguments() {
    int line = stream.expect(TokenKind.LPAREN).line();
    List<Expr> positional = new ArrayList<>();
    List<Expr.Keyword> keywords = new ArrayList<>();
    Expr spreadPositional = null;
    Expr spreadKeywords = null;
    boolean comma = false;
    while (!stream.at(TokenKind.RPAREN)) {
      if (comma) {
        stream.expect(TokenKind.COMMA);
        if (stream.at(TokenKind.RPAREN)) {
          break;
        }
      }
      comma = true;
      boolean valid;
      if (stream.skipIf(TokenKind.MUL)) {
        valid = spreadPositional == null && spreadKeywords == null;
        spreadPositional = expression();
      } else if (stream.skipIf(TokenKind.POW)) {
        valid = spreadKeywords == null;
        spreadKeywords = expression();
      } else if (stream.at(TokenKind.NAME) && stream.look().kind() == TokenKind.ASSIGN) {
        valid = spreadKeywords == null;
        String name = stream.next().text();
        stream.next();
        valid &= keywords.stream().noneMatch(keyword -> keyword.name().equals(name));
        keywords.add(new Expr.Keyword(name, expression()));
      } else {
        valid = spreadPositional == null && spreadKeywords == null && keywords.isEmpty();
        positional.add(expression());
      }
      if (!valid) {
        throw stream.error("invalid syntax for function call expression", line);
      }
    }
    stream.expect(TokenKind.RPAREN);
    return new Expr.Arguments(positional, keywords, spreadPositional, spreadKeywords);
  }

  /** Parses the name and arguments of a filter; the cursor stands after the bar. */
  Expr filter(@Nullable Expr input) {
    String name = dottedName();
    Expr.Arguments arguments = stream.at(TokenKind.LPAREN) ? arguments() : Expr.Arguments.none();
    return new Expr.Filter(input, name, arguments);
  }

  private String dottedName() {
    StringBuilder name = new StringBuilder(stream.expect(TokenKind.NAME).text());
    while (stream.skipIf(TokenKind.DOT)) {
      name.append('.').append(stream.expect(TokenKind.NAME).text());
    }
    return name.toString();
  }

  private Expr test(Expr input) {
    stream.expect("is");
    boolean negated = stream.skipIf("not");
    String name = dottedName();
    Expr.Arguments arguments = Expr.Arguments.none();
    if (stream.at(TokenKind.LPAREN)) {
      arguments = arguments();
    } else if (atTestArgument()) {
      if (stream.at("is")) {
        throw stream.error("You cannot chain multiple tests with is");
      }
      arguments = new Expr.Arguments(List.of(postfix(primary())), List.of(), null, null);
    }
    Expr test = new Expr.Test(input, name, arguments);
    return negated ? new Expr.Not(test) : test;
  }

  private boolean atTestArgument() {
    return switch (stream.current().kind()) {
      case NAME -> !stream.at("else") && !stream.at("or") && !stream.at("and");
      case STRING, INTEGER, FLOAT, LBRACKET, LBRACE -> true;
      default -> false;
    };
  }
}
