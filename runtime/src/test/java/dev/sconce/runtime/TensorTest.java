package dev.sconce.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sconce.base.DType;
import dev.sconce.base.InvalidInputException;
import java.lang.foreign.Arena;
import org.junit.jupiter.api.Test;

class TensorTest {

  @Test
  void copiesArraysAndGivesThemBack() {
    float[] data = {1, 2, 3, 4, 5, 6};
    Tensor tensor = Tensor.of(data, 2, 3);
    data[0] = 9;

    assertThat(tensor.toFloatArray()).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(tensor.get(1, 2)).isEqualTo(6);
    assertThat(Tensor.of(new boolean[] {true, false}, 2).toBooleanArray())
        .containsExactly(true, false);
    assertThat(Tensor.scalar(7L).shape()).isEmpty();
    assertThat(Tensor.of(new int[0]).numel()).isZero();
  }

  @Test
  void roundsToHalfTypes() {
    Tensor half = Tensor.of(DType.FLOAT16, new double[] {0.1, 65504}, 2);
    assertThat(half.toDoubles()).containsExactly(0.0999755859375, 65504);
    Tensor brain = Tensor.of(DType.BFLOAT16, new double[] {1.0 / 3}, 1);
    assertThat(brain.toDoubles()).containsExactly(0.333984375);
  }

  @Test
  void keepsLogicalElementsInEveryDimOrder() {
    Tensor rows = Tensor.of(new int[] {1, 2, 3, 4, 5, 6}, 1, 2, 3);
    Tensor other = rows.copy(2, 0, 1);

    assertThat(other.isContiguous()).isFalse();
    assertThat(other.toIntArray()).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(other.get(0, 1, 0)).isEqualTo(4);
    assertThat(other.copy().dimOrder()).containsExactly(2, 0, 1);
  }

  @Test
  void refusesShapesThatDoNotSuit() {
    assertThatThrownBy(() -> Tensor.of(new float[5], 2, 3))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("6 elements")
        .hasMessageContaining("5 elements");
    assertThatThrownBy(() -> Tensor.zeros(DType.FLOAT32, -1))
        .isInstanceOf(InvalidInputException.class);
    assertThatThrownBy(() -> Tensor.zeros(DType.FLOAT64, 1L << 30, 1L << 30, 1L << 30, 0))
        .isInstanceOf(InvalidInputException.class);
    assertThatThrownBy(() -> Tensor.of(new float[2]).toLongArray())
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("toDoubles");
    assertThatThrownBy(() -> Tensor.of(new float[2]).get(2))
        .isInstanceOf(InvalidInputException.class);
  }

  @Test
  void readingAfterTheOwnersEndIsATypedError() {
    Tensor tensor;
    try (Arena arena = Arena.ofShared()) {
      tensor = Tensor.ofSegment(DType.FLOAT32, arena.allocate(8, 4), 2);
    }
    assertThatThrownBy(tensor::toFloatArray).isInstanceOf(InvalidInputException.class);
    assertThat(tensor.toString()).isEqualTo("float32[2] (its owner was closed)");
  }

  @Test
  void printsForPeople() {
    assertThat(Tensor.of(new float[] {1, 2.5f})).hasToString("float32[2] [1.0, 2.5]");
    assertThat(Tensor.of(new long[] {1, 2, 3, 4}, 2, 2))
        .hasToString("int64[2, 2]\n[[1, 2],\n [3, 4]]");
    assertThat(Tensor.zeros(DType.BOOL, 100))
        .hasToString("bool[100] [false, false, false, …, false, false, false]");
    assertThat(Tensor.scalar((1L << 53) + 1)).hasToString("int64[] 9007199254740993");
  }
}
