package dev.sconce.export.recipe;

import dev.sconce.graph.Graph;
import dev.sconce.graph.pass.AliasViews;
import dev.sconce.graph.pass.ColumnsAsRows;
import dev.sconce.graph.pass.DeadNodes;
import dev.sconce.graph.pass.DecomposeTanhGelu;
import dev.sconce.graph.pass.MeanAsProduct;
import dev.sconce.graph.pass.NumberAsBias;
import dev.sconce.graph.pass.Rewriter;
import dev.sconce.graph.xnnpack.XnnpackPartitioner;
import java.util.List;

/** How graphs are prepared for a kind of runtime. */
public interface Recipe {

  /** Returns the name by which users choose the recipe. */
  String name();

  /** Returns whether linear layers may be quantised. */
  boolean quantizesLinears();

  /** Returns whether {@code llama::} operators are used unless the user says otherwise. */
  boolean usesCustomOperators();

  /** Prepares one method. */
  Lowered lower(Graph graph);

  /**
   * A prepared method.
   *
   * @param graph the method
   * @param leftovers the calls that stayed outside of backends
   */
  record Lowered(Graph graph, List<XnnpackPartitioner.Leftover> leftovers) {}

  /** Runs everything in the portable and optimised kernels. */
  final class Portable implements Recipe {

    /** Creates the recipe. */
    public Portable() {}

    @Override
    public String name() {
      return "portable";
    }

    @Override
    public boolean quantizesLinears() {
      return false;
    }

    @Override
    public boolean usesCustomOperators() {
      return false;
    }

    @Override
    public Lowered lower(Graph graph) {
      Graph tidy = Tidying.apply(graph);
      Graph views = Rewriter.apply(tidy, new AliasViews(tidy));
      return new Lowered(DeadNodes.remove(views), List.of());
    }
  }

  /** Hands what it can to XNNPACK. */
  final class Xnnpack implements Recipe {

    /** Creates the recipe. */
    public Xnnpack() {}

    @Override
    public String name() {
      return "xnnpack";
    }

    @Override
    public boolean quantizesLinears() {
      return true;
    }

    @Override
    public boolean usesCustomOperators() {
      return true;
    }

    @Override
    public Lowered lower(Graph graph) {
      XnnpackPartitioner partitioner = new XnnpackPartitioner();
      Graph tidy = Tidying.apply(graph);
      Graph decomposed = Rewriter.apply(tidy, new MeanAsProduct(), new DecomposeTanhGelu());
      Graph biased = Rewriter.apply(decomposed, new NumberAsBias());
      Graph prepared = DeadNodes.remove(Rewriter.apply(biased, new ColumnsAsRows(biased)));
      Graph partitioned = partitioner.partition(prepared);
      Graph views = Rewriter.apply(partitioned, new AliasViews(partitioned));
      return new Lowered(DeadNodes.remove(views), partitioner.leftovers());
    }
  }
}
