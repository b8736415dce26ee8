package dev.sconce.text.internal.jinja.eval;

import dev.sconce.text.internal.jinja.syntax.Expr;
import java.util.Set;

/** Which expressions Jinja computes while it compiles a template. */
final class Constants {

  /** Filters that see the rendering's context, which does not exist while a template compiles. */
  private static final Set<String> NEED_CONTEXT =
      Set.of("map", "select", "reject", "selectattr", "rejectattr", "random");

  private Constants() {}

  static boolean isConstant(Expr expression) {
    boolean possible =
        switch (expression) {
          case Expr.Name _, Expr.Call _ -> false;
          case Expr.Filter filter -> !NEED_CONTEXT.contains(filter.name());
          default -> true;
        };
    return possible && expression.children().stream().allMatch(Constants::isConstant);
  }
}
