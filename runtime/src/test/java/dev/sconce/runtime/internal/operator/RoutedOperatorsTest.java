package dev.sconce.runtime.internal.operator;

import static dev.sconce.runtime.internal.operator.RoutedCalls.agree;
import static dev.sconce.runtime.internal.operator.RoutedCalls.bind;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sconce.base.DType;
import dev.sconce.runtime.internal.execution.ExecutionContext;
import dev.sconce.runtime.internal.execution.OperatorFailure;
import dev.sconce.runtime.internal.execution.Step;
import dev.sconce.runtime.internal.operator.RoutedCalls.Tensors;
import dev.sconce.runtime.internal.operator.element.Elements;
import dev.sconce.runtime.internal.slot.IntListSlot;
import dev.sconce.runtime.internal.slot.NoneSlot;
import dev.sconce.runtime.internal.slot.ScalarSlot;
import dev.sconce.runtime.internal.slot.Slot;
import dev.sconce.runtime.internal.slot.StringSlot;
import dev.sconce.runtime.internal.slot.TensorSlot;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Float32 calls that go to the kernels agree with the same calls on float64, which operators
 * compute themselves, element by element.
 */
class RoutedOperatorsTest {

  @ParameterizedTest
  @CsvSource({
    // batch, queries, heads, key heads, size, start, capacity
    "1, 1, 1, 1, 1, 0, 1",
    "1, 1, 6, 2, 7, 12, 19",
    "2, 3, 4, 1, 16, 5, 9",
    "1, 13, 4, 4, 33, 0, 13",
    "2, 67, 3, 3, 5, 4, 80",
  })
  void attention(
      int batch, int queries, int heads, int keyHeads, int size, int start, int capacity) {
    for (boolean masked : new boolean[] {false, true}) {
      for (boolean causal : masked ? new boolean[] {false} : new boolean[] {false, true}) {
        agree(
            "llama::custom_sdpa.out",
            1e-5,
            (tensors, type) ->
                List.of(
                    tensors.random(type, batch, queries, heads, size),
                    tensors.random(type, batch, capacity, keyHeads, size),
                    tensors.random(type, batch, capacity, keyHeads, size),
                    ScalarSlot.of(start),
                    masked ? mask(tensors, queries, capacity) : NoneSlot.INSTANCE,
                    ScalarSlot.of(0.0),
                    ScalarSlot.of(causal),
                    masked ? ScalarSlot.of(0.3) : NoneSlot.INSTANCE,
                    tensors.zeros(type, batch, queries, heads, size)));
      }
    }
  }

  @Test
  void attentionThatIsNotCausalMayBeginBeforeTheFirstKey() {
    agree(
        "llama::custom_sdpa.out",
        1e-5,
        (tensors, type) ->
            List.of(
                tensors.random(type, 2, 4, 1, 9),
                tensors.random(type, 2, 11, 1, 9),
                tensors.random(type, 2, 11, 1, 9),
                ScalarSlot.of(-2),
                NoneSlot.INSTANCE,
                ScalarSlot.of(0.0),
                ScalarSlot.of(false),
                NoneSlot.INSTANCE,
                tensors.zeros(type, 2, 4, 1, 9)));
  }

  /** Some keys hidden from everybody, some rows without any key at all. */
  private static TensorSlot mask(Tensors tensors, int queries, int capacity) {
    TensorSlot mask = tensors.random(DType.FLOAT32, queries + 1, capacity);
    Elements elements = Elements.of(mask);
    for (int i = 0; i < mask.numel(); i++) {
      if (i % 3 == 1 || (queries > 2 && i / capacity == 1)) {
        elements.setDouble(i, Double.NEGATIVE_INFINITY);
      }
    }
    return mask;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 6})
  void attentionWritesCachesFirst(int start) {
    agree(
        "llama::sdpa_with_kv_cache.out",
        1e-5,
        (tensors, type) ->
            List.of(
                tensors.random(type, 1, 3, 4, 9),
                tensors.random(type, 1, 3, 2, 9),
                tensors.random(type, 1, 3, 2, 9),
                tensors.random(type, 1, 11, 2, 9),
                tensors.random(type, 1, 11, 2, 9),
                ScalarSlot.of(start),
                ScalarSlot.of(3),
                NoneSlot.INSTANCE,
                ScalarSlot.of(0.0),
                ScalarSlot.of(true),
                NoneSlot.INSTANCE,
                tensors.zeros(type, 1, 3, 4, 9)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "abs",
        "neg",
        "relu",
        "cos",
        "erf",
        "exp",
        "log",
        "reciprocal",
        "rsqrt",
        "sigmoid",
        "sin",
        "sqrt",
        "tanh"
      })
  void unary(String name) {
    agree(
        "aten::" + name + ".out",
        2e-6,
        (tensors, type) -> List.of(tensors.special(type, 5, 11), tensors.zeros(type, 5, 11)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "tanh"})
  void gelu(String approximation) {
    agree(
        "aten::gelu.out",
        2e-6,
        (tensors, type) ->
            List.of(
                aboveNegativeInfinity(tensors.special(type, 5, 11)),
                new StringSlot(approximation),
                tensors.zeros(type, 5, 11)));
  }

  // There float32 has NaN, as in the official kernel, and other types have 0.
  private static TensorSlot aboveNegativeInfinity(TensorSlot tensor) {
    Elements elements = Elements.of(tensor);
    for (int i = 0; i < tensor.numel(); i++) {
      elements.setDouble(i, Math.max(elements.getDouble(i), -1e30f));
    }
    return tensor;
  }

  @ParameterizedTest
  @ValueSource(strings = {"mul", "div", "maximum", "minimum", "add", "sub"})
  void binary(String name) {
    int[][][] shapes = {
      {{7, 13}, {7, 13}},
      {{7, 13}, {13}},
      {{7, 13}, {7, 1}},
      {{1}, {7, 13}},
      {{2, 1, 5}, {3, 1}},
      {{5}, {1, 1, 1}},
    };
    for (int[][] shape : shapes) {
      int rank = Math.max(shape[0].length, shape[1].length);
      int[] result = new int[rank];
      for (int i = 0; i < rank; i++) {
        result[i] = Math.max(fromBack(shape[0], rank - i), fromBack(shape[1], rank - i));
      }
      agree(
          "aten::" + name + ".out",
          1e-6,
          (tensors, type) -> {
            List<Slot> arguments = new ArrayList<>();
            arguments.add(tensors.special(type, shape[0]));
            arguments.add(tensors.random(type, shape[1]));
            if (name.equals("add") || name.equals("sub")) {
              arguments.add(ScalarSlot.of(1));
            }
            arguments.add(tensors.zeros(type, result));
            return arguments;
          });
    }
  }

  private static int fromBack(int[] sizes, int back) {
    return back > sizes.length ? 1 : sizes[sizes.length - back];
  }

  @ParameterizedTest
  @CsvSource({
    "mul.Scalar_out, -2.5",
    "div.Scalar_out, 3",
    "add.Scalar_out, 0.125",
    "sub.Scalar_out, 7",
    "pow.Tensor_Scalar_out, 2",
    "pow.Tensor_Scalar_out, 3",
  })
  void withNumber(String name, double number) {
    agree(
        "aten::" + name,
        1e-6,
        (tensors, type) ->
            name.startsWith("add") || name.startsWith("sub")
                ? List.of(
                    tensors.special(type, 3, 17),
                    ScalarSlot.of(number),
                    ScalarSlot.of(1),
                    tensors.zeros(type, 3, 17))
                : List.of(
                    tensors.special(type, 3, 17),
                    ScalarSlot.of(number),
                    tensors.zeros(type, 3, 17)));
  }

  @ParameterizedTest
  @CsvSource({"_softmax, -1", "_log_softmax, 2", "_softmax, 1"})
  void softmax(String name, int dim) {
    agree(
        "aten::" + name + ".out",
        2e-6,
        (tensors, type) ->
            List.of(
                tensors.random(type, 2, 3, 37),
                ScalarSlot.of(dim),
                ScalarSlot.of(false),
                tensors.zeros(type, 2, 3, 37)));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void layerNorm(boolean affine) {
    agree(
        "aten::native_layer_norm.out",
        3,
        1e-5,
        (tensors, type) ->
            List.of(
                tensors.random(type, 2, 5, 19),
                ints(19),
                affine ? tensors.random(type, 19) : NoneSlot.INSTANCE,
                affine ? tensors.random(type, 19) : NoneSlot.INSTANCE,
                ScalarSlot.of(1e-5),
                tensors.zeros(type, 2, 5, 19),
                tensors.zeros(type, 2, 5, 1),
                tensors.zeros(type, 2, 5, 1)));
  }

  @ParameterizedTest
  @CsvSource({"-1, 5", "0, 19"})
  void mean(int dim, int kept) {
    agree(
        "aten::mean.out",
        1e-6,
        (tensors, type) ->
            List.of(
                tensors.random(type, 5, 19),
                ints(dim),
                ScalarSlot.of(false),
                NoneSlot.INSTANCE,
                tensors.zeros(type, kept)));
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 1", "1, 67, 35", "9, 5, 33", "70, 40, 65"})
  void products(int rows, int inputs, int columns) {
    agree(
        "aten::mm.out",
        1e-5,
        (tensors, type) ->
            List.of(
                tensors.random(type, rows, inputs),
                tensors.random(type, inputs, columns),
                tensors.zeros(type, rows, columns)));
    agree(
        "aten::bmm.out",
        1e-5,
        (tensors, type) ->
            List.of(
                tensors.random(type, 3, rows, inputs),
                tensors.random(type, 3, inputs, columns),
                tensors.zeros(type, 3, rows, columns)));
    for (double beta : new double[] {0, 1, 0.5}) {
      agree(
          "aten::addmm.out",
          1e-5,
          (tensors, type) ->
              List.of(
                  tensors.random(type, columns),
                  tensors.random(type, rows, inputs),
                  tensors.random(type, inputs, columns),
                  ScalarSlot.of(beta),
                  ScalarSlot.of(1),
                  tensors.zeros(type, rows, columns)));
    }
    agree(
        "aten::linear.out",
        1e-5,
        (tensors, type) ->
            List.of(
                tensors.random(type, 2, rows, inputs),
                tensors.random(type, columns, inputs),
                tensors.random(type, columns),
                tensors.zeros(type, 2, rows, columns)));
  }

  @Test
  void resultsFollowArgumentsThatChangeBetweenRuns() {
    try (Arena arena = Arena.ofShared()) {
      Tensors tensors = new Tensors(arena);
      TensorSlot self = tensors.random(DType.FLOAT32, 6, 4);
      ScalarSlot end = ScalarSlot.of(6);
      TensorSlot out = tensors.zeros(DType.FLOAT32, 6, 4);
      List<Slot> arguments =
          List.of(self, ScalarSlot.of(0), ScalarSlot.of(0), end, ScalarSlot.of(1), out, out);
      Step step = bind("aten::slice_copy.Tensor_out", arguments);
      for (int[] rowsAndEnd : new int[][] {{6, 6}, {6, 2}, {6, 2}, {5, 6}, {1, 6}, {6, 6}}) {
        self.resize(rowsAndEnd[0], 4);
        end.set(rowsAndEnd[1]);
        step.run(new ExecutionContext(null));
        assertThat(out.sizes()).containsExactly(Math.min(rowsAndEnd[0], rowsAndEnd[1]), 4);
      }
    }
  }

  @Test
  void sizesAreWorkedOutAgainAfterAFailure() {
    try (Arena arena = Arena.ofShared()) {
      Tensors tensors = new Tensors(arena);
      TensorSlot a = tensors.random(DType.FLOAT32, 3, 4);
      TensorSlot b = tensors.random(DType.FLOAT32, 4, 5);
      TensorSlot out = tensors.zeros(DType.FLOAT32, 3, 5);
      Step step = bind("aten::mm.out", List.of(a, b, out, out));
      step.run(new ExecutionContext(null));
      b.resize(2, 5);
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> step.run(new ExecutionContext(null)))
            .isInstanceOf(OperatorFailure.class);
      }
      a.resize(1, 2);
      step.run(new ExecutionContext(null));
      assertThat(out.sizes()).containsExactly(1, 5);
    }
  }

  private static IntListSlot ints(int... values) {
    ScalarSlot[] items = new ScalarSlot[values.length];
    Arrays.setAll(items, i -> ScalarSlot.of(values[i]));
    return new IntListSlot(items);
  }
}
