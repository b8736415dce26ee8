package dev.sconce.graph.xnnpack;

import dev.sconce.format.xnnpack.XnnBlob;
import dev.sconce.format.xnnpack.XnnConstant;
import dev.sconce.format.xnnpack.XnnGraph;
import dev.sconce.graph.ConstantData;
import dev.sconce.graph.Subgraph;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** A subgraph for XNNPACK; its constants are named data, which the runtime packs once by key. */
final class XnnpackSubgraph implements Subgraph {

  static final String BACKEND = "XnnpackBackend";

  private final XnnGraph graph;
  private final List<ConstantData> constants;

  /**
   * Creates a subgraph.
   *
   * @param graph the graph; its constants are to be replaced
   * @param constants its constants, in the order of their indices, from 1
   */
  XnnpackSubgraph(XnnGraph graph, List<ConstantData> constants) {
    this.graph = graph;
    this.constants = List.copyOf(constants);
  }

  XnnGraph graph() {
    return graph;
  }

  @Override
  public String backend() {
    return BACKEND;
  }

  @Override
  public List<ConstantData> constants() {
    return constants;
  }

  @Override
  public byte[] serialize(Function<ConstantData, String> keys) {
    List<XnnConstant> named = new ArrayList<>();
    named.add(new XnnConstant.Reserved());
    for (ConstantData data : constants) {
      named.add(new XnnConstant.Named(keys.apply(data), data.byteSize()));
    }
    XnnGraph complete =
        XnnGraph.of(
            graph.nodes(), graph.values(), graph.externs(), graph.inputs(), graph.outputs(), named);
    return XnnBlob.write(complete).toArray(ValueLayout.JAVA_BYTE);
  }

  @Override
  public String describe() {
    return "XNNPACK: %d nodes, %d constants".formatted(graph.nodes().size(), constants.size());
  }
}
