package dev.sconce.graph.pass;

import dev.sconce.graph.Accesses;
import dev.sconce.graph.Graph;
import dev.sconce.graph.Node;
import dev.sconce.graph.Region;
import dev.sconce.graph.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Who reads the values of a graph. */
final class Readers {

  private final Map<Value, List<Node>> nodes = new HashMap<>();
  private final Set<Value> outputs;

  Readers(Graph graph) {
    outputs = Set.copyOf(graph.outputs());
    for (Node node : graph.everyNode()) {
      reads(node).forEach(value -> nodes.computeIfAbsent(value, _ -> new ArrayList<>()).add(node));
    }
  }

  /** Returns whether nothing reads a value but calls of a kind. */
  boolean areOnly(Value value, Predicate<Node.Call> kind) {
    return !outputs.contains(value)
        && nodes.getOrDefault(value, List.of()).stream()
            .allMatch(node -> node instanceof Node.Call call && kind.test(call));
  }

  /** Returns what a node reads itself, without the nodes of its regions. */
  private static Set<Value> reads(Node node) {
    return switch (node) {
      case Node.Branch branch -> {
        Set<Value> values = new HashSet<>(Set.of(branch.condition()));
        List.of(branch.then(), branch.otherwise()).forEach(region -> addYields(region, values));
        yield values;
      }
      case Node.Loop loop -> Set.of(loop.done());
      case Node.Call _, Node.Assign _, Node.Delegate _ -> Accesses.reads(node);
    };
  }

  private static void addYields(Region region, Set<Value> values) {
    region.yields().forEach(operand -> operand.forEachValue(values::add));
  }
}
