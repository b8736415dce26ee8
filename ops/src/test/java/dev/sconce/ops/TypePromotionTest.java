package dev.sconce.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sconce.base.DType;
import java.util.List;
import org.junit.jupiter.api.Test;

class TypePromotionTest {

  private static final List<DType> TYPES =
      List.of(
          DType.BOOL,
          DType.UINT8,
          DType.INT8,
          DType.INT16,
          DType.INT32,
          DType.INT64,
          DType.FLOAT16,
          DType.BFLOAT16,
          DType.FLOAT32,
          DType.FLOAT64);

  @Test
  void doesNotDependOnTheOrderOfTwoTypes() {
    for (DType a : TYPES) {
      for (DType b : TYPES) {
        assertThat(TypePromotion.promote(a, b))
            .as("%s with %s", a, b)
            .isPresent()
            .isEqualTo(TypePromotion.promote(b, a));
      }
    }
  }

  @Test
  void doesNotDependOnTheOrderOfThreeIntegerTypesOfOneSign() {
    List<DType> signed =
        List.of(DType.BOOL, DType.INT8, DType.INT16, DType.INT32, DType.INT64, DType.FLOAT32);
    for (DType a : signed) {
      for (DType b : signed) {
        for (DType c : signed) {
          DType left =
              TypePromotion.promote(TypePromotion.promote(a, b).orElseThrow(), c).orElseThrow();
          DType right =
              TypePromotion.promote(a, TypePromotion.promote(b, c).orElseThrow()).orElseThrow();
          assertThat(left).isEqualTo(right);
        }
      }
    }
  }

  @Test
  void meetsWherePyTorchDoes() {
    assertThat(TypePromotion.promote(DType.UINT8, DType.INT8)).contains(DType.INT16);
    assertThat(TypePromotion.promote(DType.UINT8, DType.INT32)).contains(DType.INT32);
    assertThat(TypePromotion.promote(DType.INT64, DType.FLOAT16)).contains(DType.FLOAT16);
    assertThat(TypePromotion.promote(DType.FLOAT16, DType.BFLOAT16)).contains(DType.FLOAT32);
    assertThat(TypePromotion.promote(DType.UINT16, DType.INT32)).isEmpty();
    assertThat(TypePromotion.promote(DType.UINT16, DType.UINT16)).contains(DType.UINT16);
    assertThat(TypePromotion.promote(DType.UINT16, DType.FLOAT16)).contains(DType.FLOAT16);
    assertThat(TypePromotion.promote(DType.COMPLEX64, DType.FLOAT32)).isEmpty();
  }

  @Test
  void letsAScalarRaiseTheCategoryOnly() {
    assertThat(TypePromotion.withScalar(DType.INT8, DType.INT64)).isEqualTo(DType.INT8);
    assertThat(TypePromotion.withScalar(DType.INT8, DType.FLOAT64)).isEqualTo(DType.FLOAT32);
    assertThat(TypePromotion.withScalar(DType.FLOAT16, DType.FLOAT64)).isEqualTo(DType.FLOAT16);
    assertThat(TypePromotion.withScalar(DType.BOOL, DType.INT64)).isEqualTo(DType.INT64);
    assertThat(TypePromotion.withScalar(DType.INT32, DType.BOOL)).isEqualTo(DType.INT32);
  }

  @Test
  void ranksTensorsWithoutDimensionsBelow() {
    TensorSpec half = new TensorSpec(DType.FLOAT16, Shape.of(2));
    assertThat(TypePromotion.resultType(half, new TensorSpec(DType.FLOAT32, Shape.SCALAR)))
        .contains(DType.FLOAT16);
    assertThat(TypePromotion.resultType(half, new TensorSpec(DType.FLOAT32, Shape.of(1))))
        .contains(DType.FLOAT32);
    TensorSpec integers = new TensorSpec(DType.INT32, Shape.of(2));
    assertThat(TypePromotion.resultType(integers, new TensorSpec(DType.FLOAT64, Shape.SCALAR)))
        .contains(DType.FLOAT64);
  }

  @Test
  void broadcastsFromTheLastDimension() {
    assertThat(Broadcasting.broadcast(Shape.of(3, 1), Shape.of(2, 1, 4)))
        .contains(Shape.of(2, 3, 4));
    assertThat(Broadcasting.broadcast(Shape.SCALAR, Shape.of(0, 2))).contains(Shape.of(0, 2));
    assertThat(Broadcasting.broadcast(Shape.of(0), Shape.of(1))).contains(Shape.of(0));
    assertThat(Broadcasting.broadcast(Shape.of(0), Shape.of(2))).isEmpty();
    assertThat(Broadcasting.broadcast(Shape.of(3), Shape.of(2, 4))).isEmpty();
    assertThat(Broadcasting.expandsTo(Shape.of(1), Shape.of(2, 4))).isTrue();
    assertThat(Broadcasting.expandsTo(Shape.of(2, 4), Shape.of(4))).isFalse();
  }
}
