package dev.sconce.export.internal.check;

import dev.sconce.base.DType;
import dev.sconce.export.recipe.internal.evaluate.Calls;
import dev.sconce.graph.Accesses;
import dev.sconce.graph.Dim;
import dev.sconce.graph.Graph;
import dev.sconce.graph.Node;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Region;
import dev.sconce.graph.Symbol;
import dev.sconce.graph.Type;
import dev.sconce.graph.Value;
import dev.sconce.runtime.EValue;
import dev.sconce.runtime.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Runs a graph as its author wrote it, node by node: before any pass, partitioner, memory plan or
 * encoding in a file.
 *
 * <p>Calls are run by the runtime's operators; products with parameters and look-ups in them a few
 * rows at a time ({@link ParameterProducts}), so that one part of one weight is in memory at a
 * time. Buffers keep their contents from call to call.
 */
final class GraphInterpreter {

  private final Graph graph;
  private final ParameterReader parameters;
  private final ParameterProducts products;
  private final Map<Value, EValue> buffers = new HashMap<>();
  private final Map<Value, EValue> values = new HashMap<>();
  private final Map<Symbol, Long> sizes = new HashMap<>();
  private final List<Set<Value>> lastReads;

  /**
   * Creates an interpreter whose buffers are zero.
   *
   * @param parameters the graph's parameters
   * @param quantizedInputs whether inputs of quantised layers are quantised where the scheme says
   *     so
   */
  GraphInterpreter(Graph graph, ParameterReader parameters, boolean quantizedInputs) {
    this.graph = graph;
    this.parameters = parameters;
    this.products = new ParameterProducts(parameters, quantizedInputs);
    graph.buffers().forEach(b -> buffers.put(b, EValue.from(zeros(b.tensorType()))));
    this.lastReads = lastReads(graph);
  }

  private static List<Set<Value>> lastReads(Graph graph) {
    Set<Value> later = new HashSet<>(graph.outputs());
    List<Set<Value>> reads = new ArrayList<>();
    for (Node node : graph.nodes().reversed()) {
      Set<Value> last = new HashSet<>(Accesses.reads(node));
      last.removeAll(later);
      later.addAll(last);
      reads.add(last);
    }
    return reads.reversed();
  }

  /** Runs the graph once. */
  List<EValue> call(List<EValue> inputs) {
    values.clear();
    values.putAll(buffers);
    sizes.clear();
    for (int i = 0; i < inputs.size(); i++) {
      define(graph.inputs().get(i), inputs.get(i));
    }
    for (int i = 0; i < graph.nodes().size(); i++) {
      run(graph.nodes().get(i));
      lastReads.get(i).stream()
          .filter(value -> value.kind() == Value.Kind.RESULT)
          .forEach(values::remove);
    }
    graph.buffers().forEach(b -> buffers.put(b, get(b)));
    return graph.outputs().stream().map(this::get).toList();
  }

  private void run(Node node) {
    switch (node) {
      case Node.Call call -> run(call);
      case Node.Assign assign -> values.put(assign.variable(), operand(assign.value()));
      case Node.Branch branch -> {
        List<EValue> yields = run(isTrue(branch.condition()) ? branch.then() : branch.otherwise());
        for (int i = 0; i < yields.size(); i++) {
          define(branch.results().get(i), yields.get(i));
        }
      }
      case Node.Loop loop -> {
        do {
          run(loop.body());
        } while (!isTrue(loop.done()));
      }
      case Node.Delegate delegate ->
          throw new IllegalStateException(
              "expected a graph before it is partitioned, found " + delegate.subgraph().describe());
    }
  }

  private List<EValue> run(Region region) {
    region.nodes().forEach(this::run);
    return region.yields().stream().map(this::operand).toList();
  }

  private boolean isTrue(Value condition) {
    return switch (get(condition)) {
      case EValue.OfTensor(Tensor tensor) -> {
        boolean all = true;
        for (boolean element : tensor.toBooleanArray()) {
          all &= element;
        }
        yield all;
      }
      case EValue other -> other.toBool();
    };
  }

  private void run(Node.Call call) {
    List<EValue> results =
        products
            .result(call, this::tensor)
            .map(tensor -> List.of(EValue.from(tensor)))
            .orElseGet(() -> viaOperator(call));
    for (int i = 0; i < call.results().size(); i++) {
      define(call.results().get(i), results.get(i));
    }
  }

  private List<EValue> viaOperator(Node.Call call) {
    return Calls.run(call, this::get, this::room);
  }

  /** Returns a place for a result: as large as it will be, or can be if that is not known yet. */
  private EValue room(Value result) {
    if (result.kind() == Value.Kind.BUFFER) {
      return get(result);
    }
    return switch (result.type()) {
      case Type.TensorType type -> EValue.from(zeros(type));
      case Type.IntType _ -> EValue.from(0L);
      case Type.DoubleType _ -> EValue.from(0.0);
      case Type.BoolType _ -> EValue.from(false);
      case Type.TensorListType list ->
          new EValue.OfList(list.elements().stream().map(t -> EValue.from(zeros(t))).toList());
    };
  }

  private Tensor zeros(Type.TensorType type) {
    return Tensor.zeros(
        type.dtype(),
        type.shape().stream()
            .mapToLong(d -> sizes.keySet().containsAll(d.symbols()) ? evaluate(d) : d.max())
            .toArray());
  }

  private long evaluate(Dim dim) {
    return dim.evaluate(symbol -> Objects.requireNonNull(sizes.get(symbol)));
  }

  /** Gives a value its contents, which may tell symbols. */
  private void define(Value value, EValue contents) {
    values.put(value, contents);
    switch (contents) {
      case EValue.OfTensor(Tensor tensor) -> {
        List<Dim> shape = value.tensorType().shape();
        for (int i = 0; i < shape.size(); i++) {
          learn(shape.get(i), tensor.size(i));
        }
      }
      case EValue.OfInt(long number) when value.type() instanceof Type.IntType(Dim dim) ->
          learn(dim, number);
      case EValue.OfInt _, EValue.OfDouble _, EValue.OfBool _ -> {}
      case EValue.OfString _, EValue.OfList _, EValue.None _ -> {}
    }
  }

  private void learn(Dim dim, long size) {
    if (dim.symbols().size() == 1 && dim.equals(Dim.of(dim.symbols().getFirst()))) {
      sizes.putIfAbsent(dim.symbols().getFirst(), size);
    }
  }

  private EValue operand(Operand operand) {
    return Calls.value(operand, this::get);
  }

  private Tensor tensor(Value value) {
    return get(value).toTensor();
  }

  private EValue get(Value value) {
    if (value.kind() == Value.Kind.PARAMETER) {
      return EValue.from(parameters.read(value));
    }
    EValue known = values.get(value);
    if (known == null) {
      throw new IllegalStateException(value + " is read before it is written");
    }
    return known;
  }

  /** Returns the element types that references are compared in. */
  static boolean isFloating(DType dtype) {
    return switch (dtype) {
      case FLOAT16, BFLOAT16, FLOAT32, FLOAT64 -> true;
      default -> false;
    };
  }
}
