package dev.sconce.kernels;

import static dev.sconce.kernels.TestMemory.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sconce.base.InvalidInputException;
import dev.sconce.kernels.internal.Memory;
import dev.sconce.kernels.internal.scalar.ScalarElementwise;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ElementwiseTest {

  private static final float[] SPECIAL = {
    0f,
    -0f,
    1f,
    -1f,
    0.5f,
    -0.5f,
    2.5f,
    -2.5f,
    3.5f,
    1e-30f,
    -1e-30f,
    1e30f,
    -1e30f,
    88.7f,
    -88.7f,
    -104f,
    1e-40f,
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY,
    Float.NaN,
    Float.MAX_VALUE
  };

  @ParameterizedTest
  @EnumSource
  void unaryIsAccurate(UnaryFunction function) {
    int count = 4099;
    MemorySegment x = new TestMemory(function.name().hashCode()).floats(count, -12, 12);
    for (int i = 0; i < SPECIAL.length; i++) {
      Memory.setFloat(x, 4L * i * 7, SPECIAL[i]);
    }
    for (int i = 1000; i < 1100; i++) {
      Memory.setFloat(x, 4L * i, at(x, i) / 1000);
    }
    float p = function == UnaryFunction.CLAMP ? -1.5f : 0.3f;
    float q = 2.25f;
    for (Kernels kernels : TestMemory.implementations().toList()) {
      MemorySegment y = new TestMemory(0).empty(count);
      kernels.elementwise().unary(function, p, q, x, y, count);
      for (int i = 0; i < count; i++) {
        float expected = ScalarElementwise.apply(function, p, q, at(x, i));
        float found = at(y, i);
        String where = "%s(%s) %s".formatted(function, at(x, i), kernels.support().describe());
        if (Float.isFinite(expected)) {
          double step = Math.abs(expected) * tolerance(function, at(x, i)) + 16 * Float.MIN_NORMAL;
          assertThat((double) found).as(where).isCloseTo(expected, within(step));
        } else {
          assertThat((Object) found).as(where).isEqualTo(expected);
        }
      }
      kernels.close();
    }
  }

  @ParameterizedTest
  @EnumSource
  void binaryAgreesForEveryPattern(BinaryFunction function) {
    int[][][] shapes = {
      {{67}, {67}},
      {{67}, {1}},
      {{1}, {67}},
      {{5, 7}, {7}},
      {{5, 7}, {5, 1}},
      {{5, 1}, {1, 7}},
      {{2, 3, 4}, {2, 1, 4}},
      {{3, 1, 4}, {5, 1}},
      {{}, {}},
      {{}, {9}},
      {{0, 3}, {3}},
      {{2, 3, 4}, {2, 3, 4}}
    };
    for (Kernels kernels : TestMemory.implementations().toList()) {
      for (int[][] shape : shapes) {
        checkBroadcast(kernels, function, shape[0], shape[1]);
      }
      kernels.close();
    }
  }

  @Test
  void rejectsShapesThatDoNotBroadcast() {
    try (Kernels kernels = Kernels.create(new KernelSupport(0, 1, "reference", ""))) {
      MemorySegment x = new TestMemory(1).floats(12, 0, 1);
      assertThatThrownBy(
              () ->
                  kernels
                      .elementwise()
                      .binary(BinaryFunction.ADD, x, new int[] {3, 4}, x, new int[] {3}, x))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("[3, 4] and [3]");
    }
  }

  private static double tolerance(UnaryFunction function, float x) {
    return switch (function) {
      // The rounding of x², or of x³ in the approximation, is an absolute error of an exponent.
      case GELU, GELU_TANH -> 3e-7 * (1 + Math.min(x * x, 200));
      case SIN, COS -> 2e-6; // near a zero of the function the error is relative to 1
      default -> 2e-7;
    };
  }

  private static void checkBroadcast(
      Kernels kernels, BinaryFunction function, int[] aSizes, int[] bSizes) {
    TestMemory memory = new TestMemory(function.name().hashCode());
    MemorySegment a = memory.floats(BroadcastPlan.count(aSizes), -3, 3);
    MemorySegment b = memory.floats(BroadcastPlan.count(bSizes), -3, 3);
    if (a.byteSize() > 0) {
      Memory.setFloat(a, 0, Float.NaN);
    }
    int rank = Math.max(aSizes.length, bSizes.length);
    int[] sizes = new int[rank];
    long count = 1;
    for (int i = 0; i < rank; i++) {
      int aSize = size(aSizes, rank, i);
      sizes[i] = aSize == 1 ? size(bSizes, rank, i) : aSize;
      count *= sizes[i];
    }
    MemorySegment y = memory.empty(count);
    kernels.elementwise().binary(function, a, aSizes, b, bSizes, y);
    for (long i = 0; i < count; i++) {
      float left = at(a, index(aSizes, sizes, i));
      float right = at(b, index(bSizes, sizes, i));
      // Adding zero makes -0 and 0 equal.
      assertThat((Object) (at(y, i) + 0f))
          .as("%s(%s, %s)", function, left, right)
          .isEqualTo(ScalarElementwise.apply(function, left, right) + 0f);
    }
  }

  private static int size(int[] sizes, int rank, int i) {
    int at = i - (rank - sizes.length);
    return at < 0 ? 1 : sizes[at];
  }

  private static long index(int[] sizes, int[] outer, long flat) {
    long index = 0;
    long stride = 1;
    for (int i = outer.length - 1; i >= 0; i--) {
      int size = size(sizes, outer.length, i);
      index += size == 1 ? 0 : flat % outer[i] * stride;
      stride *= size;
      flat /= outer[i];
    }
    return index;
  }
}
