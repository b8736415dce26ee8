package dev.sconce.text.internal.jinja.syntax;

import dev.sconce.text.internal.jinja.python.PyError;
import dev.sconce.text.internal.jinja.python.PyRepr;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The rules that Jinja checks before a template runs: filters and tests exist, {@code break} stands
 * in a loop, {@code loop} is not assigned, blocks are defined once.
 *
 * <p>Inside {@code if} and conditional expressions an unknown filter is left to the run: templates
 * test for filters that some versions have.
 */
public final class TemplateCheck {

  private final Predicate<String> isFilter;
  private final Predicate<String> isTest;
  private final Set<String> blocks = new HashSet<>();

  private TemplateCheck(Predicate<String> isFilter, Predicate<String> isTest) {
    this.isFilter = isFilter;
    this.isTest = isTest;
  }

  /** Where a statement stands. */
  private record Place(boolean soft, boolean inLoop, boolean inFor, int line) {
    Place softened() {
      return new Place(true, inLoop, inFor, line);
    }

    Place hardened() {
      return new Place(false, inLoop, inFor, line);
    }

    Place function() {
      return new Place(false, false, inFor, line);
    }

    Place at(int newLine) {
      return new Place(soft, inLoop, inFor, newLine);
    }
  }

  /**
   * Checks a template.
   *
   * @throws PyError if it breaks a rule
   */
  public static void check(
      List<Stmt> template, Predicate<String> isFilter, Predicate<String> isTest) {
    new TemplateCheck(isFilter, isTest).statements(template, new Place(false, false, false, 1));
  }

  private void statements(List<Stmt> body, Place place) {
    body.forEach(statement -> statement(statement, place));
  }

  private void statement(Stmt statement, Place place) {
    switch (statement) {
      case Stmt.Text _ -> {}
      case Stmt.Print print -> expression(print.value(), place.at(print.line()));
      case Stmt.For loop -> loop(loop, place.at(loop.line()));
      case Stmt.If conditional -> {
        Place soft = place.at(conditional.line()).softened();
        for (Stmt.Branch branch : conditional.branches()) {
          expression(branch.test(), soft);
          statements(branch.body(), soft);
        }
        statements(conditional.otherwise(), soft);
      }
      case Stmt.Assign assign -> {
        target(assign.target(), place.at(assign.line()));
        expression(assign.value(), place.at(assign.line()));
      }
      case Stmt.AssignBlock assign -> {
        Place inner = place.at(assign.line()).hardened();
        target(assign.target(), inner);
        expression(assign.filter(), inner);
        statements(assign.body(), inner);
      }
      case Stmt.Macro macro -> definition(macro.definition(), place.at(macro.line()));
      case Stmt.CallBlock call -> {
        definition(call.caller(), place.at(call.line()));
        expression(call.call(), place.at(call.line()));
      }
      case Stmt.FilterBlock block -> {
        statements(block.body(), place.at(block.line()).hardened());
        expression(block.filter(), place.at(block.line()).hardened());
      }
      case Stmt.With with -> {
        with.targets().forEach(target -> target(target, place.at(with.line())));
        with.values().forEach(value -> expression(value, place.at(with.line())));
        statements(with.body(), place.hardened());
      }
      case Stmt.Block block -> {
        if (!blocks.add(block.name())) {
          throw new PyError(
              PyError.Kind.ASSERTION,
              "block " + PyRepr.quote(block.name()) + " defined twice",
              block.line());
        }
        statements(block.body(), new Place(false, false, false, block.line()));
      }
      case Stmt.Generation generation ->
          statements(generation.body(), place.at(generation.line()).function());
      case Stmt.Scope scope -> statements(scope.body(), place.hardened());
      case Stmt.NeedsLoader loader ->
          loader.expressions().forEach(e -> expression(e, place.at(loader.line())));
      case Stmt.Break outside -> inLoop("break", place, outside.line());
      case Stmt.Continue outside -> inLoop("continue", place, outside.line());
    }
  }

  private static void inLoop(String tag, Place place, int line) {
    if (!place.inLoop()) {
      throw new PyError(
          PyError.Kind.SYNTAX,
          PyRepr.quote(tag) + " outside a loop of the same macro or block",
          line);
    }
  }

  private void loop(Stmt.For loop, Place place) {
    expression(loop.iterable(), place);
    expression(loop.test(), place.hardened());
    Place inside = new Place(false, true, true, loop.line());
    target(loop.target(), inside);
    statements(loop.body(), inside);
    // A recursive loop is a function of its own, its else part included.
    boolean outerLoop = place.inLoop() && !loop.recursive();
    statements(loop.otherwise(), new Place(false, outerLoop, true, loop.line()));
  }

  private void definition(Stmt.MacroDefinition definition, Place place) {
    Place inside = place.function();
    definition.parameters().forEach(parameter -> expression(parameter.fallback(), inside));
    statements(definition.body(), inside);
  }

  private static void target(Target target, Place place) {
    switch (target) {
      case Target.Variable variable -> {
        if (place.inFor() && variable.name().equals("loop")) {
          throw new PyError(
              PyError.Kind.ASSERTION,
              "Can't assign to special loop variable in for-loop target",
              place.line());
        }
      }
      case Target.Unpacking unpacking -> unpacking.targets().forEach(inner -> target(inner, place));
      case Target.NamespaceAttribute _ -> {}
    }
  }

  private void expression(@Nullable Expr expression, Place place) {
    switch (expression) {
      case null -> {}
      case Expr.Filter filter -> {
        exists("filter", filter.name(), isFilter, place);
        filter.children().forEach(child -> expression(child, place));
      }
      case Expr.Test test -> {
        exists("test", test.name(), isTest, place);
        test.children().forEach(child -> expression(child, place));
      }
      case Expr.Conditional conditional ->
          conditional.children().forEach(child -> expression(child, place.softened()));
      default -> expression.children().forEach(child -> expression(child, place));
    }
  }

  private static void exists(String kind, String name, Predicate<String> known, Place place) {
    if (!place.soft() && !known.test(name)) {
      throw new PyError(
          PyError.Kind.ASSERTION,
          "No " + kind + " named " + PyRepr.quote(name) + ".",
          place.line());
    }
  }
}
