package dev.sconce.text.internal.jinja.syntax;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A statement. */
public sealed interface Stmt {

  /** Text between tags. */
  record Text(String text) implements Stmt {}

  /** {@code {{ value }}}. */
  record Print(Expr value, int line) implements Stmt {}

  /** {@code {% for %}}. */
  record For(
      Target target,
      Expr iterable,
      @Nullable Expr test,
      boolean recursive,
      List<Stmt> body,
      List<Stmt> otherwise,
      int line)
      implements Stmt {}

  /** One condition of an {@code if} with its body. */
  record Branch(Expr test, List<Stmt> body) {}

  /** {@code {% if %}} with all its branches. */
  record If(List<Branch> branches, List<Stmt> otherwise, int line) implements Stmt {}

  /** {@code {% set target = value %}}. */
  record Assign(Target target, Expr value, int line) implements Stmt {}

  /** {@code {% set target %}body{% endset %}}. */
  record AssignBlock(Target target, @Nullable Expr filter, List<Stmt> body, int line)
      implements Stmt {}

  /** A parameter of a macro or call block. */
  record Parameter(String name, @Nullable Expr fallback) {}

  /**
   * What a macro and the body of a call block have in common.
   *
   * @param name the name, empty for a call block
   * @param parameters the declared parameters
   * @param body what it renders
   * @param usesCaller whether the body mentions {@code caller}
   * @param usesKwargs whether the body mentions {@code kwargs}
   * @param usesVarargs whether the body mentions {@code varargs}
   */
  record MacroDefinition(
      String name,
      List<Parameter> parameters,
      List<Stmt> body,
      boolean usesCaller,
      boolean usesKwargs,
      boolean usesVarargs) {

    /** Returns whether {@code caller} is a declared parameter. */
    public boolean declaresCaller() {
      return parameters.stream().anyMatch(parameter -> parameter.name().equals("caller"));
    }
  }

  /** {@code {% macro %}}. */
  record Macro(MacroDefinition definition, int line) implements Stmt {}

  /** {@code {% call %}}. */
  record CallBlock(MacroDefinition caller, Expr.Call call, int line) implements Stmt {}

  /** {@code {% filter %}}. */
  record FilterBlock(Expr filter, List<Stmt> body, int line) implements Stmt {}

  /** {@code {% with %}}. */
  record With(List<Target> targets, List<Expr> values, List<Stmt> body, int line) implements Stmt {}

  /** {@code {% block %}}. */
  record Block(String name, List<Stmt> body, boolean scoped, boolean required, int line)
      implements Stmt {}

  /** {@code {% generation %}}: what the assistant said. */
  record Generation(List<Stmt> body, int line) implements Stmt {}

  /** {@code {% autoescape false %}}: a scope of its own, nothing else. */
  record Scope(List<Stmt> body) implements Stmt {}

  /** {@code {% include %}} and the like, which need other templates. */
  record NeedsLoader(String tag, List<Expr> expressions, int line) implements Stmt {}

  /** {@code {% break %}}. */
  record Break(int line) implements Stmt {}

  /** {@code {% continue %}}. */
  record Continue(int line) implements Stmt {}
}
