package dev.sconce.runtime.internal.operator;

import static dev.sconce.runtime.internal.operator.RoutedCalls.agree;

import dev.sconce.base.DType;
import dev.sconce.runtime.internal.slot.NoneSlot;
import dev.sconce.runtime.internal.slot.ScalarSlot;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Functions of bools, comparisons and choices have loops of their own; the same calls on other
 * types go element by element.
 */
class BoolOperatorsTest {

  @ParameterizedTest
  @ValueSource(strings = {"eq", "ne", "lt", "le", "gt", "ge"})
  void comparesWithNumbers(String name) {
    for (double number : new double[] {0.5, -0.0, Double.NaN, Double.NEGATIVE_INFINITY}) {
      agree(
          "aten::" + name + ".Scalar_out",
          0,
          (tensors, type) ->
              List.of(
                  tensors.special(type, 5, 9),
                  ScalarSlot.of(number),
                  tensors.zeros(DType.BOOL, 5, 9)));
    }
  }

  @Test
  void choosesBetweenStretchedOperands() {
    agree(
        "aten::where.self_out",
        0,
        (tensors, type) ->
            List.of(
                tensors.truths(DType.BOOL, 4, 1, 17),
                tensors.special(type, 4, 3, 17),
                tensors.random(type, 3, 1),
                tensors.zeros(type, 4, 3, 17)));
  }

  @Test
  void appliesFunctionsOfBools() {
    agree(
        "aten::logical_not.out",
        0,
        (tensors, type) ->
            List.of(tensors.truths(truthType(type), 5, 7), tensors.zeros(DType.BOOL, 5, 7)));
    for (String name :
        List.of("bitwise_and.Tensor_out", "bitwise_or.Tensor_out", "bitwise_xor.Tensor_out")) {
      agree(
          "aten::" + name,
          0,
          (tensors, type) ->
              List.of(
                  tensors.truths(truthType(type), 5, 7),
                  tensors.truths(truthType(type), 7),
                  tensors.zeros(truthType(type), 5, 7)));
    }
  }

  @Test
  void findsAnyInTheLastDimensionAndInOthers() {
    for (int dim : new int[] {-1, 0, 1}) {
      agree(
          "aten::any.out",
          0,
          (tensors, type) ->
              List.of(
                  tensors.truths(truthType(type), 40, 3),
                  ScalarSlot.of(dim),
                  ScalarSlot.of(true),
                  dim == 0 ? tensors.zeros(DType.BOOL, 1, 3) : tensors.zeros(DType.BOOL, 40, 1)));
    }
  }

  @Test
  void fillsWithOneNumber() {
    agree(
        "aten::full_like.out",
        0,
        (tensors, type) ->
            List.of(
                tensors.random(type, 3, 37),
                ScalarSlot.of(-1.5),
                NoneSlot.INSTANCE,
                tensors.zeros(type, 3, 37)));
  }

  // Bytes of 0 and 1 are the element by element form of bools.
  private static DType truthType(DType type) {
    return type == DType.FLOAT32 ? DType.BOOL : DType.UINT8;
  }
}
