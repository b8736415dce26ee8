package dev.sconce.runtime.internal.slot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sconce.base.DType;
import dev.sconce.runtime.internal.execution.OperatorFailure;
import dev.sconce.runtime.internal.slot.TensorSlot.Dynamism;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class TensorSlotTest {

  @Test
  void derivesStridesFromTheDimOrder() {
    TensorSlot nhwc =
        new TensorSlot(
            DType.FLOAT32, new int[] {2, 3, 4, 5}, new int[] {0, 2, 3, 1}, Dynamism.STATIC);

    assertThat(nhwc.strides()).containsExactly(60, 1, 15, 3);
    assertThat(nhwc.isContiguous()).isFalse();
    assertThat(nhwc.numel()).isEqualTo(120);
    assertThat(nhwc.nbytes()).isEqualTo(480);
  }

  @Test
  void dimensionsOfSizeOneDoNotCountInTheOrder() {
    TensorSlot labelled =
        new TensorSlot(
            DType.FLOAT32, new int[] {2, 1, 4, 5}, new int[] {0, 2, 3, 1}, Dynamism.BOUNDED);
    TensorSlot plain = rowMajor(Dynamism.BOUNDED, 2, 1, 4, 5);
    assertThat(labelled.isContiguous()).isTrue();
    assertThat(labelled.hasSameDimOrder(plain)).isTrue();

    labelled.resize(1, 2, 4, 5);
    plain.resize(1, 2, 4, 5);
    assertThat(labelled.isContiguous()).isFalse();
    assertThat(labelled.hasSameDimOrder(plain)).isFalse();

    labelled.resize(2, 2, 1, 1);
    plain.resize(2, 2, 1, 1);
    assertThat(labelled.hasSameDimOrder(plain)).isTrue();
  }

  @Test
  void staticTensorAcceptsOnlyItsOwnSizes() {
    TensorSlot tensor = rowMajor(Dynamism.STATIC, 2, 3);

    tensor.resize(2, 3);
    assertThatThrownBy(() -> tensor.resize(3, 2))
        .isInstanceOf(OperatorFailure.class)
        .hasMessageContaining("[2, 3] (static)")
        .hasMessageContaining("[3, 2]");
    assertThat(tensor.sizes()).containsExactly(2, 3);
  }

  @Test
  void boundedTensorAcceptsAnySizesOfItsRankThatFit() {
    TensorSlot tensor = rowMajor(Dynamism.BOUNDED, 4, 3);

    tensor.resize(2, 6);
    assertThat(tensor.numel()).isEqualTo(12);
    assertThat(tensor.strides()).containsExactly(6, 1);
    tensor.resize(0, 1000);
    assertThat(tensor.numel()).isZero();
    assertThatThrownBy(() -> tensor.resize(5, 3)).isInstanceOf(OperatorFailure.class);
    assertThatThrownBy(() -> tensor.resize(12)).isInstanceOf(OperatorFailure.class);
    assertThatThrownBy(() -> tensor.resize(-1, -2)).isInstanceOf(OperatorFailure.class);
    assertThatThrownBy(() -> tensor.resize(Integer.MAX_VALUE, Integer.MAX_VALUE))
        .isInstanceOf(OperatorFailure.class);
    assertThat(tensor.sizes()).containsExactly(0, 1000);
  }

  @Test
  void viewTakesTheMemoryOfItsBaseAndCannotOutgrowIt() {
    try (Arena arena = Arena.ofConfined()) {
      TensorSlot base = rowMajor(Dynamism.STATIC, 2, 3);
      base.seat(arena.allocate(24, 16));
      TensorSlot view = rowMajor(Dynamism.BOUNDED, 10, 10);
      MemorySegment own = arena.allocate(400, 16);
      view.seat(own);

      view.view(base, new int[] {3, 2});
      assertThat(view.data()).isEqualTo(base.data());
      assertThat(view.sizes()).containsExactly(3, 2);
      assertThatThrownBy(() -> view.resize(7, 1)).isInstanceOf(OperatorFailure.class);

      view.seat(own);
      assertThatThrownBy(() -> view.view(base, new int[] {7, 1}))
          .isInstanceOf(OperatorFailure.class);
      assertThat(view.data()).isEqualTo(own);
    }
  }

  @Test
  void aliasSharesSizesAndMemoryForGood() {
    TensorSlot from = rowMajor(Dynamism.BOUNDED, 4);
    TensorSlot to = rowMajor(Dynamism.BOUNDED, 8);

    to.alias(from);
    from.resize(2);

    assertThat(to.sizes()).containsExactly(2);
    assertThat(to.isAliasOf(from)).isTrue();
  }

  private static TensorSlot rowMajor(Dynamism dynamism, int... sizes) {
    int[] order = new int[sizes.length];
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
    return new TensorSlot(DType.FLOAT32, sizes, order, dynamism);
  }
}
