package dev.sconce.graph;

import dev.sconce.ops.OperatorCatalogue;
import java.lang.foreign.MemorySegment;
import java.util.function.BiFunction;

/** Graphs from text, for tests. */
public final class Graphs {

  private Graphs() {}

  /** Reads a graph; its parameters are zero. */
  public static Graph parse(String text) {
    return parse(text, Named::new);
  }

  /** Reads a graph whose parameters have data made from their identities and sizes. */
  public static Graph parse(String text, BiFunction<String, Long, ConstantData> data) {
    Graph graph =
        GraphText.parse(text, OperatorCatalogue.standard(), identity -> new Named(identity, 0));
    return graph.withParameters(
        graph.parameters().stream()
            .map(
                p ->
                    new Parameter(
                        p.value(),
                        data.apply(p.data().identity(), p.value().tensorType().maxBytes())))
            .toList());
  }

  private record Named(String identity, long byteSize) implements ConstantData {

    @Override
    public void writeTo(MemorySegment target) {}
  }
}
