package dev.sconce.graph;

import dev.sconce.ops.Argument;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Which values nodes read and which buffers and variables they change, regions included. */
public final class Accesses {

  private Accesses() {}

  /** Returns every value that a node reads, those of its regions included. */
  public static Set<Value> reads(Node node) {
    Set<Value> values = new LinkedHashSet<>();
    switch (node) {
      case Node.Call call -> call.operands().forEach(o -> o.forEachValue(values::add));
      case Node.Assign assign -> assign.value().forEachValue(values::add);
      case Node.Delegate delegate -> values.addAll(delegate.inputs());
      case Node.Branch branch -> {
        values.add(branch.condition());
        values.addAll(reads(branch.then()));
        values.addAll(reads(branch.otherwise()));
      }
      case Node.Loop loop -> {
        values.add(loop.done());
        values.addAll(reads(loop.body()));
      }
    }
    return values;
  }

  private static Set<Value> reads(Region region) {
    Set<Value> values = new LinkedHashSet<>();
    region.nodes().forEach(node -> values.addAll(reads(node)));
    region.yields().forEach(operand -> operand.forEachValue(values::add));
    return values;
  }

  /** Returns what the nodes of a graph change; see {@link #writes(Node)}. */
  public static Set<Value> writes(Graph graph) {
    return writes(graph.nodes());
  }

  /** Returns the buffers and variables that a node changes, and other tensors changed in place. */
  public static Set<Value> writes(Node node) {
    Set<Value> values = new LinkedHashSet<>();
    switch (node) {
      case Node.Call call -> values.addAll(writes(call));
      case Node.Assign assign -> values.add(assign.variable());
      case Node.Delegate _ -> {}
      case Node.Branch branch -> {
        values.addAll(writes(branch.then().nodes()));
        values.addAll(writes(branch.otherwise().nodes()));
      }
      case Node.Loop loop -> values.addAll(writes(loop.body().nodes()));
    }
    return values;
  }

  private static Set<Value> writes(List<Node> nodes) {
    Set<Value> values = new LinkedHashSet<>();
    nodes.forEach(node -> values.addAll(writes(node)));
    return values;
  }

  private static Set<Value> writes(Node.Call call) {
    Set<Value> values = new LinkedHashSet<>();
    call.results().stream()
        .filter(result -> result.kind() == Value.Kind.BUFFER)
        .forEach(values::add);
    int operand = 0;
    for (Argument argument : call.operator().arguments()) {
      if (!argument.isOut()) {
        Operand given = call.operand(operand++);
        if (argument.isWritten()) {
          given.forEachValue(values::add);
        }
      }
    }
    return values;
  }
}
