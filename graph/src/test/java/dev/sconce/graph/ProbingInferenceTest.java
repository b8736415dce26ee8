package dev.sconce.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sconce.base.DType;
import dev.sconce.base.InvalidInputException;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ProbingInferenceTest {

  private final GraphBuilder builder = new GraphBuilder("test", new ProbingInference());
  private final Author author = new Author(builder);
  private final Dim s = Dim.of(builder.symbol("S", 1, 63));
  private final Dim p = Dim.of(builder.symbol("P", 0, 64));

  @Test
  void concatenationAddsSymbolicSizes() {
    Value a = tensor("a", Dim.of(1), s, Dim.of(8));
    Value b = tensor("b", Dim.of(1), p, Dim.of(8));
    assertThat(author.cat(List.of(a, b, a), 1).type())
        .isEqualTo(
            new Type.TensorType(DType.FLOAT32, List.of(Dim.ONE, p.plus(s).plus(s), Dim.of(8))));
  }

  @Test
  void broadcastingKeepsTheSymbol() {
    Value a = tensor("a", Dim.of(1), s, Dim.of(1), Dim.of(8));
    Value b = tensor("b", Dim.of(4), Dim.of(8));
    assertThat(author.mul(a, b).type()).hasToString("float32[1, S, 4, 8]");
  }

  @Test
  void symbolDoesNotBroadcastWithAFixedSize() {
    Value a = tensor("a", s, Dim.of(8));
    Value b = tensor("b", Dim.of(64), Dim.of(8));
    assertThatThrownBy(() -> author.add(a, b)).isInstanceOf(InvalidInputException.class);
  }

  @Test
  void sliceBetweenSymbolicBoundsHasTheirDifference() {
    Value table = tensor("table", Dim.of(128), Dim.of(8));
    Value position = builder.input("position", new Type.TensorType(DType.INT64, List.of(s)));
    Symbol start = builder.symbol("start", 0, 64);
    Value first = author.item(author.slice(position, 0, 0, 1), start);
    Value end = author.sum(first, Operand.of(author.size(position, 0)));
    Value rows = author.slice(table, 0, Operand.of(first), Operand.of(end));
    assertThat(rows.type()).hasToString("float32[S, 8]");
  }

  @Test
  void productOfTwoSymbolsIsFound() {
    Value a = tensor("a", s, p, Dim.of(4));
    Value flat = author.view(a, s.times(p), Dim.of(4));
    assertThat(author.unary("neg", flat).type()).hasToString("float32[P*S, 4]");
  }

  @Test
  void sizeThatIsNoPolynomialIsAnError() {
    Value x = tensor("x", s);
    assertThatThrownBy(
            () ->
                builder.call(
                    "aten::slice_copy.Tensor_out",
                    Operand.of(x),
                    Operand.of(0),
                    Operand.of(0),
                    Operand.of(Long.MAX_VALUE),
                    Operand.of(2)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("linear");
  }

  private Value tensor(String name, Dim... shape) {
    return builder.input(name, new Type.TensorType(DType.FLOAT32, List.of(shape)));
  }
}
