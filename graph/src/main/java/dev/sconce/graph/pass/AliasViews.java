package dev.sconce.graph.pass;

import dev.sconce.graph.Author;
import dev.sconce.graph.Dim;
import dev.sconce.graph.Node;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Value;
import dev.sconce.graph.memory.Views;
import java.util.List;
import java.util.Optional;

/**
 * Makes changes of shape free of copying.
 *
 * <pre>
 * before:  view_copy(x, sizes)      unsqueeze_copy(x, d)
 * after:   et_view(x, sizes)        et_view(x, sizes with 1 at d)
 * </pre>
 *
 * <p>Views of buffers stay copies: the buffer may change while the view is read.
 */
public final class AliasViews implements CallRule {

  /** Creates the rule. */
  public AliasViews() {}

  @Override
  public Optional<Value> rewrite(Node.Call call, Author author) {
    if (!(call.operands().getFirst() instanceof Operand.Of(Value x))
        || x.kind() == Value.Kind.BUFFER) {
      return Optional.empty();
    }
    return switch (call.operator().fullName()) {
      case "aten::view_copy.out" -> Optional.of(view(call, x, call.operand(1), author));
      case "aten::unsqueeze_copy.out" -> sizes(call).map(sizes -> view(call, x, sizes, author));
      default -> Optional.empty();
    };
  }

  /** Returns the sizes of a result that varies in one dimension at most. */
  private static Optional<Operand> sizes(Node.Call call) {
    List<Dim> shape = call.result().tensorType().shape();
    if (shape.stream().filter(d -> !d.isFixed()).count() > 1) {
      return Optional.empty();
    }
    return Optional.of(
        new Operand.ListOf(
            shape.stream().map(d -> Operand.of(d.isFixed() ? d.value() : -1)).toList()));
  }

  private static Value view(Node.Call call, Value x, Operand sizes, Author author) {
    return author
        .builder()
        .callTyped(Views.OPERATOR, List.of(Operand.of(x), sizes), call.result().type());
  }
}
