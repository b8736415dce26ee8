package dev.sconce.graph.pass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sconce.base.DType;
import dev.sconce.graph.ConstantData;
import dev.sconce.graph.Graph;
import dev.sconce.graph.GraphText;
import dev.sconce.graph.Graphs;
import dev.sconce.graph.Node;
import dev.sconce.graph.Parameter;
import dev.sconce.graph.Value;
import dev.sconce.graph.quantize.LinearData;
import dev.sconce.graph.quantize.WeightRows;
import dev.sconce.graph.quantize.WeightScheme;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ConstantFoldingTest {

  /** The bytes 0, 1, 2 …, as many as its type says. */
  private record Count(String identity, long byteSize) implements ConstantData {
    @Override
    public void writeTo(MemorySegment target) {
      for (int i = 0; i < byteSize; i++) {
        target.set(ValueLayout.JAVA_BYTE, i, (byte) i);
      }
    }
  }

  /** What was asked for; answers with the operand's bytes, each increased by one. */
  private final List<String> asked = new ArrayList<>();

  private Optional<byte[]> next(Node.Call call, Map<Value, ConstantData> constants) {
    asked.add(call.operator().fullName());
    if (call.operator().fullName().equals("aten::exp.out")) {
      return Optional.empty();
    }
    byte[] bytes = new byte[Math.toIntExact(call.result().tensorType().maxBytes())];
    call.operands()
        .getFirst()
        .forEachValue(
            value -> {
              ConstantData data = constants.get(value);
              data.writeTo(MemorySegment.ofArray(bytes));
            });
    for (int i = 0; i < bytes.length; i++) {
      bytes[i]++;
    }
    return Optional.of(bytes);
  }

  private static Graph parse(String text) {
    return Graphs.parse(text, Count::new);
  }

  private Graph folded(Graph graph) {
    return DeadNodes.remove(Rewriter.apply(graph, new ConstantFolding(graph, this::next)));
  }

  private void assertUntouched(String text) {
    assertThat(folded(parse(text)).toString()).isEqualTo(text);
    assertThat(asked).isEmpty();
  }

  @Test
  void chainOfCallsOnConstantsBecomesOneConstant() {
    Graph graph =
        folded(
            parse(
                """
                graph f(%x: float32[3, 1]) {
                  param %p: int32[3] = "p"
                  %a: float32[3] = aten::_to_copy.out(%p, false, none)
                  %b: float32[3, 1] = aten::view_copy.out(%a, [3, 1])
                  %c: float32[3, 1] = aten::mul.out(%x, %b)
                  return %c
                }
                """));
    assertThat(graph.parameters()).hasSize(1);
    Parameter made = graph.parameters().getFirst();
    byte[] bytes = new byte[12];
    made.data().writeTo(MemorySegment.ofArray(bytes));
    assertThat(bytes).containsExactly(2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13);
    assertThat(graph.toString())
        .isEqualTo(
            """
            graph f(%%x: float32[3, 1]) {
              param %%r1.folded.2: float32[3, 1] = "%s"
              %%c: float32[3, 1] = aten::mul.out(%%x, %%r1.folded.2)
              return %%c
            }
            """
                .formatted(made.data().identity()));
  }

  @Test
  void callsWithoutTensorsAndThoseInsideOfRegionsAreFolded() {
    Graph graph =
        folded(
            parse(
                """
                graph f(%c: bool[1]) {
                  %z: float32[2] = if %c {
                    %a: float32[2] = aten::full.out([2], 0.0)
                    yield %a
                  } else {
                    %b: float32[2] = aten::full.out([2], 1.0)
                    yield %b
                  }
                  return %z
                }
                """));
    assertThat(asked).containsExactly("aten::full.out", "aten::full.out");
    assertThat(graph.everyNode()).hasSize(1);
    // Equal bytes of equal types are one constant, whatever made them.
    assertThat(graph.parameters()).hasSize(1);
  }

  @Test
  void whatTheEvaluatorCannotTellStays() {
    String text =
        """
        graph f() {
          param %p: float32[3] = "p"
          %a: float32[3] = aten::exp.out(%p)
          return %a
        }
        """;
    assertThat(folded(parse(text)).toString()).isEqualTo(text);
    assertThat(asked).containsExactly("aten::exp.out");
  }

  @Test
  void largeConstantsAndResultsStay() {
    assertUntouched(
        """
        graph f() {
          param %p: float32[16385] = "p"
          %a: float32[2] = aten::slice_copy.Tensor_out(%p, 0, 0, 2, 1)
          %b: float32[16385] = aten::full.out([16385], 0.0)
          return %a, %b
        }
        """);
  }

  @Test
  void resultsOfAGraphAreLimitedInSum() {
    StringBuilder calls = new StringBuilder();
    StringBuilder outputs = new StringBuilder();
    for (int i = 0; i < 20; i++) {
      calls.append("%%a%d: float32[16384] = aten::full.out([16384], %d.0)\n".formatted(i, i));
      outputs.append(", %%a%d".formatted(i));
    }
    Graph graph =
        folded(
            parse(
                """
                graph f(%%x: float32[16384]) {
                  %s
                  %%c: float32[16384] = aten::neg.out(%%x)
                  return %%c%s
                }
                """
                    .formatted(calls, outputs)));
    assertThat(asked).hasSize(16);
    assertThat(graph.nodes()).hasSize(5);
  }

  @Test
  void buffersRandomNumbersVaryingShapesAndNumbersStay() {
    assertUntouched(
        """
        graph f(%x: float32[S]) where S in 1..9 {
          buffer %state: float32[2]
          %state <- aten::full.out([2], 0.0)
          %a: float32[2] = aten::neg.out(%state)
          %b: float32[2] = aten::rand.out([2])
          %n: int(S) = aten::sym_size.int(%x, 0)
          %c: float32[S] = aten::full.out([%n], 0.0)
          %d: bool = executorch_prim::eq.Scalar(0, 0)
          return %a, %b, %c, %d
        }
        """);
  }

  @Test
  void whatIsChangedInPlaceStays() {
    assertUntouched(
        """
        graph f(%i: int64[1], %x: float32[1]) {
          %a: float32[4] = aten::full.out([4], 0.0)
          aten::index_put_(%a, [%i], %x, false)
          return %a
        }
        """);
  }

  @Test
  void quantisedMatricesStay() {
    Graph graph =
        Graphs.parse(
            """
            graph f() {
              param %w: float32[2, 32] = "w for 8 bits by row"
              %a: float32[2, 32] = aten::neg.out(%w)
              return %a
            }
            """);
    Value matrix = graph.parameters().getFirst().value();
    LinearData data =
        new LinearData(
            new Zeros(2, 32),
            DType.FLOAT32,
            new WeightScheme(8, 0, WeightScheme.ScaleChoice.ABSMAX),
            false);
    Graph quantised = graph.withParameters(List.of(new Parameter(matrix, data)));
    assertThat(GraphText.print(folded(quantised))).isEqualTo(GraphText.print(quantised));
    assertThat(asked).isEmpty();
  }

  private record Zeros(int rows, int columns) implements WeightRows {
    @Override
    public void read(int firstRow, int count, float[] target) {}

    @Override
    public String identity() {
      return "zeros";
    }
  }
}
