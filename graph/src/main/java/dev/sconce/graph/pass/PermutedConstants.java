package dev.sconce.graph.pass;

import dev.sconce.graph.Author;
import dev.sconce.graph.ConstantData;
import dev.sconce.graph.Graph;
import dev.sconce.graph.Node;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Value;
import dev.sconce.graph.quantize.LinearData;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Stores constants in the order in which they are read.
 *
 * <pre>
 * before:  param W: [2, 3]                  linear(x, permute(W, [1, 0]))
 * after:   param "W permuted": [3, 2]       linear(x, W permuted)
 * </pre>
 *
 * <p>Constants of any size: they are turned when they are written, not before. One that is also
 * read in another order stays as it is, since it would be stored twice.
 */
public final class PermutedConstants implements CallRule {

  private final Readers readers;
  private final Map<Value, ConstantData> constants = new HashMap<>();

  /** Creates the rule for one graph. */
  public PermutedConstants(Graph graph) {
    this.readers = new Readers(graph);
    graph.parameters().stream()
        .filter(p -> !(p.data() instanceof LinearData))
        .forEach(p -> constants.put(p.value(), p.data()));
  }

  @Override
  public Optional<Value> rewrite(Node.Call call, Author author) {
    if (!call.operator().fullName().equals(Permutation.OPERATOR)
        || !(call.operand(0) instanceof Operand.Of(Value constant))
        || !constants.containsKey(constant)) {
      return Optional.empty();
    }
    Permutation permutation = Permutation.of(call);
    if (!readers.areOnly(constant, reader -> isPermutation(reader, permutation))) {
      return Optional.empty();
    }
    ConstantData permuted =
        new PermutedData(constants.get(constant), constant.tensorType(), permutation);
    return Optional.of(
        author
            .builder()
            .parameter(constant.name() + ".permuted", call.result().tensorType(), permuted));
  }

  private static boolean isPermutation(Node.Call call, Permutation permutation) {
    return call.operator().fullName().equals(Permutation.OPERATOR)
        && Permutation.of(call).equals(permutation);
  }
}
