package dev.sconce.export.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sconce.base.DType;
import dev.sconce.base.ExportException;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class WeightsTest {

  @Test
  void tensorThatNobodyTookIsNamed() {
    Weights weights = Weights.of(List.of(tensor("a.weight", 2, 3), tensor("b.bias", 2)));
    weights.in("a").take("weight", 2, 3);
    assertThatThrownBy(() -> weights.checkAllTaken(List.of()))
        .isInstanceOf(ExportException.class)
        .hasMessageContaining("b.bias");
    assertThatCode(() -> weights.checkAllTaken(List.of(Pattern.compile("b\\..*"))))
        .doesNotThrowAnyException();
  }

  @Test
  void missingTensorIsNamedInFull() {
    Weights weights = Weights.of(List.of(tensor("a.weight", 2, 3)));
    assertThatThrownBy(() -> weights.in("model").in("a").take("weight", 2, 3))
        .isInstanceOf(ExportException.class)
        .hasMessageContaining("model.a.weight");
  }

  @Test
  void wrongShapeShowsBoth() {
    Weights weights = Weights.of(List.of(tensor("a", 2, 3)));
    assertThatThrownBy(() -> weights.take("a", 3, 2))
        .isInstanceOf(ExportException.class)
        .hasMessageContaining("[3, 2]")
        .hasMessageContaining("[2, 3]");
  }

  @Test
  void derivedWeightsReadWhatTheyDescribe() {
    Weight matrix = Weight.of(tensor("m", 4, 2)); // 0 1 | 2 3 | 4 5 | 6 7
    assertThat(matrix.rows(1, 3).toArray()).containsExactly(2, 3, 4, 5);
    assertThat(matrix.transposed().toArray()).containsExactly(0, 2, 4, 6, 1, 3, 5, 7);
    assertThat(matrix.transposed().rows(1, 2).toArray()).containsExactly(1, 3, 5, 7);
    assertThat(matrix.gatherRows("order", new int[] {3, 0}).toArray()).containsExactly(6, 7, 0, 1);
    assertThat(matrix.reshaped(2, 4).rows(1, 2).toArray()).containsExactly(4, 5, 6, 7);
    assertThat(matrix.reshaped(8).rows(3, 5).toArray()).containsExactly(3, 4);
    assertThat(Weight.stacked(List.of(matrix.rows(3, 4), matrix.rows(0, 2))).rows(0, 2).toArray())
        .containsExactly(6, 7, 0, 1);
    assertThat(matrix.times(2).plus(1).rows(0, 1).toArray()).containsExactly(1, 3);
  }

  private static Weights.StoredTensor tensor(String name, long... shape) {
    return new Weights.StoredTensor() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public DType dtype() {
        return DType.FLOAT32;
      }

      @Override
      public long[] shape() {
        return shape;
      }

      @Override
      public int rows() {
        return (int) shape[0];
      }

      @Override
      public int columns() {
        return (int) Arrays.stream(shape).skip(1).reduce(1, (a, b) -> a * b);
      }

      @Override
      public void read(int firstRow, int count, float[] target) {
        for (int i = 0; i < count * columns(); i++) {
          target[i] = firstRow * columns() + i;
        }
      }

      @Override
      public String identity() {
        return name;
      }
    };
  }
}
