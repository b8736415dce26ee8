package dev.sconce.export.recipe;

import dev.sconce.export.recipe.internal.evaluate.RuntimeEvaluator;
import dev.sconce.graph.Graph;
import dev.sconce.graph.pass.CommonSubexpressions;
import dev.sconce.graph.pass.ConstantFolding;
import dev.sconce.graph.pass.DeadNodes;
import dev.sconce.graph.pass.PermuteAsView;
import dev.sconce.graph.pass.PermutedConstants;
import dev.sconce.graph.pass.ProductAsLinear;
import dev.sconce.graph.pass.RedundantMoves;
import dev.sconce.graph.pass.Rewriter;
import dev.sconce.graph.pass.TransposeAsPermute;

/** The passes that make any graph smaller, whatever runs it. */
public final class Tidying {

  private Tidying() {}

  /** Returns a graph that computes the same in fewer calls, or the same ones. */
  public static Graph apply(Graph graph) {
    Graph computed =
        Rewriter.apply(
            graph,
            new ConstantFolding(graph, new RuntimeEvaluator()),
            new TransposeAsPermute(),
            new PermuteAsView(),
            new ProductAsLinear(graph));
    Graph moved = DeadNodes.remove(Rewriter.apply(computed, new RedundantMoves(computed)));
    Graph stored = Rewriter.apply(moved, new PermutedConstants(moved));
    return DeadNodes.remove(CommonSubexpressions.merge(stored));
  }
}
