package dev.sconce.graph.xnnpack;

import dev.sconce.base.DType;
import dev.sconce.graph.Accesses;
import dev.sconce.graph.Graph;
import dev.sconce.graph.Node;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Region;
import dev.sconce.graph.Type;
import dev.sconce.graph.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Cuts out what XNNPACK can run, in as few pieces as dependencies allow.
 *
 * <p>Every node has a level: the number of times that the longest way to it goes from a supported
 * node to an unsupported one. Supported nodes of one level form one piece; no way leads out of a
 * piece and back into it, since it would cross an unsupported node and come back at a higher level.
 *
 * <pre>
 * linear → mul → sdpa → linear → add          linear, mul | sdpa | linear, add
 *   0       0     1       1       1             piece 0             piece 1
 * </pre>
 *
 * <p>Operators that change a buffer are ordered after all that read or wrote it before.
 *
 * <p>A change of shape at the edge of a piece stays outside, where it is free; a delegate would
 * copy.
 *
 * <p>In a region of a choice without a product only those pieces are cut out in which an operator
 * computes many elements: others may be jumped over and are not worth a call.
 */
public final class XnnpackPartitioner {

  private static final int MAX_RANK = 6;

  /** Operators that only move data: a piece of nothing else is not worth a call. */
  private static final Set<String> MOVES =
      Set.of(
          "aten::view_copy.out",
          "aten::unsqueeze_copy.out",
          "aten::permute_copy.out",
          "aten::slice_copy.Tensor_out",
          "aten::cat.out");

  /** Operators that only change the shape. */
  private static final Set<String> SHAPES =
      Set.of("aten::view_copy.out", "aten::unsqueeze_copy.out");

  /** What makes a region of a choice worth a call. */
  private static final Set<String> PRODUCTS =
      Set.of(
          "aten::linear.out",
          "aten::addmm.out",
          "aten::mm.out",
          "aten::bmm.out",
          "aten::convolution.out");

  private static final String IN_CHOICE = "in a choice, and of few elements";

  /** From how many elements of a result on its operator is worth a call in a choice. */
  private static final long MANY = 16_384;

  private final Lowerings lowerings = new Lowerings();
  private final List<Leftover> leftovers = new ArrayList<>();

  /** Creates a partitioner. */
  public XnnpackPartitioner() {}

  /**
   * A call that stays outside.
   *
   * @param operator the operator's full name
   * @param result the name of the call's first result, or ""
   * @param reason why
   */
  public record Leftover(String operator, String result, String reason) {}

  /** Returns the calls that stayed outside so far, with the reason for each. */
  public List<Leftover> leftovers() {
    return List.copyOf(leftovers);
  }

  /** Returns a graph in which pieces are replaced by delegate calls. */
  public Graph partition(Graph graph) {
    Constants constants = new Constants(graph);
    Set<Value> neededOutside = new HashSet<>(graph.outputs());
    return graph.withNodes(partition(graph.nodes(), constants, neededOutside, false));
  }

  private List<Node> partition(
      List<Node> nodes, Constants constants, Set<Value> neededAfter, boolean onlyMany) {
    List<Node> inner = nodes.stream().map(node -> partitionRegions(node, constants)).toList();
    Set<Node> supported = identitySet();
    for (Node node : inner) {
      if (isSupported(node, constants)) {
        supported.add(node);
      }
    }
    Levels levels = new Levels(inner, supported);
    demote(inner, supported, levels, call -> !MOVES.contains(call.operator().fullName()));
    demoteShapes(inner, supported);
    if (onlyMany) {
      levels = new Levels(inner, supported);
      demote(inner, supported, levels, XnnpackPartitioner::computesMany);
    }
    levels = new Levels(inner, supported);
    report(
        inner,
        supported,
        constants,
        onlyMany ? IN_CHOICE : "it only moves data, and costs less outside");
    return schedule(inner, supported, levels, constants, neededAfter);
  }

  private Node partitionRegions(Node node, Constants constants) {
    return switch (node) {
      case Node.Branch branch ->
          new Node.Branch(
              branch.condition(),
              partition(branch.then(), constants),
              partition(branch.otherwise(), constants),
              branch.results());
      case Node.Loop loop ->
          new Node.Loop(
              new Region(
                  partition(loop.body().nodes(), constants, Set.of(loop.done()), false), List.of()),
              loop.done());
      case Node.Call _, Node.Assign _, Node.Delegate _ -> node;
    };
  }

  private Region partition(Region region, Constants constants) {
    boolean products =
        region.nodes().stream()
            .anyMatch(
                node ->
                    node instanceof Node.Call call
                        && PRODUCTS.contains(call.operator().fullName()));
    Set<Value> yields = new HashSet<>();
    region.yields().forEach(operand -> operand.forEachValue(yields::add));
    return new Region(partition(region.nodes(), constants, yields, !products), region.yields());
  }

  private boolean isSupported(Node node, Constants constants) {
    return node instanceof Node.Call call && refusal(call, constants).isEmpty();
  }

  private Optional<String> refusal(Node.Call call, Constants constants) {
    if (call.writesBuffer()) {
      return Optional.of("it writes a buffer");
    }
    Optional<Lowering> lowering = lowerings.find(call.operator().fullName());
    if (lowering.isEmpty()) {
      return Optional.of("XNNPACK has no such operator");
    }
    for (Value value : Lowerings.tensors(call)) {
      if (value.type() instanceof Type.TensorType tensor && !isComputable(tensor)) {
        return Optional.of("%s is %s".formatted(value, tensor));
      }
    }
    if (!(call.result().type() instanceof Type.TensorType result) || !isComputable(result)) {
      return Optional.of("the result is " + call.result().type());
    }
    return lowering.get().refusal(call, constants);
  }

  private static boolean isComputable(Type.TensorType tensor) {
    return (tensor.dtype() == DType.FLOAT32 || tensor.dtype() == DType.FLOAT16)
        && tensor.rank() <= MAX_RANK;
  }

  private void report(
      List<Node> nodes, Set<Node> supported, Constants constants, String otherwise) {
    for (Node node : nodes) {
      if (node instanceof Node.Call call && !supported.contains(node)) {
        leftovers.add(
            new Leftover(
                call.operator().fullName(),
                call.results().isEmpty() ? "" : call.results().getFirst().name(),
                refusal(call, constants).orElse(otherwise)));
      }
    }
  }

  /** Takes pieces out again in which no call is worthwhile. */
  private static void demote(
      List<Node> nodes, Set<Node> supported, Levels levels, Predicate<Node.Call> isWorth) {
    Set<Integer> worthwhile = new HashSet<>();
    for (Node node : nodes) {
      if (supported.contains(node) && node instanceof Node.Call call && isWorth.test(call)) {
        worthwhile.add(levels.of(node));
      }
    }
    for (Node node : nodes) {
      if (supported.contains(node) && !worthwhile.contains(levels.of(node))) {
        supported.remove(node);
      }
    }
  }

  private static boolean computesMany(Node.Call call) {
    return !MOVES.contains(call.operator().fullName())
        && call.result().tensorType().elements().min() >= MANY;
  }

  /**
   * Takes changes of shape out again whose operand comes from outside, or whose result is read
   * outside alone if both sizes are fixed. Those of buffers are copies either way, and constants
   * are better known to XNNPACK.
   */
  private static void demoteShapes(List<Node> nodes, Set<Node> supported) {
    Set<Value> inside = new HashSet<>();
    for (Node node : nodes) {
      if (!supported.contains(node)) {
        continue;
      }
      if (node instanceof Node.Call call
          && SHAPES.contains(call.operator().fullName())
          && call.operands().getFirst() instanceof Operand.Of(Value x)
          && x.kind() != Value.Kind.BUFFER
          && x.kind() != Value.Kind.PARAMETER
          && !inside.contains(x)) {
        supported.remove(node);
      } else {
        inside.addAll(node.results());
      }
    }
    Set<Value> readInside = new HashSet<>();
    for (Node node : nodes.reversed()) {
      if (!supported.contains(node)) {
        continue;
      }
      if (node instanceof Node.Call call
          && SHAPES.contains(call.operator().fullName())
          && call.operands().getFirst() instanceof Operand.Of(Value x)
          && inside.contains(x)
          && x.tensorType().isFixed()
          && call.result().tensorType().isFixed()
          && !readInside.contains(call.result())) {
        supported.remove(node);
      } else {
        readInside.addAll(Accesses.reads(node));
      }
    }
  }

  /** Equal nodes may stand at several places, and comparing them would go through all in them. */
  private static Set<Node> identitySet() {
    return Collections.newSetFromMap(new IdentityHashMap<>());
  }

  private List<Node> schedule(
      List<Node> nodes,
      Set<Node> supported,
      Levels levels,
      Constants constants,
      Set<Value> neededAfter) {
    Map<Integer, List<Node>> outside = new TreeMap<>();
    Map<Integer, List<Node.Call>> pieces = new TreeMap<>();
    for (Node node : nodes) {
      int level = levels.of(node);
      outside.computeIfAbsent(level, _ -> new ArrayList<>());
      if (supported.contains(node) && node instanceof Node.Call call) {
        pieces.computeIfAbsent(level, _ -> new ArrayList<>()).add(call);
      } else {
        outside.get(level).add(node);
      }
    }
    Map<Value, List<Node>> readers = readers(nodes);
    List<Node> scheduled = new ArrayList<>();
    for (Map.Entry<Integer, List<Node>> level : outside.entrySet()) {
      scheduled.addAll(level.getValue());
      List<Node.Call> piece = pieces.get(level.getKey());
      if (piece != null) {
        scheduled.add(compile(piece, readers, constants, neededAfter));
      }
    }
    return scheduled;
  }

  private static Map<Value, List<Node>> readers(List<Node> nodes) {
    Map<Value, List<Node>> readers = new HashMap<>();
    for (Node node : nodes) {
      for (Value value : Accesses.reads(node)) {
        readers.computeIfAbsent(value, _ -> new ArrayList<>()).add(node);
      }
    }
    return readers;
  }

  private Node.Delegate compile(
      List<Node.Call> piece,
      Map<Value, List<Node>> readers,
      Constants constants,
      Set<Value> neededAfter) {
    Set<Value> inside = new LinkedHashSet<>();
    Set<Value> inputs = new LinkedHashSet<>();
    for (Node.Call call : piece) {
      for (Value value : Lowerings.tensors(call)) {
        boolean tensor = value.type() instanceof Type.TensorType;
        if (tensor && !inside.contains(value) && !constants.isConstant(value)) {
          inputs.add(value);
        }
      }
      inside.addAll(call.results());
    }
    Set<Node> members = identitySet();
    members.addAll(piece);
    List<Value> outputs =
        inside.stream()
            .filter(
                value ->
                    neededAfter.contains(value)
                        || !members.containsAll(readers.getOrDefault(value, List.of())))
            .toList();
    TurnedMatrices turned = new TurnedMatrices(piece, outputs);
    XnnGraphBuilder builder =
        new XnnGraphBuilder(constants.all(), turned, List.copyOf(inputs), outputs);
    for (Node.Call call : piece) {
      if (!turned.isLeftOut(call)) {
        lowerings.find(call.operator().fullName()).orElseThrow().lower(call, constants, builder);
      }
    }
    return new Node.Delegate(builder.build(), List.copyOf(inputs), outputs);
  }

  /** The level of every node of one region. */
  private static final class Levels {

    /** Where a value or buffer comes from: its level, and whether from a supported node. */
    private record Source(int level, boolean supported) {

      int levelFor(boolean reader) {
        // Leaving supported nodes costs a level.
        return supported && !reader ? level + 1 : level;
      }
    }

    private final IdentityHashMap<Node, Integer> levels = new IdentityHashMap<>();
    private final Map<Value, Source> sources = new HashMap<>();
    private final Map<Value, List<Source>> readers = new HashMap<>();

    Levels(List<Node> nodes, Set<Node> supported) {
      int effects = 0;
      for (Node node : nodes) {
        boolean in = supported.contains(node);
        int level = 0;
        for (Value value : Accesses.reads(node)) {
          Source source = sources.get(value);
          level = source == null ? level : Math.max(level, source.levelFor(in));
        }
        Set<Value> written = Accesses.writes(node);
        for (Value value : written) {
          for (Source reader : readers.getOrDefault(value, List.of())) {
            level = Math.max(level, reader.levelFor(in));
          }
        }
        if (hasOrder(node)) {
          // Assignments and regions keep their order among each other.
          level = Math.max(level, effects);
          effects = level;
        }
        levels.put(node, level);
        Source source = new Source(level, in);
        for (Value value : Accesses.reads(node)) {
          readers.computeIfAbsent(value, _ -> new ArrayList<>()).add(source);
        }
        node.results().forEach(result -> sources.put(result, source));
        written.forEach(value -> sources.put(value, source));
      }
    }

    private static boolean hasOrder(Node node) {
      return switch (node) {
        case Node.Assign _, Node.Branch _, Node.Loop _ -> true;
        case Node.Call _, Node.Delegate _ -> false;
      };
    }

    int of(Node node) {
      return java.util.Objects.requireNonNull(levels.get(node));
    }
  }
}
