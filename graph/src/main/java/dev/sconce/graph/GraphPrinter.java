package dev.sconce.graph;

import dev.sconce.base.json.JsonString;
import java.util.List;
import java.util.stream.Collectors;

/** Prints graphs in the form of {@link GraphText}. */
final class GraphPrinter {

  private static final String INDENT = "  ";

  private final StringBuilder out = new StringBuilder();

  String print(Graph graph) {
    out.append("graph ").append(graph.name()).append('(');
    out.append(declarations(graph.inputs())).append(')');
    if (!graph.symbols().isEmpty()) {
      out.append(" where ")
          .append(
              graph.symbols().stream()
                  .map(s -> "%s in %d..%d".formatted(s.name(), s.min(), s.max()))
                  .collect(Collectors.joining(", ")));
    }
    out.append(" {\n");
    for (Parameter parameter : graph.parameters()) {
      line(
          1,
          "param %s = %s"
              .formatted(
                  declaration(parameter.value()), new JsonString(parameter.data().identity())));
    }
    graph.buffers().forEach(buffer -> line(1, "buffer " + declaration(buffer)));
    graph.variables().forEach(variable -> line(1, "var " + declaration(variable)));
    nodes(graph.nodes(), 1);
    line(
        1,
        graph.outputs().isEmpty()
            ? "return"
            : "return "
                + graph.outputs().stream().map(Value::toString).collect(Collectors.joining(", ")));
    return out.append("}\n").toString();
  }

  private void nodes(List<Node> nodes, int level) {
    nodes.forEach(node -> node(node, level));
  }

  private void node(Node node, int level) {
    String results = results(node);
    switch (node) {
      case Node.Call call ->
          line(
              level,
              "%s%s(%s)"
                  .formatted(results, call.operator().fullName(), arguments(call.operands())));
      case Node.Assign assign -> line(level, assign.variable() + " := " + assign.value());
      case Node.Delegate delegate ->
          line(
              level,
              "%sdelegate %s(%s)"
                  .formatted(
                      results,
                      new JsonString(delegate.subgraph().describe()),
                      delegate.inputs().stream()
                          .map(Value::toString)
                          .collect(Collectors.joining(", "))));
      case Node.Branch branch -> {
        line(level, "%sif %s {".formatted(results, branch.condition()));
        region(branch.then(), level + 1);
        line(level, "} else {");
        region(branch.otherwise(), level + 1);
        line(level, "}");
      }
      case Node.Loop loop -> {
        line(level, "do {");
        nodes(loop.body().nodes(), level + 1);
        line(level, "} until " + loop.done());
      }
    }
  }

  private static String results(Node node) {
    if (node.results().isEmpty()) {
      return "";
    }
    if (node instanceof Node.Call call && call.writesBuffer()) {
      return call.result() + " <- ";
    }
    return declarations(node.results()) + " = ";
  }

  private void region(Region region, int level) {
    nodes(region.nodes(), level);
    if (!region.yields().isEmpty()) {
      line(level, "yield " + arguments(region.yields()));
    }
  }

  private static String arguments(List<Operand> arguments) {
    return arguments.stream().map(Object::toString).collect(Collectors.joining(", "));
  }

  private static String declarations(List<Value> values) {
    return values.stream().map(GraphPrinter::declaration).collect(Collectors.joining(", "));
  }

  private static String declaration(Value value) {
    return value + ": " + value.type();
  }

  private void line(int level, String text) {
    out.repeat(INDENT, level).append(text).append('\n');
  }
}
