package dev.sconce.text.internal.jinja.syntax;

import dev.sconce.text.internal.jinja.python.PyBool;
import dev.sconce.text.internal.jinja.python.PyError;
import dev.sconce.text.internal.jinja.python.PyRepr;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Parses templates. */
public final class Parser {

  private final TokenStream stream;
  private final ExpressionParser expressions;

  /** The tags that are open, innermost first. */
  private final Deque<String> openTags = new ArrayDeque<>();

  /** The tags that the open ones wait for, innermost first. */
  private final Deque<List<String>> awaited = new ArrayDeque<>();

  private Parser(TokenStream stream) {
    this.stream = stream;
    this.expressions = new ExpressionParser(stream);
  }

  /**
   * Parses a template.
   *
   * @throws PyError if it is not well-formed
   */
  public static List<Stmt> parse(String template) {
    Parser parser = new Parser(new TokenStream(Lexer.tokenize(template)));
    return parser.statements(List.of());
  }

  /** Parses up to one of the given tags, which stays the current token; or to the end. */
  private List<Stmt> statements(List<String> ends) {
    stream.enter();
    if (!ends.isEmpty()) {
      awaited.push(ends);
    }
    List<Stmt> body = new ArrayList<>();
    while (!stream.at(TokenKind.EOF)) {
      Token token = stream.next();
      switch (token.kind()) {
        case DATA -> body.add(new Stmt.Text(token.text()));
        case VARIABLE_BEGIN -> {
          int line = stream.current().line();
          body.add(new Stmt.Print(expressions.tuple(true, false, ""), line));
          stream.expect(TokenKind.VARIABLE_END);
        }
        default -> {
          if (ends.stream().anyMatch(stream::at)) {
            awaited.pop();
            stream.leave();
            return body;
          }
          statement(body);
          stream.expect(TokenKind.BLOCK_END);
        }
      }
    }
    if (!ends.isEmpty()) {
      throw unexpectedTag(null, stream.current().line());
    }
    stream.leave();
    return body;
  }

  /** Parses the body of a tag up to one of its end tags, which is consumed and returned. */
  private Body body(String... ends) {
    stream.skipIf(TokenKind.COLON);
    stream.expect(TokenKind.BLOCK_END);
    List<Stmt> statements = statements(Arrays.asList(ends));
    return new Body(statements, stream.next().text());
  }

  private record Body(List<Stmt> statements, String end) {}

  private void statement(List<Stmt> out) {
    if (!stream.at(TokenKind.NAME)) {
      throw stream.error("tag name expected");
    }
    Token tag = stream.next();
    openTags.push(tag.text());
    int line = tag.line();
    switch (tag.text()) {
      case "for" -> out.add(forLoop(line));
      case "if" -> out.add(conditional(line));
      case "set" -> out.add(assignment(line));
      case "macro" -> out.add(macro(line));
      case "call" -> out.add(callBlock(line));
      case "filter" -> out.add(filterBlock(line));
      case "with" -> out.add(with(line));
      case "print" -> print(out);
      case "block" -> out.add(block(line));
      case "generation" -> out.add(new Stmt.Generation(body("endgeneration").statements(), line));
      case "autoescape" -> out.add(autoescape(line));
      case "include", "import", "from", "extends" -> out.add(needsLoader(tag.text(), line));
      case "break" -> out.add(new Stmt.Break(line));
      case "continue" -> out.add(new Stmt.Continue(line));
      default -> {
        openTags.pop();
        throw unexpectedTag(tag.text(), line);
      }
    }
    openTags.pop();
  }

  private PyError unexpectedTag(@Nullable String name, int line) {
    StringBuilder message =
        new StringBuilder(
            name == null
                ? "Unexpected end of template."
                : "Encountered unknown tag " + PyRepr.quote(name) + ".");
    if (!awaited.isEmpty()) {
      String wanted =
          awaited.getFirst().stream().map(PyRepr::quote).collect(Collectors.joining(" or "));
      boolean misplaced = name != null && awaited.stream().anyMatch(tags -> tags.contains(name));
      message.append(
          misplaced
              ? " You probably made a nesting mistake. Jinja is expecting this tag, but currently"
                  + " looking for "
                  + wanted
                  + "."
              : " Jinja was looking for the following tags: " + wanted + ".");
    }
    if (!openTags.isEmpty()) {
      message
          .append(" The innermost block that needs to be closed is ")
          .append(PyRepr.quote(openTags.getFirst()))
          .append('.');
    }
    return stream.error(message.toString(), line);
  }

  private Stmt forLoop(int line) {
    Target target = target("in", false);
    stream.expect("in");
    Expr iterable = expressions.tuple(false, false, "recursive");
    Expr test = stream.skipIf("if") ? expressions.expression() : null;
    boolean recursive = stream.skipIf("recursive");
    Body loop = body("endfor", "else");
    List<Stmt> otherwise = loop.end().equals("else") ? body("endfor").statements() : List.of();
    return new Stmt.For(target, iterable, test, recursive, loop.statements(), otherwise, line);
  }

  private Stmt conditional(int line) {
    List<Stmt.Branch> branches = new ArrayList<>();
    List<Stmt> otherwise = List.of();
    String end;
    do {
      Expr test = expressions.tuple(false, false, "");
      Body body = body("elif", "else", "endif");
      branches.add(new Stmt.Branch(test, body.statements()));
      end = body.end();
    } while (end.equals("elif"));
    if (end.equals("else")) {
      otherwise = body("endif").statements();
    }
    return new Stmt.If(branches, otherwise, line);
  }

  private Stmt assignment(int line) {
    Target target = target("", true);
    if (stream.skipIf(TokenKind.ASSIGN)) {
      return new Stmt.Assign(target, expressions.tuple(true, false, ""), line);
    }
    Expr filter = null;
    while (stream.skipIf(TokenKind.PIPE)) {
      filter = expressions.filter(filter);
    }
    return new Stmt.AssignBlock(target, filter, body("endset").statements(), line);
  }

  private Stmt macro(int line) {
    String name = name();
    List<Stmt.Parameter> parameters = parameters();
    return new Stmt.Macro(definition(name, parameters, body("endmacro").statements(), line), line);
  }

  private Stmt callBlock(int line) {
    List<Stmt.Parameter> parameters = stream.at(TokenKind.LPAREN) ? parameters() : List.of();
    if (!(expressions.expression() instanceof Expr.Call call)) {
      throw stream.error("expected call", line);
    }
    Stmt.MacroDefinition caller = definition("", parameters, body("endcall").statements(), line);
    return new Stmt.CallBlock(caller, call, line);
  }

  private Stmt.MacroDefinition definition(
      String name, List<Stmt.Parameter> parameters, List<Stmt> body, int line) {
    List<String> special = List.of("caller", "kwargs", "varargs");
    var used = NameUse.loaded(body, special);
    for (Stmt.Parameter parameter : parameters) {
      if (parameter.name().equals("caller")
          && parameter.fallback() == null
          && used.contains("caller")) {
        throw new PyError(
            PyError.Kind.ASSERTION,
            "When defining macros or call blocks the special \"caller\" argument must be omitted"
                + " or be given a default.",
            line);
      }
    }
    List<String> declared = parameters.stream().map(Stmt.Parameter::name).toList();
    if (declared.stream().distinct().count() != declared.size()) {
      throw stream.error("duplicate argument in macro definition", line);
    }
    return new Stmt.MacroDefinition(
        name,
        parameters,
        body,
        used.contains("caller"),
        used.contains("kwargs") && !declared.contains("kwargs"),
        used.contains("varargs") && !declared.contains("varargs"));
  }

  private List<Stmt.Parameter> parameters() {
    stream.expect(TokenKind.LPAREN);
    List<Stmt.Parameter> parameters = new ArrayList<>();
    boolean defaults = false;
    while (!stream.at(TokenKind.RPAREN)) {
      if (!parameters.isEmpty()) {
        stream.expect(TokenKind.COMMA);
      }
      String name = name();
      Expr fallback = null;
      if (stream.skipIf(TokenKind.ASSIGN)) {
        fallback = expressions.expression();
        defaults = true;
      } else if (defaults) {
        throw stream.error("non-default argument follows default argument");
      }
      parameters.add(new Stmt.Parameter(name, fallback));
    }
    stream.expect(TokenKind.RPAREN);
    return parameters;
  }

  private Stmt filterBlock(int line) {
    Expr filter = expressions.filter(null);
    while (stream.skipIf(TokenKind.PIPE)) {
      filter = expressions.filter(filter);
    }
    return new Stmt.FilterBlock(filter, body("endfilter").statements(), line);
  }

  private Stmt with(int line) {
    List<Target> targets = new ArrayList<>();
    List<Expr> values = new ArrayList<>();
    while (!stream.at(TokenKind.BLOCK_END)) {
      if (!targets.isEmpty()) {
        stream.expect(TokenKind.COMMA);
      }
      targets.add(target("", false));
      stream.expect(TokenKind.ASSIGN);
      values.add(expressions.expression());
    }
    return new Stmt.With(targets, values, body("endwith").statements(), line);
  }

  private void print(List<Stmt> out) {
    boolean first = true;
    while (!stream.at(TokenKind.BLOCK_END)) {
      if (!first) {
        stream.expect(TokenKind.COMMA);
      }
      first = false;
      int line = stream.current().line();
      out.add(new Stmt.Print(expressions.expression(), line));
    }
  }

  private Stmt block(int line) {
    String name = stream.expect(TokenKind.NAME).text();
    boolean scoped = stream.skipIf("scoped");
    boolean required = stream.skipIf("required");
    if (stream.at(TokenKind.SUB)) {
      throw stream.error(
          "Block names in Jinja have to be valid Python identifiers and may not contain hyphens,"
              + " use an underscore instead.");
    }
    List<Stmt> body = body("endblock").statements();
    stream.skipIf(name);
    return new Stmt.Block(name, body, scoped, required, line);
  }

  private Stmt autoescape(int line) {
    Expr option = expressions.expression();
    if (!option.equals(new Expr.Constant(PyBool.FALSE))) {
      throw new PyError(
          PyError.Kind.UNSUPPORTED, "{% autoescape %} other than false is not supported", line);
    }
    return new Stmt.Scope(body("endautoescape").statements());
  }

  /** Parses a tag that refers to other templates, which a chat template does not have. */
  private Stmt needsLoader(String tag, int line) {
    List<Expr> parts = new ArrayList<>();
    parts.add(expressions.expression());
    // What follows are names and keywords: "as x", "import a as b with context", ...
    while (stream.at(TokenKind.NAME) || (tag.equals("from") && stream.at(TokenKind.COMMA))) {
      stream.next();
    }
    return new Stmt.NeedsLoader(tag, parts, line);
  }

  private String name() {
    Token token = stream.expect(TokenKind.NAME);
    return assignable(token.text(), token.line());
  }

  private String assignable(String name, int line) {
    return switch (name) {
      case "true", "false", "none", "True", "False", "None" ->
          throw stream.error("can't assign to 'name'", line);
      default -> name;
    };
  }

  /** Parses the target of an assignment: names, with commas and parentheses. */
  private Target target(String end, boolean namespaces) {
    int line = stream.current().line();
    List<Target> targets = new ArrayList<>();
    boolean isTuple = false;
    while (true) {
      if (!targets.isEmpty()) {
        stream.expect(TokenKind.COMMA);
      }
      if (expressions.atTupleEnd(end)) {
        break;
      }
      targets.add(singleTarget(namespaces));
      if (!stream.at(TokenKind.COMMA)) {
        break;
      }
      isTuple = true;
    }
    if (!isTuple) {
      if (targets.isEmpty()) {
        throw stream.error(
            "Expected an expression, got " + PyRepr.quote(stream.current().describe()), line);
      }
      return targets.getFirst();
    }
    return new Target.Unpacking(targets);
  }

  private Target singleTarget(boolean namespaces) {
    Token token = stream.current();
    if (namespaces && token.kind() == TokenKind.NAME && stream.look().kind() == TokenKind.DOT) {
      stream.next();
      stream.next();
      return new Target.NamespaceAttribute(token.text(), stream.expect(TokenKind.NAME).text());
    }
    return asTarget(expressions.primary(), token.line());
  }

  private Target asTarget(Expr expression, int line) {
    return switch (expression) {
      case Expr.Name name -> new Target.Variable(name.name());
      case Expr.TupleLiteral tuple ->
          new Target.Unpacking(tuple.items().stream().map(item -> asTarget(item, line)).toList());
      case Expr.Constant _ -> throw stream.error("can't assign to 'const'", line);
      default ->
          throw stream.error(
              "can't assign to "
                  + PyRepr.quote(
                      expression.getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT)),
              line);
    };
  }
}
