package dev.sconce.export.recipe;

import dev.sconce.export.internal.evaluate.RuntimeEvaluator;
import dev.sconce.graph.Graph;
import dev.sconce.graph.pass.CommonSubexpressions;
import dev.sconce.graph.pass.ConstantFolding;
import dev.sconce.graph.pass.DeadNodes;
import dev.sconce.graph.pass.RedundantMoves;
import dev.sconce.graph.pass.Rewriter;

/** The passes that make any graph smaller, whatever runs it. */
public final class Tidying {

  private Tidying() {}

  /** Returns a graph that computes the same in fewer calls, or the same ones. */
  public static Graph apply(Graph graph) {
    Graph moved =
        Rewriter.apply(
            graph, new ConstantFolding(graph, new RuntimeEvaluator()), new RedundantMoves(graph));
    return DeadNodes.remove(CommonSubexpressions.merge(moved));
  }
}
