package dev.sconce.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sconce.base.DType;
import dev.sconce.base.ExecutionFailedException;
import dev.sconce.base.InvalidInputException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Single operators without a program. */
final class OperatorRunnerTest {

  private static EValue tensor(float... values) {
    return EValue.from(Tensor.of(values));
  }

  @Test
  void writesResultsOfTheSizesThatTheOperatorFinds() {
    Tensor result =
        OperatorRunner.run(
                "aten::slice_copy.Tensor_out",
                List.of(
                    tensor(1, 2, 3, 4),
                    EValue.from(0L),
                    EValue.from(-2L),
                    EValue.from(Long.MAX_VALUE),
                    EValue.from(1L)),
                List.of(EValue.from(Tensor.zeros(DType.FLOAT32, 4))))
            .getFirst()
            .toTensor();
    assertThat(result.toFloatArray()).containsExactly(3, 4);
  }

  @Test
  void changesTensorsInPlace() {
    Tensor cache = Tensor.of(new float[] {1, 2, 3});
    OperatorRunner.run(
        "aten::index_put_",
        List.of(
            EValue.from(cache),
            new EValue.OfList(List.of(EValue.from(Tensor.of(new long[] {2})))),
            tensor(9),
            EValue.from(false)),
        List.of());
    assertThat(cache.toFloatArray()).containsExactly(1, 2, 9);
  }

  @Test
  void returnsNumbers() {
    Tensor matrix = Tensor.zeros(DType.FLOAT32, 2, 5);
    assertThat(
            OperatorRunner.run(
                "aten::sym_size.int",
                List.of(EValue.from(matrix), EValue.from(1L)),
                List.of(EValue.from(0L))))
        .containsExactly(EValue.from(5L));
  }

  @Test
  void takesListsOfAbsentAndPresentTensors() {
    Tensor matrix = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
    EValue columns = EValue.from(Tensor.of(new long[] {2, 0}));
    Tensor result =
        OperatorRunner.run(
                "aten::index.Tensor_out",
                List.of(EValue.from(matrix), new EValue.OfList(List.of(EValue.none(), columns))),
                List.of(EValue.from(Tensor.zeros(DType.FLOAT32, 2, 2))))
            .getFirst()
            .toTensor();
    assertThat(result.toFloatArray()).containsExactly(3, 1, 6, 4);
  }

  @Test
  void refusesUnknownOperatorsAndWrongCounts() {
    assertThatThrownBy(() -> OperatorRunner.run("aten::nothing.out", List.of(), List.of()))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("aten::nothing.out");
    assertThatThrownBy(() -> OperatorRunner.run("aten::neg.out", List.of(), List.of()))
        .isInstanceOf(InvalidInputException.class);
    assertThatThrownBy(
            () ->
                OperatorRunner.run(
                    "aten::neg.out", List.of(tensor(1), tensor(1)), List.of(tensor(0))))
        .isInstanceOf(InvalidInputException.class);
  }

  @Test
  void saysWhichOperatorCannotWorkOnItsValues() {
    assertThatThrownBy(
            () ->
                OperatorRunner.run(
                    "aten::add.out",
                    List.of(tensor(1, 2), tensor(1, 2, 3), EValue.from(1L)),
                    List.of(tensor(0, 0, 0))))
        .isInstanceOf(ExecutionFailedException.class)
        .hasMessageContaining("aten::add.out");
  }

  @Test
  void refusesResultsThatAreTooLarge() {
    assertThatThrownBy(
            () -> OperatorRunner.run("aten::neg.out", List.of(tensor(1, 2)), List.of(tensor(0))))
        .isInstanceOf(ExecutionFailedException.class);
  }
}
