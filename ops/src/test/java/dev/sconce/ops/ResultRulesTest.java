package dev.sconce.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sconce.base.DType;
import dev.sconce.base.InvalidInputException;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ResultRulesTest {

  private static TensorSpec f32(long... sizes) {
    return new TensorSpec(DType.FLOAT32, Shape.of(sizes));
  }

  private static TensorSpec i64(long... sizes) {
    return new TensorSpec(DType.INT64, Shape.of(sizes));
  }

  private static TensorSpec bool(long... sizes) {
    return new TensorSpec(DType.BOOL, Shape.of(sizes));
  }

  private static long[] of(long... values) {
    return values;
  }

  @Test
  void existForEveryOperatorThatReturnsTensors() {
    Set<String> expected =
        OperatorCatalogue.standard().schemas().stream()
            .filter(
                schema ->
                    !schema.outs().isEmpty()
                        || schema.results().stream().anyMatch(result -> result.type().isTensor()))
            .map(OperatorSchema::fullName)
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(ResultRules.standard().names()).isEqualTo(expected);
  }

  @Test
  void broadcastAndPromoteOperands() {
    assertThat(Values.results("aten::add.out", f32(2, 1), i64(3), 1, f32(2, 3)))
        .containsExactly(f32(2, 3));
    assertThat(Values.results("aten::div.out", i64(2), i64(), f32(2))).containsExactly(f32(2));
    assertThat(Values.results("aten::add.Scalar_out", i64(2), 0.5, 1, f32(2)))
        .containsExactly(f32(2));
    assertThatThrownBy(() -> Values.results("aten::mul.out", f32(2), f32(3), f32(2)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("aten::mul.out: other: expected a shape that broadcasts with [2], found [3]");
  }

  @Test
  void foldDimensions() {
    assertThat(Values.results("aten::mean.out", f32(2, 3, 4), of(-1, 0), false, null, f32(3)))
        .containsExactly(f32(3));
    assertThat(Values.results("aten::mean.out", f32(2, 3), null, true, null, f32(1, 1)))
        .containsExactly(f32(1, 1));
    assertThat(Values.results("aten::sum.IntList_out", bool(2, 3), of(1), true, null, i64(2, 1)))
        .containsExactly(i64(2, 1));
    assertThat(Values.results("aten::topk.values", f32(2, 5), 3, -1, true, true, null, null))
        .containsExactly(f32(2, 3), i64(2, 3));
    assertThatThrownBy(() -> Values.results("aten::amax.out", f32(2, 3), of(0, -2), false, f32()))
        .isInstanceOf(InvalidInputException.class);
  }

  @Test
  void inferOneSizeOfAView() {
    assertThat(Values.results("aten::view_copy.out", f32(2, 6), of(3, -1), f32(3, 4)))
        .containsExactly(f32(3, 4));
    assertThat(Values.results("aten::view_copy.out", f32(0, 6), of(0, 3), f32(0, 3)))
        .containsExactly(f32(0, 3));
    for (long[] sizes : new long[][] {{5}, {-1, -1}, {-2, 6}, {0, -1}, {-1, 5}}) {
      assertThatThrownBy(() -> Values.results("aten::view_copy.out", f32(2, 6), sizes, f32(5)))
          .isInstanceOf(InvalidInputException.class);
    }
  }

  @Test
  void cutSlicesAsPythonDoes() {
    assertThat(Values.results("aten::slice_copy.Tensor_out", f32(10), 0, -3, null, 2, f32(2)))
        .containsExactly(f32(2));
    assertThat(
            Values.results("aten::slice_copy.Tensor_out", f32(10), 0, 5, Long.MAX_VALUE, 1, f32(5)))
        .containsExactly(f32(5));
    assertThat(Values.results("aten::slice_copy.Tensor_out", f32(10), 0, 7, 2, 1, f32(0)))
        .containsExactly(f32(0));
  }

  @Test
  void placeTheDimensionsOfAdvancedIndices() {
    assertThat(
            Values.results(
                "aten::index.Tensor_out",
                f32(4, 5, 6),
                new TensorSpec[] {null, i64(2, 1), i64(3)},
                f32(4, 2, 3)))
        .containsExactly(f32(4, 2, 3));
    assertThat(
            Values.results(
                "aten::index.Tensor_out",
                f32(4, 5, 6),
                new TensorSpec[] {i64(2), null, i64(2)},
                f32(2, 5)))
        .containsExactly(f32(2, 5));
    assertThat(
            Values.results(
                "aten::index.Tensor_out", f32(4, 5, 6), new TensorSpec[] {bool(4, 5)}, f32(20, 6)))
        .containsExactly(f32(20, 6));
  }

  @Test
  void measureConvolutionsAndPools() {
    assertThat(
            Values.results(
                "aten::convolution.out",
                f32(1, 4, 9, 8),
                f32(6, 2, 3, 3),
                null,
                of(2),
                of(1, 0),
                of(1, 2),
                false,
                of(0),
                2,
                f32(1, 6, 5, 2)))
        .containsExactly(f32(1, 6, 5, 2));
    assertThat(
            Values.results(
                "aten::convolution.out",
                f32(1, 4, 5),
                f32(4, 3, 3),
                null,
                of(2),
                of(1),
                of(1),
                true,
                of(1),
                1,
                f32(1, 3, 10)))
        .containsExactly(f32(1, 3, 10));
    assertThat(
            Values.results(
                "aten::max_pool2d_with_indices.out",
                f32(1, 2, 7, 7),
                of(2),
                of(),
                of(0, 0),
                of(1, 1),
                true,
                null,
                null))
        .containsExactly(f32(1, 2, 4, 4), i64(1, 2, 4, 4));
  }

  @Test
  void splitIntoAsManyPartsAsItTakes() {
    assertThat(Values.results("aten::split_copy.Tensor_out", f32(5, 2), 2, 0, null))
        .containsExactly(f32(2, 2), f32(2, 2), f32(1, 2));
    assertThatThrownBy(() -> Values.results("aten::split_copy.Tensor_out", f32(5), 0, 0, null))
        .isInstanceOf(InvalidInputException.class);
    assertThatThrownBy(
            () -> Values.results("aten::split_with_sizes_copy.out", f32(5), of(2, 2), 0, null))
        .isInstanceOf(InvalidInputException.class);
  }

  @Test
  void rejectDimensionsOutOfRange() {
    assertThatThrownBy(
            () -> Values.results("aten::transpose_copy.int_out", f32(2, 3), 0, 2, f32(2, 3)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("dim1: expected a dimension between -2 and 1, found 2");
    assertThatThrownBy(() -> Values.results("aten::select_copy.int_out", f32(), 0, 0, f32()))
        .isInstanceOf(InvalidInputException.class);
  }

  @Test
  void refuseStridesThatLeaveTheTensor() {
    assertThat(
            Values.results("aten::as_strided_copy.out", f32(6), of(2, 3), of(3, 1), 0, f32(2, 3)))
        .containsExactly(f32(2, 3));
    assertThatThrownBy(
            () ->
                Values.results(
                    "aten::as_strided_copy.out", f32(6), of(2, 3), of(3, 1), 1, f32(2, 3)))
        .isInstanceOf(InvalidInputException.class);
  }
}
