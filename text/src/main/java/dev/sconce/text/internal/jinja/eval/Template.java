package dev.sconce.text.internal.jinja.eval;

import dev.sconce.text.internal.jinja.python.Budget;
import dev.sconce.text.internal.jinja.python.PyError;
import dev.sconce.text.internal.jinja.python.PyValue;
import dev.sconce.text.internal.jinja.syntax.Parser;
import dev.sconce.text.internal.jinja.syntax.Stmt;
import dev.sconce.text.internal.jinja.syntax.TemplateCheck;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/** A parsed template; immutable, for any number of threads. */
public final class Template {

  private final List<Stmt> statements;

  private Template(List<Stmt> statements) {
    this.statements = statements;
  }

  /**
   * Parses a template.
   *
   * @throws PyError if it is not well-formed
   */
  public static Template parse(String source) {
    try {
      List<Stmt> statements = Parser.parse(source);
      TemplateCheck.check(statements, Filters.all()::containsKey, Tests.all()::containsKey);
      return new Template(statements);
    } catch (StackOverflowError e) {
      throw tooDeep(0);
    }
  }

  /**
   * Renders the template.
   *
   * @param variables what the template sees besides the built-in functions
   * @param clock the time of {@code strftime_now}
   * @throws PyError if the template fails, with the line where it did
   */
  public String render(Map<String, PyValue> variables, Clock clock, Budget budget) {
    Interpreter interpreter = new Interpreter(budget);
    Frame context = new Frame(null);
    Globals.all(clock, budget).forEach(context::set);
    variables.forEach(context::set);
    try {
      return interpreter.render(statements, context);
    } catch (PyError e) {
      throw e.line() > 0 ? e : new PyError(e.kind(), e.text(), interpreter.line());
    } catch (StackOverflowError e) {
      // Deep values and long chains of operators recurse; the depth at which this ends is the
      // thread's, and the rendering's state is thrown away.
      throw tooDeep(interpreter.line());
    }
  }

  private static PyError tooDeep(int line) {
    return new PyError(PyError.Kind.RECURSION, "maximum recursion depth exceeded", line);
  }
}
