package dev.sconce.graph.emit;

import dev.sconce.graph.Graph;
import dev.sconce.graph.GraphBuilder;
import dev.sconce.graph.Node;
import dev.sconce.graph.Type;
import dev.sconce.graph.Value;
import dev.sconce.graph.memory.Lifetimes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Gives every output a tensor of its own: an input, a constant, a buffer, or a second mention of
 * one output is copied.
 */
final class OutputCopies {

  private OutputCopies() {}

  static Graph insert(Graph graph) {
    Lifetimes lifetimes = Lifetimes.of(graph);
    List<Node> nodes = new ArrayList<>(graph.nodes());
    List<Value> outputs = new ArrayList<>();
    Set<Value> taken = new HashSet<>();
    boolean changed = false;
    for (Value output : graph.outputs()) {
      Value root = lifetimes.root(output);
      boolean number = !(output.type() instanceof Type.TensorType);
      if (number || (root.kind() == Value.Kind.RESULT && taken.add(root))) {
        outputs.add(output);
        continue;
      }
      Node.Call copy = GraphBuilder.copy(output, output.name() + ".out" + outputs.size());
      nodes.add(copy);
      outputs.add(copy.result());
      changed = true;
    }
    return changed ? graph.withNodes(nodes, outputs) : graph;
  }
}
