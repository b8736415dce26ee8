package dev.sconce.graph.pass;

import dev.sconce.base.Sha256;
import dev.sconce.graph.Accesses;
import dev.sconce.graph.Author;
import dev.sconce.graph.ConstantData;
import dev.sconce.graph.Graph;
import dev.sconce.graph.Node;
import dev.sconce.graph.Type;
import dev.sconce.graph.Value;
import dev.sconce.graph.quantize.LinearData;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Computes at export what depends on constants alone.
 *
 * <pre>
 * before:  param range: int64[3]                 after:  param folded: float32[3, 1]
 *          a = _to_copy(range)
 *          b = view_copy(a, [3, 1])
 *          c = mul(x, b)                                 c = mul(x, folded)
 * </pre>
 *
 * <p>Only what is small: a constant of at most {@value #LIMIT} bytes is read, a result of at most
 * as many is kept, and of one graph at most {@value #TOTAL} bytes of results, so that the file does
 * not grow by what takes no time to compute and weights stay where they are until they are written.
 * Tensors that nodes change in place stay computed, and so do random numbers.
 */
public final class ConstantFolding implements CallRule {

  private static final int LIMIT = 1 << 16;
  private static final int TOTAL = 1 << 20;

  private final CallEvaluator evaluator;
  private final Map<Value, ConstantData> constants = new HashMap<>();
  private final Set<Value> changed;
  private long kept;

  /**
   * Creates the rule for one graph.
   *
   * @param evaluator computes calls
   */
  public ConstantFolding(Graph graph, CallEvaluator evaluator) {
    this.evaluator = evaluator;
    graph.parameters().stream()
        .filter(p -> p.data().byteSize() <= LIMIT && !(p.data() instanceof LinearData))
        .forEach(p -> constants.put(p.value(), p.data()));
    this.changed = Accesses.writes(graph);
  }

  @Override
  public Optional<Value> rewrite(Node.Call call, Author author) {
    if (!(call.result().type() instanceof Type.TensorType type)
        || !type.isFixed()
        || type.maxBytes() > Math.min(LIMIT, TOTAL - kept)
        || changed.contains(call.result())
        || CommonSubexpressions.isRandom(call)
        || !Accesses.writes(call).isEmpty()
        || !constants.keySet().containsAll(Accesses.reads(call))) {
      return Optional.empty();
    }
    Optional<byte[]> bytes = evaluator.evaluate(call, constants);
    if (bytes.isEmpty()) {
      return Optional.empty();
    }
    // Equal results of equal types are one.
    String identity = type + " of SHA-256 " + Sha256.of(bytes.get());
    ConstantData data = ConstantData.of(identity, bytes.get());
    Value folded = author.builder().parameter("folded", type, data);
    kept += data.byteSize();
    constants.put(folded, data);
    return Optional.of(folded);
  }
}
