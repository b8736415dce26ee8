package dev.sconce.export.generation;

import dev.sconce.export.generation.internal.rule.Nucleus;
import dev.sconce.export.generation.internal.rule.NucleusSearch;
import dev.sconce.graph.Author;
import dev.sconce.graph.Dim;
import dev.sconce.graph.Graph;
import dev.sconce.graph.GraphBuilder;
import dev.sconce.graph.Node;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Region;
import dev.sconce.graph.Type;
import dev.sconce.graph.Value;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Bounds the steps of one call by what the official runtime executes: it ends a call with an error
 * after 10,000,000 instructions, and the call's results are lost.
 *
 * <pre>
 * steps ≤ budget / (cost of a round + cost of the rounds of inner loops)
 * </pre>
 *
 * <p>How many instructions a round takes is known only when all passes ran, so both numbers are
 * filled in last, in place of the assignments to two variables.
 */
public final class StepCap {

  /** What the official runtime executes in a call. */
  public static final long INSTRUCTIONS = 10_000_000;

  private static final String BUDGET = "step.budget";
  private static final String COST = "step.cost";

  /** How many instructions a round of an inner loop takes, at most. */
  private static final long INNER_ROUND = 16;

  private StepCap() {}

  /**
   * Writes the bound, at the beginning of a method.
   *
   * @param innerRounds how many rounds inner loops may have in one step, a number of the program;
   *     those of top-p's search are always counted
   * @return how many steps a call may take, at least 1
   */
  public static Value write(Author a, Value innerRounds) {
    GraphBuilder builder = a.builder();
    Value budget = builder.variable(BUDGET, integer(builder, "budget"));
    Value cost = builder.variable(COST, integer(builder, "cost"));
    builder.assign(budget, Operand.of(INSTRUCTIONS));
    builder.assign(cost, Operand.of(1));
    Value inner = a.number("mul", Operand.of(innerRounds), Operand.of(INNER_ROUND));
    Value round = a.number("add", Operand.of(cost), Operand.of(inner));
    Value steps = a.number("floordiv", Operand.of(budget), Operand.of(round));
    return a.number("sym_max", Operand.of(steps), Operand.of(1));
  }

  private static Type integer(GraphBuilder builder, String name) {
    return new Type.IntType(Dim.of(builder.freshSymbol(name, 1, INSTRUCTIONS)));
  }

  /** Returns how many steps a call of a finished graph may take if there are no inner loops. */
  public static long of(Graph graph) {
    return Math.max(1, budget(graph) / cost(graph));
  }

  private static long budget(Graph graph) {
    return INSTRUCTIONS - graph.nodes().stream().mapToLong(StepCap::count).sum();
  }

  private static long cost(Graph graph) {
    Optional<Node.Loop> steps = longestLoop(graph.nodes());
    if (steps.isEmpty()) {
      return 1;
    }
    Optional<Node.Loop> nucleus = longestLoop(steps.get().body().nodes());
    return count(steps.get()) + nucleus.map(StepCap::searches).orElse(0L);
  }

  /** Returns what top-p's searches for a nucleus take, at most. */
  private static long searches(Node.Loop nucleus) {
    long rounds =
        longestLoop(nucleus.body().nodes())
            .map(search -> NucleusSearch.ROUNDS * count(search))
            .orElse(0L);
    return Nucleus.SEARCHES * (count(nucleus) + rounds);
  }

  /** Returns a finished graph with the numbers in their places. */
  public static Graph fill(Graph graph) {
    List<Node> nodes = new ArrayList<>();
    for (Node node : graph.nodes()) {
      nodes.add(
          switch (node) {
            case Node.Assign(Value variable, Operand _) when variable.name().equals(BUDGET) ->
                new Node.Assign(variable, Operand.of(budget(graph)));
            case Node.Assign(Value variable, Operand _) when variable.name().equals(COST) ->
                new Node.Assign(variable, Operand.of(cost(graph)));
            case Node.Assign _, Node.Call _, Node.Delegate _, Node.Branch _, Node.Loop _ -> node;
          });
    }
    return graph.withNodes(nodes);
  }

  /** Returns the most instructions that a node takes, a loop's body counted once. */
  private static long count(Node node) {
    return switch (node) {
      case Node.Call _, Node.Assign _, Node.Delegate _ -> 1;
      case Node.Branch branch ->
          2 + branch.results().size() + Math.max(count(branch.then()), count(branch.otherwise()));
      case Node.Loop loop -> 1 + count(loop.body());
    };
  }

  private static long count(Region region) {
    return region.nodes().stream().mapToLong(StepCap::count).sum();
  }

  private static Optional<Node.Loop> longestLoop(List<Node> nodes) {
    return nodes.stream().flatMap(StepCap::loops).max(Comparator.comparingLong(StepCap::count));
  }

  /** Returns the loops of a node that lie in no other. */
  private static Stream<Node.Loop> loops(Node node) {
    return switch (node) {
      case Node.Call _, Node.Assign _, Node.Delegate _ -> Stream.of();
      case Node.Branch branch ->
          Stream.of(branch.then(), branch.otherwise())
              .flatMap(region -> region.nodes().stream())
              .flatMap(StepCap::loops);
      case Node.Loop loop -> Stream.of(loop);
    };
  }
}
