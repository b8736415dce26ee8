package dev.sconce.format.xnnpack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sconce.base.memory.MemoryReader;
import dev.sconce.format.Fixtures;
import dev.sconce.format.pte.BackendDelegate;
import dev.sconce.format.pte.ExecutionPlan;
import dev.sconce.format.pte.PteFile;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class XnnFixturesTest {

  @Test
  void everyBlobVerifiesAndRoundTrips() throws Exception {
    int blobs = 0;
    Map<XnnNodeKind, Integer> kinds = new EnumMap<>(XnnNodeKind.class);
    for (Path file : Fixtures.files(".pte")) {
      try (PteFile pte = PteFile.open(file)) {
        for (ExecutionPlan plan : pte.program().plans()) {
          for (BackendDelegate delegate : plan.delegates()) {
            if (delegate.id().equals("XnnpackBackend")) {
              XnnGraph graph = roundTrip(pte.delegateData(delegate));
              graph.nodes().forEach(n -> kinds.merge(n.operation().kind(), 1, Integer::sum));
              blobs++;
            }
          }
        }
      }
    }
    assertThat(blobs).isPositive();
    assertThat(kinds).containsKeys(XnnNodeKind.FULLY_CONNECTED, XnnNodeKind.CONVERT);
  }

  private static XnnGraph roundTrip(MemoryReader blob) {
    XnnGraph graph = XnnBlob.verify(blob);
    MemorySegment written = XnnBlob.write(graph);
    XnnGraph again = XnnBlob.verify(MemoryReader.of("written", written));
    assertThat(again).isEqualTo(graph);
    assertThat(XnnBlob.write(again).mismatch(written)).isEqualTo(-1);
    return graph;
  }
}
