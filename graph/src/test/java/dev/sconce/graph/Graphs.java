package dev.sconce.graph;

import dev.sconce.ops.OperatorCatalogue;
import java.lang.foreign.MemorySegment;

/** Graphs from text, for tests. */
public final class Graphs {

  private Graphs() {}

  /** Reads a graph; its parameters have no data. */
  public static Graph parse(String text) {
    return GraphText.parse(text, OperatorCatalogue.standard(), Named::new);
  }

  private record Named(String identity) implements ConstantData {
    @Override
    public long byteSize() {
      return 0;
    }

    @Override
    public void writeTo(MemorySegment target) {}
  }
}
