package dev.sconce.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sconce.base.MalformedFileException;
import dev.sconce.ops.OperatorCatalogue;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class GraphTextTest {

  private static final String EVERYTHING =
      """
      graph forward(%ids: int64[1, S], %position: int64[S]) where S in 1..63, P in 0..64 {
        param %weight: float32[151, 40] = "model.embed_tokens.weight"
        buffer %keys: float32[1, 64, 2, 20]
        var %count: int(0)
        %x: float32[1, S, 40] = aten::embedding.out(%weight, %ids, -1, false, false)
        %d: float32[S-1, 2*P*S+3] = aten::full.out([%count, -2], 1.5)
        %c: bool = executorch_prim::ge.Scalar(%count, 1)
        %y: float32[1, S, 40] = if %c {
          yield %x
        } else {
          %z: float32[1, S, 40] = aten::neg.out(%x)
          yield %z
        }
        %keys <- aten::full.out([1, 64, 2, 20], 0.0)
        do {
          %count := 1
          %done: bool = executorch_prim::ge.Scalar(%count, 1)
        } until %done
        %e: float32[1, S, 40] = aten::gelu.out(%y, "tanh")
        return %e, %d
      }
      """;

  @Test
  void printedGraphReadsBack() {
    Graph graph = parse(EVERYTHING);
    assertThat(graph.toString()).isEqualTo(EVERYTHING);
    assertThat(graph.nodes()).hasSize(7);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "graph f() {",
        "graph f() { return %x }",
        "graph f(%x: float32[S]) { return %x }",
        "graph f(%x: float32[1], %x: float32[1]) { return %x }",
        "graph f(%x: quux[1]) { return %x }",
        "graph f(%x: float32[1]) { %y: float32[1] = aten::nonsense.out(%x) return %y }",
        "graph f(%x: float32[1]) { %y: float32[1] = aten::neg.out(%y) return %y }",
        "graph f(%x: float32[1]) { $ }"
      })
  void rejectsTextThatIsNoGraph(String text) {
    assertThatThrownBy(() -> parse(text)).isInstanceOf(MalformedFileException.class);
  }

  private static Graph parse(String text) {
    return GraphText.parse(text, OperatorCatalogue.standard(), Named::new);
  }

  /** A constant that is a name only. */
  private record Named(String identity) implements ConstantData {
    @Override
    public long byteSize() {
      return 0;
    }

    @Override
    public void writeTo(MemorySegment target) {}
  }
}
