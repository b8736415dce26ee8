package dev.sconce.graph.pass;

import dev.sconce.graph.Author;
import dev.sconce.graph.Graph;
import dev.sconce.graph.GraphBuilder;
import dev.sconce.graph.Node;
import dev.sconce.graph.Operand;
import dev.sconce.graph.ProbingInference;
import dev.sconce.graph.Region;
import dev.sconce.graph.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Applies rules to all calls of a graph, in one walk; the first rule that fires counts. */
public final class Rewriter {

  private final List<CallRule> rules;
  private final GraphBuilder builder;
  private final Author author;
  private final Map<Value, Value> replaced = new HashMap<>();

  private Rewriter(Graph graph, List<CallRule> rules) {
    this.rules = rules;
    this.builder = GraphBuilder.continuing(graph, new ProbingInference());
    this.author = new Author(builder);
  }

  /** Returns a graph in which each rule was tried on every call. */
  public static Graph apply(Graph graph, CallRule... rules) {
    Rewriter rewriter = new Rewriter(graph, List.of(rules));
    graph.nodes().forEach(rewriter::visit);
    return rewriter.builder.build(graph.outputs().stream().map(rewriter::current).toList());
  }

  private void visit(Node node) {
    switch (node) {
      case Node.Call call -> visit(call);
      case Node.Assign assign ->
          builder.add(new Node.Assign(assign.variable(), map(assign.value())));
      case Node.Delegate delegate ->
          builder.add(
              new Node.Delegate(
                  delegate.subgraph(),
                  delegate.inputs().stream().map(this::current).toList(),
                  delegate.results()));
      case Node.Branch branch ->
          builder.add(
              new Node.Branch(
                  current(branch.condition()),
                  region(branch.then()),
                  region(branch.otherwise()),
                  branch.results()));
      case Node.Loop loop -> {
        Region body = region(loop.body());
        builder.add(new Node.Loop(body, current(loop.done())));
      }
    }
  }

  private void visit(Node.Call original) {
    Node.Call call =
        new Node.Call(
            original.operator(),
            original.operands().stream().map(this::map).toList(),
            original.results());
    if (call.results().size() == 1 && !call.writesBuffer()) {
      for (CallRule rule : rules) {
        Optional<Value> replacement = rule.rewrite(call, author);
        if (replacement.isPresent()) {
          check(call, replacement.get());
          replaced.put(call.result(), replacement.get());
          return;
        }
      }
    }
    builder.add(call);
  }

  private static void check(Node.Call call, Value replacement) {
    if (!replacement.type().equals(call.result().type())) {
      throw new IllegalStateException(
          "%s: %s cannot take the place of %s"
              .formatted(call.operator().fullName(), replacement.type(), call.result().type()));
    }
  }

  private Region region(Region region) {
    List<Operand> yields = new ArrayList<>();
    return builder.region(
        () -> {
          region.nodes().forEach(this::visit);
          region.yields().forEach(operand -> yields.add(map(operand)));
          return yields;
        });
  }

  private Operand map(Operand operand) {
    return operand.map(value -> Operand.of(current(value)));
  }

  private Value current(Value value) {
    return replaced.getOrDefault(value, value);
  }
}
