package dev.sconce.graph.pass;

import dev.sconce.graph.Author;
import dev.sconce.graph.Dim;
import dev.sconce.graph.Node;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Value;
import java.util.List;
import java.util.Optional;

/**
 * Makes a permutation that leaves elements in their order a change of shape, which costs nothing:
 * only dimensions of size 1 change places, as those of a single token do.
 *
 * <pre>
 * before:  permute(x [1, 1, 4, 20], [0, 2, 1, 3])
 * after:   view(x, [1, 4, 1, 20])
 * </pre>
 */
public final class PermuteAsView implements CallRule {

  /** Creates the rule. */
  public PermuteAsView() {}

  @Override
  public Optional<Value> rewrite(Node.Call call, Author author) {
    if (!call.operator().fullName().equals(Permutation.OPERATOR)
        || !(call.operand(0) instanceof Operand.Of(Value x))
        || !keepsOrder(Permutation.of(call), x.tensorType().shape())) {
      return Optional.empty();
    }
    return Shapes.sizes(call.result().tensorType())
        .map(
            sizes ->
                author
                    .builder()
                    .callTyped(
                        "aten::view_copy.out",
                        List.of(Operand.of(x), sizes),
                        call.result().type()));
  }

  private static boolean keepsOrder(Permutation permutation, List<Dim> shape) {
    int last = -1;
    for (int from : permutation.order()) {
      if (!shape.get(from).equals(Dim.ONE)) {
        if (from < last) {
          return false;
        }
        last = from;
      }
    }
    return true;
  }
}
