package dev.sconce.graph;

import dev.sconce.ops.OperatorCatalogue;
import java.lang.foreign.MemorySegment;

/** Graphs from text, for tests. */
public final class Graphs {

  private Graphs() {}

  /** Reads a graph; its parameters are zero. */
  public static Graph parse(String text) {
    Graph graph =
        GraphText.parse(text, OperatorCatalogue.standard(), identity -> new Named(identity, 0));
    return graph.withParameters(
        graph.parameters().stream()
            .map(
                p ->
                    new Parameter(
                        p.value(),
                        new Named(p.data().identity(), p.value().tensorType().maxBytes())))
            .toList());
  }

  private record Named(String identity, long byteSize) implements ConstantData {

    @Override
    public void writeTo(MemorySegment target) {}
  }
}
