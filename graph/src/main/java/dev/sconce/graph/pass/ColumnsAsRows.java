package dev.sconce.graph.pass;

import dev.sconce.format.Ints;
import dev.sconce.graph.Accesses;
import dev.sconce.graph.Author;
import dev.sconce.graph.Graph;
import dev.sconce.graph.Node;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Type;
import dev.sconce.graph.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Turns the right matrices of products last, since XNNPACK multiplies by them as they lie.
 *
 * <pre>
 * before:  bmm(a, view(permute(x, [0, 2, 3, 1]), [g, d, n]))
 * after:   bmm(a, permute(view(permute(x, [0, 2, 1, 3]), [g, n, d]), [0, 2, 1]))
 * </pre>
 *
 * <p>What is left of the first permutation moves whole rows, or nothing at all.
 */
public final class ColumnsAsRows implements CallRule {

  private static final String VIEW = "aten::view_copy.out";
  private static final String PRODUCT = "aten::bmm.out";

  private final Set<Value> changed;
  private final Set<Value> columns = new HashSet<>();
  private final Map<Value, Value> rows = new HashMap<>();

  /** Creates the rule for one graph. */
  public ColumnsAsRows(Graph graph) {
    Readers readers = new Readers(graph);
    this.changed = Accesses.writes(graph);
    // Views stand after the permutations that they read.
    for (Node node : graph.everyNode().reversed()) {
      if (node instanceof Node.Call call
          && (isPermutation(call) || isView(call))
          && !changed.contains(call.result())
          && readers.areOnly(call.result(), reader -> wantsColumns(call.result(), reader))) {
        columns.add(call.result());
      }
    }
  }

  /** Returns whether a call reads matrices that it may as well have turned. */
  private boolean wantsColumns(Value matrices, Node.Call reader) {
    if (reader.operator().fullName().equals(PRODUCT)) {
      return reader.operand(1).equals(Operand.of(matrices))
          && !reader.operand(0).equals(Operand.of(matrices));
    }
    return isView(reader) && columns.contains(reader.result());
  }

  private static boolean isPermutation(Node.Call call) {
    return call.operator().fullName().equals(Permutation.OPERATOR);
  }

  /** Returns whether a call joins dimensions before those of matrices, and leaves these. */
  private static boolean isView(Node.Call call) {
    if (!call.operator().fullName().equals(VIEW)
        || !(call.operand(0) instanceof Operand.Of(Value x))) {
      return false;
    }
    Type.TensorType from = x.tensorType();
    Type.TensorType to = call.result().tensorType();
    return from.rank() > 2
        && to.rank() == 3
        && from.dim(-1).equals(to.dim(-1))
        && from.dim(-2).equals(to.dim(-2));
  }

  @Override
  public Optional<Value> rewrite(Node.Call call, Author author) {
    if (!columns.contains(call.result()) || !(call.operand(0) instanceof Operand.Of(Value x))) {
      return Optional.empty();
    }
    return isPermutation(call) ? permuted(call, x, author) : viewed(call, x, author);
  }

  private Optional<Value> permuted(Node.Call call, Value x, Author author) {
    int[] order = Permutation.of(call).order();
    int last = order.length - 1;
    if (last < 1 || order[last - 1] != last) {
      return Optional.empty();
    }
    order[last - 1] = order[last];
    order[last] = last;
    Permutation first = new Permutation(Ints.of(order));
    boolean stays = x.kind() != Value.Kind.BUFFER && !changed.contains(x);
    return Optional.of(turned(first.isIdentity() && stays ? x : first.write(x, author), author));
  }

  private Optional<Value> viewed(Node.Call call, Value x, Author author) {
    Value before = rows.get(x);
    if (before == null) {
      return Optional.empty();
    }
    List<Operand> sizes = new ArrayList<>(((Operand.ListOf) call.operand(1)).items());
    Collections.swap(sizes, 1, 2);
    Type.TensorType type = call.result().tensorType();
    Value view =
        author
            .builder()
            .callTyped(
                VIEW,
                List.of(Operand.of(before), new Operand.ListOf(sizes)),
                new Type.TensorType(type.dtype(), List.of(type.dim(0), type.dim(2), type.dim(1))));
    return Optional.of(turned(view, author));
  }

  private Value turned(Value matrices, Author author) {
    int rank = matrices.tensorType().rank();
    int[] order = new int[rank];
    for (int i = 0; i < rank; i++) {
      order[i] = i < rank - 2 ? i : 2 * rank - 3 - i;
    }
    Value turned = new Permutation(Ints.of(order)).write(matrices, author);
    rows.put(turned, matrices);
    return turned;
  }
}
