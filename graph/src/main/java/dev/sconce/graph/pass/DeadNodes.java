package dev.sconce.graph.pass;

import dev.sconce.graph.Graph;
import dev.sconce.graph.Node;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Parameter;
import dev.sconce.graph.Region;
import dev.sconce.graph.Value;
import dev.sconce.ops.Argument;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Removes calls that nobody reads and that change nothing, and parameters that nobody reads.
 *
 * <pre>
 * before:  a = neg(x); b = abs(x); return b
 * after:   b = abs(x); return b
 * </pre>
 */
public final class DeadNodes {

  private final Set<Value> read = new HashSet<>();

  private DeadNodes() {}

  /** Returns a graph without dead nodes. */
  public static Graph remove(Graph graph) {
    DeadNodes pass = new DeadNodes();
    pass.read.addAll(graph.outputs());
    List<Node> nodes = pass.live(graph.nodes());
    List<Parameter> parameters =
        graph.parameters().stream().filter(p -> pass.read.contains(p.value())).toList();
    return graph.withNodes(nodes).withParameters(parameters);
  }

  private List<Node> live(List<Node> nodes) {
    List<Node> kept = new ArrayList<>();
    for (Node node : nodes.reversed()) {
      Node live = visit(node);
      if (live != null) {
        kept.add(live);
      }
    }
    return kept.reversed();
  }

  private @Nullable Node visit(Node node) {
    return switch (node) {
      case Node.Call call -> {
        if (!changesSomething(call)
            && !call.writesBuffer()
            && call.results().stream().noneMatch(read::contains)) {
          yield null;
        }
        call.operands().forEach(this::use);
        yield call;
      }
      case Node.Assign assign -> {
        use(assign.value());
        yield assign;
      }
      case Node.Delegate delegate -> {
        read.addAll(delegate.inputs());
        yield delegate;
      }
      case Node.Branch branch -> {
        read.add(branch.condition());
        yield new Node.Branch(
            branch.condition(),
            region(branch.then()),
            region(branch.otherwise()),
            branch.results());
      }
      case Node.Loop loop -> {
        read.add(loop.done());
        yield new Node.Loop(region(loop.body()), loop.done());
      }
    };
  }

  private Region region(Region region) {
    region.yields().forEach(this::use);
    return new Region(live(region.nodes()), region.yields());
  }

  private void use(Operand operand) {
    operand.forEachValue(read::add);
  }

  private static boolean changesSomething(Node.Call call) {
    return call.operator().arguments().stream()
        .filter(argument -> !argument.isOut())
        .anyMatch(Argument::isWritten);
  }
}
