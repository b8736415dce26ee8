package dev.sconce.graph.memory;

import dev.sconce.graph.Graph;
import dev.sconce.graph.Node;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Value;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * When each tensor of a graph is needed, counted in nodes.
 *
 * <p>Nodes of regions are numbered in line, as they will be emitted. What a loop reads from outside
 * lives to the loop's end: the next round reads it again.
 */
public final class Lifetimes {

  /** An open loop: where it began, and what it read that was there before. */
  private record OpenLoop(int first, Set<Value> readFromOutside) {}

  private final Map<Value, Value> roots = new HashMap<>();
  private final Map<Value, Integer> first = new HashMap<>();
  private final Map<Value, Integer> last = new HashMap<>();
  private final Deque<OpenLoop> loops = new ArrayDeque<>();
  private int position;

  private Lifetimes() {}

  /** Returns the lifetimes of a graph's tensors. */
  public static Lifetimes of(Graph graph) {
    Lifetimes lifetimes = new Lifetimes();
    graph.inputs().forEach(lifetimes::define);
    lifetimes.walk(graph.nodes());
    graph
        .outputs()
        .forEach(output -> lifetimes.last.put(lifetimes.root(output), Integer.MAX_VALUE));
    return lifetimes;
  }

  /** Returns the tensor whose memory a value lies in: the value itself, or what it is a view of. */
  public Value root(Value value) {
    Value root = value;
    while (roots.containsKey(root)) {
      root = roots.get(root);
    }
    return root;
  }

  /** Returns when a tensor is first needed. */
  public int first(Value root) {
    return first.getOrDefault(root, 0);
  }

  /** Returns when a tensor is needed last. */
  public int last(Value root) {
    return last.getOrDefault(root, first(root));
  }

  private void walk(Iterable<Node> nodes) {
    nodes.forEach(this::visit);
  }

  private void visit(Node node) {
    position++;
    switch (node) {
      case Node.Call call -> {
        call.operands().forEach(operand -> operand.forEachValue(this::use));
        if (Views.isView(call)) {
          roots.put(call.result(), Views.base(call));
        }
        call.results().forEach(this::define);
      }
      case Node.Delegate delegate -> {
        delegate.inputs().forEach(this::use);
        delegate.results().forEach(this::define);
      }
      case Node.Assign assign -> assign.value().forEachValue(this::use);
      case Node.Branch branch -> {
        use(branch.condition());
        walk(branch.then().nodes());
        position++;
        yields(branch.then().yields());
        // Written at the end of either region, so alive through the second one.
        branch.results().forEach(this::define);
        walk(branch.otherwise().nodes());
        position++;
        yields(branch.otherwise().yields());
        branch.results().forEach(this::use);
      }
      case Node.Loop loop -> {
        loops.push(new OpenLoop(position, new LinkedHashSet<>()));
        walk(loop.body().nodes());
        position++;
        use(loop.done());
        OpenLoop closed = loops.pop();
        closed.readFromOutside().forEach(value -> last.merge(value, position, Math::max));
        // An enclosing loop reads it, too, if it comes from outside of that one.
        closed.readFromOutside().forEach(this::use);
      }
    }
  }

  private void yields(Iterable<Operand> yields) {
    yields.forEach(operand -> operand.forEachValue(this::use));
  }

  private void define(Value value) {
    first.putIfAbsent(root(value), position);
    last.merge(root(value), position, Math::max);
  }

  private void use(Value value) {
    Value root = root(value);
    last.merge(root, position, Math::max);
    OpenLoop loop = loops.peek();
    if (loop != null && first(root) <= loop.first()) {
      loop.readFromOutside().add(root);
    }
  }
}
