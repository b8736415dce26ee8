package dev.sconce.graph.pass;

import dev.sconce.graph.Accesses;
import dev.sconce.graph.Graph;
import dev.sconce.graph.Node;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Region;
import dev.sconce.graph.Type;
import dev.sconce.graph.Value;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Computes what is computed twice once.
 *
 * <pre>
 * before:  a = neg(x); b = neg(x); return a + b
 * after:   a = neg(x);             return a + a
 * </pre>
 *
 * <p>Calls that read or write what nodes change (buffers, variables, tensors changed in place)
 * stay, and so do random numbers. Regions see what was computed before them, not what another one
 * computed.
 */
public final class CommonSubexpressions {

  /** Operators whose results differ from call to call. */
  private static final Set<String> RANDOM =
      Set.of("aten::rand.out", "aten::randn.out", "aten::native_dropout.out");

  /** What tells calls apart. */
  private record Key(String operator, List<Operand> operands, List<Type> types) {}

  private final Set<Value> changed;
  private final Map<Value, Value> replaced = new HashMap<>();
  private final Map<Key, Node.Call> known = new HashMap<>();

  /** What has become known in the regions that are open, the innermost first. */
  private final Deque<List<Key>> scopes = new ArrayDeque<>(List.of(new ArrayList<Key>()));

  private CommonSubexpressions(Graph graph) {
    this.changed = Accesses.writes(graph);
  }

  /** Returns a graph in which equal calls are one. */
  public static Graph merge(Graph graph) {
    CommonSubexpressions pass = new CommonSubexpressions(graph);
    List<Node> nodes = pass.merge(graph.nodes());
    return graph.withNodes(nodes, graph.outputs().stream().map(pass::current).toList());
  }

  private List<Node> merge(List<Node> nodes) {
    List<Node> kept = new ArrayList<>();
    for (Node node : nodes) {
      switch (node) {
        case Node.Call call -> {
          Node.Call mapped =
              new Node.Call(
                  call.operator(),
                  call.operands().stream().map(this::map).toList(),
                  call.results());
          if (!isMerged(mapped)) {
            kept.add(mapped);
          }
        }
        case Node.Assign assign ->
            kept.add(new Node.Assign(assign.variable(), map(assign.value())));
        case Node.Delegate delegate ->
            kept.add(
                new Node.Delegate(
                    delegate.subgraph(),
                    delegate.inputs().stream().map(this::current).toList(),
                    delegate.results()));
        case Node.Branch branch ->
            kept.add(
                new Node.Branch(
                    current(branch.condition()),
                    merge(branch.then()),
                    merge(branch.otherwise()),
                    branch.results()));
        case Node.Loop loop -> {
          Region body = merge(loop.body());
          kept.add(new Node.Loop(body, current(loop.done())));
        }
      }
    }
    return kept;
  }

  private Region merge(Region region) {
    scopes.push(new ArrayList<>());
    List<Node> nodes = merge(region.nodes());
    scopes.pop().forEach(known::remove);
    return new Region(nodes, region.yields().stream().map(this::map).toList());
  }

  private boolean isMerged(Node.Call call) {
    if (call.results().isEmpty() || isRandom(call) || touchesState(call)) {
      return false;
    }
    Key key =
        new Key(
            call.operator().fullName(),
            call.operands(),
            call.results().stream().map(Value::type).toList());
    Node.Call first = known.putIfAbsent(key, call);
    if (first == null) {
      scopes.element().add(key);
      return false;
    }
    for (int i = 0; i < call.results().size(); i++) {
      replaced.put(call.results().get(i), first.results().get(i));
    }
    return true;
  }

  /** Returns whether a call gives other results when it is made again. */
  static boolean isRandom(Node.Call call) {
    return RANDOM.contains(call.operator().fullName());
  }

  private boolean touchesState(Node.Call call) {
    Set<Value> touched = new HashSet<>(Accesses.reads(call));
    touched.addAll(call.results());
    return !Accesses.writes(call).isEmpty()
        || touched.stream().anyMatch(CommonSubexpressions::isCell)
        || touched.stream().anyMatch(changed::contains);
  }

  private static boolean isCell(Value value) {
    return value.kind() == Value.Kind.BUFFER || value.kind() == Value.Kind.VARIABLE;
  }

  private Operand map(Operand operand) {
    return operand.map(value -> Operand.of(current(value)));
  }

  private Value current(Value value) {
    return replaced.getOrDefault(value, value);
  }
}
