package dev.sconce.graph.pass;

import dev.sconce.graph.Accesses;
import dev.sconce.graph.Author;
import dev.sconce.graph.Graph;
import dev.sconce.graph.Node;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Value;
import dev.sconce.graph.memory.Views;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Makes changes of shape free of copying.
 *
 * <pre>
 * before:  view_copy(x, sizes)      unsqueeze_copy(x, d)
 * after:   et_view(x, sizes)        et_view(x, sizes with 1 at d)
 * </pre>
 *
 * <p>What nodes change stays copied, and so does what a change would reach: buffers may change
 * while the view is read, and tensors that are changed in place may be constants before the copy.
 */
public final class AliasViews implements CallRule {

  private final Set<Value> changed;

  /** Creates the rule for one graph. */
  public AliasViews(Graph graph) {
    this.changed = Accesses.writes(graph);
  }

  @Override
  public Optional<Value> rewrite(Node.Call call, Author author) {
    if (!(call.operands().getFirst() instanceof Operand.Of(Value x))
        || x.kind() == Value.Kind.BUFFER
        || changed.contains(x)
        || changed.contains(call.result())) {
      return Optional.empty();
    }
    return switch (call.operator().fullName()) {
      case "aten::view_copy.out" -> Optional.of(view(call, x, call.operand(1), author));
      case "aten::unsqueeze_copy.out" ->
          Shapes.sizes(call.result().tensorType()).map(sizes -> view(call, x, sizes, author));
      default -> Optional.empty();
    };
  }

  private static Value view(Node.Call call, Value x, Operand sizes, Author author) {
    return author
        .builder()
        .callTyped(Views.OPERATOR, List.of(Operand.of(x), sizes), call.result().type());
  }
}
