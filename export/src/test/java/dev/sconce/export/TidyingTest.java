package dev.sconce.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sconce.base.DType;
import dev.sconce.export.recipe.Recipe;
import dev.sconce.export.recipe.Tidying;
import dev.sconce.graph.Graph;
import dev.sconce.graph.Node;
import dev.sconce.graph.pass.AliasViews;
import dev.sconce.graph.pass.DeadNodes;
import dev.sconce.graph.pass.DecomposeTanhGelu;
import dev.sconce.graph.pass.MeanAsProduct;
import dev.sconce.graph.pass.Rewriter;
import dev.sconce.graph.xnnpack.XnnpackPartitioner;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The passes of every recipe never make a program longer. */
final class TidyingTest {

  static List<Goldens> checkpoints() throws IOException {
    return Goldens.all();
  }

  @ParameterizedTest
  @MethodSource("checkpoints")
  void programsDoNotGetLonger(Goldens goldens) throws IOException {
    for (boolean custom : List.of(false, true)) {
      ExportOptions options =
          ExportOptions.defaults().toBuilder()
              .dtype(DType.FLOAT32)
              .customAttention(custom)
              .customCache(custom)
              .build();
      for (Graph graph : Export.from(goldens.folder()).with(options).methods()) {
        Graph tidy = new Recipe.Xnnpack().lower(graph).graph();
        Graph plain = lowered(graph);
        assertThat(steps(tidy)).as(graph.name()).isLessThanOrEqualTo(steps(plain));
        assertThat(delegates(tidy)).as(graph.name()).isLessThanOrEqualTo(delegates(plain));
        assertThat(steps(Tidying.apply(graph)))
            .as(graph.name())
            .isLessThanOrEqualTo(steps(DeadNodes.remove(graph)));
      }
    }
  }

  private static Graph lowered(Graph graph) {
    Graph prepared = Rewriter.apply(graph, new MeanAsProduct(), new DecomposeTanhGelu());
    Graph partitioned = new XnnpackPartitioner().partition(DeadNodes.remove(prepared));
    return DeadNodes.remove(Rewriter.apply(partitioned, new AliasViews(partitioned)));
  }

  private static int steps(Graph graph) {
    return graph.everyNode().size();
  }

  private static long delegates(Graph graph) {
    return graph.everyNode().stream().filter(Node.Delegate.class::isInstance).count();
  }
}
