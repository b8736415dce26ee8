package dev.sconce.graph;

import dev.sconce.base.DType;
import dev.sconce.ops.OperatorCatalogue;
import dev.sconce.ops.OperatorSchema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/** Reads graphs in the form of {@link GraphText}. */
final class GraphParser {

  private static final Map<String, DType> DTYPES = dtypes();

  private final GraphLexer lexer;
  private final OperatorCatalogue catalogue;
  private final Function<String, ConstantData> constants;
  private final Map<String, Value> values = new HashMap<>();
  private final Map<String, Symbol> symbols = new LinkedHashMap<>();

  GraphParser(String text, OperatorCatalogue catalogue, Function<String, ConstantData> constants) {
    this.lexer = new GraphLexer(text);
    this.catalogue = catalogue;
    this.constants = constants;
  }

  private static Map<String, DType> dtypes() {
    Map<String, DType> dtypes = new HashMap<>();
    for (DType dtype : DType.values()) {
      dtypes.put(dtype.torchName(), dtype);
    }
    return Map.copyOf(dtypes);
  }

  /** A declaration whose type is read once all symbols are known. */
  private record PendingInput(String name, Supplier<Type> type) {}

  Graph parse() {
    lexer.expect("graph");
    String name = lexer.word();
    lexer.expect("(");
    List<PendingInput> pending = new ArrayList<>();
    while (!lexer.accept(")")) {
      if (!pending.isEmpty()) {
        lexer.expect(",");
      }
      String input = lexer.valueName();
      lexer.expect(":");
      pending.add(new PendingInput(input, deferredType()));
    }
    if (lexer.accept("where")) {
      do {
        String symbol = lexer.word();
        lexer.expect("in");
        long min = lexer.integer();
        lexer.expect("..");
        symbols.put(symbol, new Symbol(symbol, min, lexer.integer()));
      } while (lexer.accept(","));
    }
    List<Value> inputs =
        pending.stream().map(p -> define(p.name(), Value.Kind.INPUT, p.type().get())).toList();
    lexer.expect("{");
    List<Parameter> parameters = new ArrayList<>();
    while (lexer.accept("param")) {
      Value value = declaration(Value.Kind.PARAMETER);
      lexer.expect("=");
      parameters.add(new Parameter(value, constants.apply(lexer.string())));
    }
    List<Value> buffers = new ArrayList<>();
    while (lexer.accept("buffer")) {
      buffers.add(declaration(Value.Kind.BUFFER));
    }
    List<Value> variables = new ArrayList<>();
    while (lexer.accept("var")) {
      variables.add(declaration(Value.Kind.VARIABLE));
    }
    List<Node> nodes = nodes();
    lexer.expect("return");
    List<Value> outputs = new ArrayList<>();
    while (!lexer.accept("}")) {
      if (!outputs.isEmpty()) {
        lexer.expect(",");
      }
      outputs.add(use());
    }
    return new Graph(
        name,
        List.copyOf(symbols.values()),
        inputs,
        parameters,
        buffers,
        variables,
        nodes,
        outputs);
  }

  private List<Node> nodes() {
    List<Node> nodes = new ArrayList<>();
    while (!lexer.peek().equals("return")
        && !lexer.peek().equals("yield")
        && !lexer.peek().equals("}")) {
      nodes.add(node());
    }
    return nodes;
  }

  private Node node() {
    if (lexer.accept("do")) {
      lexer.expect("{");
      Region body = new Region(nodes(), List.of());
      lexer.expect("}");
      lexer.expect("until");
      return new Node.Loop(body, use());
    }
    if (!lexer.peek().startsWith("%")) {
      return right(List.of());
    }
    String first = lexer.valueName();
    if (lexer.accept(":=")) {
      return new Node.Assign(lookUp(first), argument());
    }
    if (lexer.accept("<-")) {
      return call(lexer.word(), () -> List.of(lookUp(first)));
    }
    // Results enter the scope after the right side is read: a node cannot use what it defines.
    List<PendingInput> results = new ArrayList<>();
    lexer.expect(":");
    results.add(new PendingInput(first, constant(type())));
    while (lexer.accept(",")) {
      String name = lexer.valueName();
      lexer.expect(":");
      results.add(new PendingInput(name, constant(type())));
    }
    lexer.expect("=");
    return right(results);
  }

  private static Supplier<Type> constant(Type type) {
    return () -> type;
  }

  private Node right(List<PendingInput> pending) {
    if (lexer.accept("if")) {
      Value condition = use();
      lexer.expect("{");
      Region then = region();
      lexer.expect("}");
      lexer.expect("else");
      lexer.expect("{");
      Region otherwise = region();
      lexer.expect("}");
      return new Node.Branch(condition, then, otherwise, defineAll(pending));
    }
    return call(lexer.word(), () -> defineAll(pending));
  }

  private Node call(String name, Supplier<List<Value>> results) {
    if (name.equals("delegate")) {
      throw lexer.error("an operator: compiled subgraphs do not read back");
    }
    OperatorSchema operator =
        catalogue.find(name).orElseThrow(() -> lexer.error("an operator, after '" + name + "'"));
    lexer.expect("(");
    List<Operand> arguments = new ArrayList<>();
    while (!lexer.accept(")")) {
      if (!arguments.isEmpty()) {
        lexer.expect(",");
      }
      arguments.add(argument());
    }
    return new Node.Call(operator, arguments, results.get());
  }

  private List<Value> defineAll(List<PendingInput> pending) {
    return pending.stream().map(p -> define(p.name(), Value.Kind.RESULT, p.type().get())).toList();
  }

  private Region region() {
    List<Node> nodes = nodes();
    List<Operand> yields = new ArrayList<>();
    if (lexer.accept("yield")) {
      do {
        yields.add(argument());
      } while (lexer.accept(","));
    }
    return new Region(nodes, yields);
  }

  private Operand argument() {
    String next = lexer.peek();
    if (next.startsWith("%")) {
      return Operand.of(use());
    }
    if (next.startsWith("\"")) {
      return new Operand.StringConstant(lexer.string());
    }
    if (lexer.accept("[")) {
      List<Operand> items = new ArrayList<>();
      while (!lexer.accept("]")) {
        if (!items.isEmpty()) {
          lexer.expect(",");
        }
        items.add(argument());
      }
      return new Operand.ListOf(items);
    }
    return switch (next) {
      case "none" -> {
        lexer.take();
        yield Operand.none();
      }
      case "true", "false" -> Operand.of(Boolean.parseBoolean(lexer.take()));
      default -> number();
    };
  }

  private Operand number() {
    String next = lexer.peek();
    try {
      Operand number =
          next.matches("-?\\d+")
              ? Operand.of(Long.parseLong(next))
              : Operand.of(Double.parseDouble(next));
      lexer.take();
      return number;
    } catch (NumberFormatException e) {
      throw lexer.error("an argument");
    }
  }

  private Value declaration(Value.Kind kind) {
    String name = lexer.valueName();
    lexer.expect(":");
    return define(name, kind, type());
  }

  private Value define(String name, Value.Kind kind, Type type) {
    Value value = new Value(name, kind, type);
    if (values.putIfAbsent(name, value) != null) {
      throw lexer.error("a new name instead of a second %" + name);
    }
    return value;
  }

  private Value use() {
    return lookUp(lexer.valueName());
  }

  private Value lookUp(String name) {
    Value value = values.get(name);
    if (value == null) {
      throw lexer.error("a defined value instead of %" + name);
    }
    return value;
  }

  private Type type() {
    return deferredType().get();
  }

  /** Reads a type; its symbols are looked up when the result is asked for. */
  private Supplier<Type> deferredType() {
    if (lexer.accept("(")) {
      List<Supplier<Type>> elements = new ArrayList<>();
      while (!lexer.accept(")")) {
        if (!elements.isEmpty()) {
          lexer.expect(",");
        }
        elements.add(deferredType());
      }
      return () ->
          new Type.TensorListType(elements.stream().map(e -> (Type.TensorType) e.get()).toList());
    }
    String word = lexer.word();
    DType dtype = DTYPES.get(word);
    if (word.equals("double")) {
      return constant(Type.DoubleType.DOUBLE);
    }
    if (word.equals("int")) {
      lexer.expect("(");
      Supplier<Dim> value = dim();
      lexer.expect(")");
      return () -> new Type.IntType(value.get());
    }
    if (word.equals("bool") && !lexer.peek().equals("[")) {
      return constant(Type.BoolType.BOOL);
    }
    if (dtype == null) {
      throw lexer.error("a type instead of '" + word + "', before");
    }
    lexer.expect("[");
    List<Supplier<Dim>> shape = new ArrayList<>();
    while (!lexer.accept("]")) {
      if (!shape.isEmpty()) {
        lexer.expect(",");
      }
      shape.add(dim());
    }
    return () -> new Type.TensorType(dtype, shape.stream().map(Supplier::get).toList());
  }

  /** Reads a polynomial: terms joined by + and -, factors joined by *. */
  private Supplier<Dim> dim() {
    Supplier<Dim> sum = term(lexer.accept("-"));
    while (true) {
      Supplier<Dim> left = sum;
      if (lexer.accept("+")) {
        Supplier<Dim> right = term(false);
        sum = () -> left.get().plus(right.get());
      } else if (lexer.accept("-")) {
        Supplier<Dim> right = term(true);
        sum = () -> left.get().plus(right.get());
      } else if (lexer.peek().matches("-\\d+")) {
        // "S-1" is scanned as S and -1.
        Supplier<Dim> right = term(false);
        sum = () -> left.get().plus(right.get());
      } else {
        return sum;
      }
    }
  }

  private Supplier<Dim> term(boolean negative) {
    Supplier<Dim> product = factor();
    while (lexer.accept("*")) {
      Supplier<Dim> left = product;
      Supplier<Dim> right = factor();
      product = () -> left.get().times(right.get());
    }
    Supplier<Dim> positive = product;
    return negative ? () -> Dim.ZERO.minus(positive.get()) : positive;
  }

  private Supplier<Dim> factor() {
    if (lexer.peek().matches("-?\\d+")) {
      Dim constant = Dim.of(lexer.integer());
      return () -> constant;
    }
    String name = lexer.word();
    return () -> {
      Symbol symbol = symbols.get(name);
      if (symbol == null) {
        throw lexer.error("a symbol of the where clause instead of " + name);
      }
      return Dim.of(symbol);
    };
  }
}
