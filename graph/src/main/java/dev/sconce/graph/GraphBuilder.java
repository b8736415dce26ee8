package dev.sconce.graph;

import dev.sconce.ops.OperatorCatalogue;
import dev.sconce.ops.OperatorSchema;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Builds a graph node by node; result types are inferred.
 *
 * <p>Names are made unique by numbering, in the order of creation, so that the same calls give the
 * same graph. Not thread-safe.
 */
public final class GraphBuilder {

  private static final String COPY = "aten::alias_copy.out";

  private final String name;
  private final OperatorCatalogue catalogue;
  private final TypeInference inference;
  private final Map<String, Symbol> symbols = new LinkedHashMap<>();
  private final Map<String, Parameter> parameters = new LinkedHashMap<>();
  private final List<Value> inputs = new ArrayList<>();
  private final List<Value> buffers = new ArrayList<>();
  private final List<Value> variables = new ArrayList<>();
  private final Deque<List<Node>> regions = new ArrayDeque<>();
  private final Map<String, Integer> namesInUse = new HashMap<>();
  private String prefix = "";

  /**
   * Creates a builder of an empty graph.
   *
   * @param name the method's name
   * @param inference finds the types of results
   */
  public GraphBuilder(String name, TypeInference inference) {
    this.name = name;
    this.catalogue = OperatorCatalogue.standard();
    this.inference = inference;
    regions.push(new ArrayList<>());
  }

  /**
   * Returns a builder that goes on with a graph's declarations, for passes that write its nodes
   * anew.
   */
  public static GraphBuilder continuing(Graph graph, TypeInference inference) {
    GraphBuilder builder = new GraphBuilder(graph.name(), inference);
    graph.symbols().forEach(symbol -> builder.symbols.put(symbol.name(), symbol));
    graph.parameters().forEach(p -> builder.parameters.put(p.data().identity(), p));
    builder.inputs.addAll(graph.inputs());
    builder.buffers.addAll(graph.buffers());
    builder.variables.addAll(graph.variables());
    builder.prefix = freshPrefix(graph);
    return builder;
  }

  /** Returns a start of names that no value of a graph has. */
  private static String freshPrefix(Graph graph) {
    Set<String> prefixes = new HashSet<>();
    graph.parameters().forEach(p -> prefixes.add(prefixOf(p.value())));
    collectPrefixes(graph.nodes(), prefixes);
    int number = 1;
    while (prefixes.contains("r" + number)) {
      number++;
    }
    return "r" + number + ".";
  }

  private static void collectPrefixes(List<Node> nodes, Set<String> prefixes) {
    for (Node node : nodes) {
      node.results().forEach(result -> prefixes.add(prefixOf(result)));
      switch (node) {
        case Node.Branch branch -> {
          collectPrefixes(branch.then().nodes(), prefixes);
          collectPrefixes(branch.otherwise().nodes(), prefixes);
        }
        case Node.Loop loop -> collectPrefixes(loop.body().nodes(), prefixes);
        case Node.Call _, Node.Assign _, Node.Delegate _ -> {}
      }
    }
  }

  private static String prefixOf(Value value) {
    int dot = value.name().indexOf('.');
    return dot < 0 ? value.name() : value.name().substring(0, dot);
  }

  /**
   * Returns the symbol of a name, creating it at first use.
   *
   * @throws IllegalArgumentException if it exists with other bounds
   */
  public Symbol symbol(String symbolName, long min, long max) {
    Symbol symbol = symbols.computeIfAbsent(symbolName, n -> new Symbol(n, min, max));
    if (symbol.min() != min || symbol.max() != max) {
      throw new IllegalArgumentException(
          "symbol %s has the bounds %d..%d already"
              .formatted(symbolName, symbol.min(), symbol.max()));
    }
    return symbol;
  }

  /** Returns a symbol that nothing else uses. */
  public Symbol freshSymbol(String hint, long min, long max) {
    String unique = hint;
    for (int i = 1; symbols.containsKey(unique); i++) {
      unique = hint + i;
    }
    return symbol(unique, min, max);
  }

  /** Adds an input of the method. */
  public Value input(String inputName, Type type) {
    Value value = value(inputName, Value.Kind.INPUT, type);
    inputs.add(value);
    return value;
  }

  /** Returns the parameter with the given data, adding it unless equal data were added before. */
  public Value parameter(String parameterName, Type.TensorType type, ConstantData data) {
    Parameter known = parameters.get(data.identity());
    if (known != null && known.value().type().equals(type)) {
      return known.value();
    }
    if (known != null) {
      throw new IllegalArgumentException(
          "parameter '%s' has type %s and cannot be %s as well"
              .formatted(data.identity(), known.value().type(), type));
    }
    if (data.byteSize() != type.maxBytes()) {
      throw new IllegalArgumentException(
          "parameter '%s' of type %s: expected %d bytes, found %d"
              .formatted(data.identity(), type, type.maxBytes(), data.byteSize()));
    }
    Value value = value(parameterName, Value.Kind.PARAMETER, type);
    parameters.put(data.identity(), new Parameter(value, data));
    return value;
  }

  /** Adds a tensor that keeps its contents from call to call. */
  public Value buffer(String bufferName, Type.TensorType type) {
    Value value = value(bufferName, Value.Kind.BUFFER, type);
    buffers.add(value);
    return value;
  }

  /** Adds a number that nodes can set. */
  public Value variable(String variableName, Type type) {
    Value value = value(variableName, Value.Kind.VARIABLE, type);
    variables.add(value);
    return value;
  }

  /**
   * Adds a call that has one result.
   *
   * @param operator the full name, for example {@code aten::add.out}
   * @param operands the operands in the schema's order, without {@code out}; trailing ones that
   *     have a default may be left out
   */
  public Value call(String operator, Operand... operands) {
    List<Value> results = callAll(operator, List.of(operands));
    if (results.size() != 1) {
      throw new IllegalArgumentException(
          "%s has %d results, expected one".formatted(operator, results.size()));
    }
    return results.getFirst();
  }

  /**
   * Adds a call whose result type the author knows better than inference: its shape depends on
   * data, or its element type is the author's choice.
   */
  public Value callTyped(String operator, List<Operand> operands, Type type) {
    OperatorSchema schema = catalogue.get(operator);
    Value result = value("", Value.Kind.RESULT, type);
    add(new Node.Call(schema, Defaults.complete(schema, operands), List.of(result)));
    return result;
  }

  /** Adds a call with several results, whose types the author knows better than inference. */
  public List<Value> callTyped(String operator, List<Operand> operands, List<Type> types) {
    OperatorSchema schema = catalogue.get(operator);
    List<Value> results = types.stream().map(type -> value("", Value.Kind.RESULT, type)).toList();
    add(new Node.Call(schema, Defaults.complete(schema, operands), results));
    return results;
  }

  /** Adds a call of an operator that changes an argument in place. */
  public void callInPlace(String operator, Operand... operands) {
    OperatorSchema schema = catalogue.get(operator);
    add(new Node.Call(schema, Defaults.complete(schema, List.of(operands)), List.of()));
  }

  /**
   * Adds a call that writes its result into a buffer. If the buffer's shape is symbolic, it takes
   * the sizes of the result.
   */
  public void callInto(Value buffer, String operator, Operand... operands) {
    if (buffer.kind() != Value.Kind.BUFFER) {
      throw new IllegalArgumentException("expected a buffer, found " + buffer);
    }
    OperatorSchema schema = catalogue.get(operator);
    add(new Node.Call(schema, Defaults.complete(schema, List.of(operands)), List.of(buffer)));
  }

  /** Adds a call that copies a tensor into a buffer; see {@link #callInto}. */
  public void copyInto(Value buffer, Value tensor) {
    callInto(buffer, COPY, Operand.of(tensor));
  }

  /** Returns a call that copies a tensor, for passes that work on finished graphs. */
  public static Node.Call copy(Value tensor, String resultName) {
    OperatorSchema schema = OperatorCatalogue.standard().get(COPY);
    Value result = new Value(resultName, Value.Kind.RESULT, tensor.type());
    return new Node.Call(schema, List.of(Operand.of(tensor)), List.of(result));
  }

  /** Adds a call and returns all its results. */
  public List<Value> callAll(String operator, List<Operand> operands) {
    OperatorSchema schema = catalogue.get(operator);
    List<Operand> complete = Defaults.complete(schema, operands);
    List<Value> results = new ArrayList<>();
    for (Type type : inference.infer(schema, complete, this::freshSymbol)) {
      results.add(value("", Value.Kind.RESULT, type));
    }
    add(new Node.Call(schema, complete, results));
    return results;
  }

  /** Sets a variable. */
  public void assign(Value variable, Operand value) {
    add(new Node.Assign(variable, value));
  }

  /** Adds a node as it is. */
  public void add(Node node) {
    regions.element().add(node);
  }

  /** Adds a choice between two regions, which yield values of the same types. */
  public List<Value> branch(
      Value condition, Supplier<List<Operand>> then, Supplier<List<Operand>> otherwise) {
    Region first = region(then);
    Region second = region(otherwise);
    List<Value> results = new ArrayList<>();
    for (Operand yielded : first.yields()) {
      results.add(value("", Value.Kind.RESULT, typeOf(yielded)));
    }
    add(new Node.Branch(condition, first, second, results));
    return results;
  }

  /**
   * Adds a loop.
   *
   * @param body builds the body and returns the condition that ends the loop
   */
  public void loop(Supplier<Value> body) {
    regions.push(new ArrayList<>());
    Value done = body.get();
    add(new Node.Loop(new Region(regions.pop(), List.of()), done));
  }

  /** Returns what a body writes as a region, instead of adding it here. */
  public Region region(Supplier<List<Operand>> body) {
    regions.push(new ArrayList<>());
    List<Operand> yields = body.get();
    return new Region(regions.pop(), yields);
  }

  private static Type typeOf(Operand operand) {
    return switch (operand) {
      case Operand.Of of -> of.value().type();
      case Operand.IntConstant constant -> new Type.IntType(Dim.of(constant.value()));
      case Operand.DoubleConstant _ -> Type.DoubleType.DOUBLE;
      case Operand.BoolConstant _ -> Type.BoolType.BOOL;
      case Operand.StringConstant _, Operand.None _, Operand.ListOf _ ->
          throw new IllegalArgumentException("a region cannot yield " + operand);
    };
  }

  /** Returns the graph with the given outputs. */
  public Graph build(List<Value> outputs) {
    if (regions.size() != 1) {
      throw new IllegalStateException("a region is still open");
    }
    return new Graph(
        name,
        List.copyOf(symbols.values()),
        inputs,
        List.copyOf(parameters.values()),
        buffers,
        variables,
        regions.element(),
        outputs);
  }

  private Value value(String hint, Value.Kind kind, Type type) {
    String base = hint.isEmpty() ? "" : hint.replaceAll("[^\\w.]", "_");
    int count = namesInUse.merge(base, 1, Integer::sum);
    String number = Integer.toString(count);
    String unique = base.isEmpty() ? number : count == 1 ? base : base + "." + number;
    return new Value(prefix + unique, kind, type);
  }
}
