package dev.sconce.text.internal.jinja.syntax;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which of some names a body reads before it assigns them, in the order of the source. */
final class NameUse {

  private final Set<String> open;
  private final Set<String> found = new HashSet<>();

  private NameUse(Collection<String> names) {
    this.open = new HashSet<>(names);
  }

  static Set<String> loaded(List<Stmt> body, Collection<String> names) {
    NameUse use = new NameUse(names);
    use.statements(body);
    return use.found;
  }

  private void load(String name) {
    if (open.contains(name)) {
      found.add(name);
    }
  }

  private void store(Target target) {
    switch (target) {
      case Target.Variable variable -> open.remove(variable.name());
      case Target.Unpacking unpacking -> unpacking.targets().forEach(this::store);
      case Target.NamespaceAttribute _ -> {}
    }
  }

  private void expression(@Nullable Expr expression) {
    if (expression == null) {
      return;
    }
    if (expression instanceof Expr.Name name) {
      load(name.name());
    }
    expression.children().forEach(this::expression);
  }

  private void statements(List<Stmt> body) {
    body.forEach(this::statement);
  }

  private void statement(Stmt statement) {
    switch (statement) {
      case Stmt.Text _, Stmt.Break _, Stmt.Continue _, Stmt.Block _ -> {}
      case Stmt.Print print -> expression(print.value());
      case Stmt.For loop -> {
        store(loop.target());
        expression(loop.iterable());
        statements(loop.body());
        statements(loop.otherwise());
        expression(loop.test());
      }
      case Stmt.If conditional -> {
        conditional
            .branches()
            .forEach(
                branch -> {
                  expression(branch.test());
                  statements(branch.body());
                });
        statements(conditional.otherwise());
      }
      case Stmt.Assign assign -> {
        store(assign.target());
        expression(assign.value());
      }
      case Stmt.AssignBlock assign -> {
        store(assign.target());
        expression(assign.filter());
        statements(assign.body());
      }
      case Stmt.Macro macro -> definition(macro.definition());
      case Stmt.CallBlock call -> {
        expression(call.call());
        definition(call.caller());
      }
      case Stmt.FilterBlock block -> {
        statements(block.body());
        expression(block.filter());
      }
      case Stmt.With with -> {
        with.targets().forEach(this::store);
        with.values().forEach(this::expression);
        statements(with.body());
      }
      case Stmt.Generation generation -> statements(generation.body());
      case Stmt.Scope scope -> statements(scope.body());
      case Stmt.NeedsLoader loader -> loader.expressions().forEach(this::expression);
    }
  }

  private void definition(Stmt.MacroDefinition definition) {
    definition.parameters().forEach(parameter -> open.remove(parameter.name()));
    definition.parameters().forEach(parameter -> expression(parameter.fallback()));
    statements(definition.body());
  }
}
