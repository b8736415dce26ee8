package dev.sconce.graph.pass;

import dev.sconce.graph.Accesses;
import dev.sconce.graph.Author;
import dev.sconce.graph.Graph;
import dev.sconce.graph.Node;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Joins rearrangements that follow each other, and drops those that move nothing.
 *
 * <pre>
 * before:  permute(permute(x, p), q)      view(view(x, a), b)      permute(x, [0, 1, 2])
 * after:   permute(x, p∘q)                view(x, b)               x
 * </pre>
 *
 * <p>What nodes change while the copy is read (buffers, tensors changed in place) stays copied, and
 * so does a copy that is changed itself.
 */
public final class RedundantMoves implements CallRule {

  private static final String VIEW = "aten::view_copy.out";

  /** What a permuted tensor is made of. */
  private record Move(Value source, Permutation permutation) {}

  private final Set<Value> changed;
  private final Map<Value, Move> permutes = new HashMap<>();
  private final Map<Value, Value> viewed = new HashMap<>();

  /** Creates the rule for one graph. */
  public RedundantMoves(Graph graph) {
    this.changed = Accesses.writes(graph);
  }

  @Override
  public Optional<Value> rewrite(Node.Call call, Author author) {
    if (!(call.operands().getFirst() instanceof Operand.Of(Value x))
        || isChanged(x)
        || isChanged(call.result())) {
      return Optional.empty();
    }
    return switch (call.operator().fullName()) {
      case Permutation.OPERATOR -> permute(call, x, author);
      case VIEW -> view(call, x, author);
      default -> Optional.empty();
    };
  }

  private boolean isChanged(Value value) {
    return value.kind() == Value.Kind.BUFFER || changed.contains(value);
  }

  private Optional<Value> permute(Node.Call call, Value x, Author author) {
    Permutation permutation = Permutation.of(call);
    Move before = permutes.get(x);
    Value source = x;
    if (before != null) {
      source = before.source;
      permutation = permutation.after(before.permutation);
    }
    if (permutation.isIdentity()) {
      // An output is a tensor of its own anyway; an input may be returned as it came.
      return Optional.of(source);
    }
    if (before == null) {
      permutes.put(call.result(), new Move(source, permutation));
      return Optional.empty();
    }
    Value joined = permutation.write(source, author);
    permutes.put(joined, new Move(source, permutation));
    return Optional.of(joined);
  }

  private Optional<Value> view(Node.Call call, Value x, Author author) {
    Value base = viewed.getOrDefault(x, x);
    if (base.type().equals(call.result().type())) {
      return Optional.of(base);
    }
    if (base == x) {
      viewed.put(call.result(), x);
      return Optional.empty();
    }
    Value joined =
        author
            .builder()
            .callTyped(VIEW, List.of(Operand.of(base), call.operand(1)), call.result().type());
    viewed.put(joined, base);
    return Optional.of(joined);
  }
}
