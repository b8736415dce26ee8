package dev.sconce.graph.pass;

import dev.sconce.format.Ints;
import dev.sconce.graph.Author;
import dev.sconce.graph.Node;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Value;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Writes all exchanges of dimensions alike, so that other rules and XNNPACK need to know one form.
 *
 * <pre>
 * before:  t(x)                      transpose(x, 1, -1)
 * after:   permute(x, [1, 0])        permute(x, [0, 3, 2, 1])
 * </pre>
 */
public final class TransposeAsPermute implements CallRule {

  /** Creates the rule. */
  public TransposeAsPermute() {}

  @Override
  public Optional<Value> rewrite(Node.Call call, Author author) {
    return switch (call.operator().fullName()) {
      case "aten::t_copy.out" -> exchange(call, 0, -1, author);
      case "aten::transpose_copy.int_out" ->
          call.operand(1) instanceof Operand.IntConstant(long a)
                  && call.operand(2) instanceof Operand.IntConstant(long b)
              ? exchange(call, a, b, author)
              : Optional.empty();
      default -> Optional.empty();
    };
  }

  private static Optional<Value> exchange(Node.Call call, long a, long b, Author author) {
    if (!(call.operand(0) instanceof Operand.Of(Value x)) || x.tensorType().rank() == 0) {
      return Optional.empty();
    }
    int rank = x.tensorType().rank();
    int[] order = IntStream.range(0, rank).toArray();
    int first = Math.floorMod(a, rank);
    int second = Math.floorMod(b, rank);
    order[first] = second;
    order[second] = first;
    return Optional.of(new Permutation(Ints.of(order)).write(x, author));
  }
}
