package dev.sconce.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Results do not depend on how much of the process is compiled. */
final class SteadyResultsTest {

  private static final int COUNT = 1003;
  // More than enough for the last compiler.
  private static final int ROUNDS = 20_000;

  /** What is computed. */
  enum Work {
    EXP,
    TANH,
    GELU,
    SILU,
    SOFTMAX,
    LOG_SOFTMAX,
    SUM,
    RMS_NORM;

    void run(Kernels kernels, MemorySegment x, MemorySegment y) {
      switch (this) {
        case EXP -> kernels.elementwise().unary(UnaryFunction.EXP, x, y, COUNT);
        case TANH -> kernels.elementwise().unary(UnaryFunction.TANH, x, y, COUNT);
        case GELU -> kernels.elementwise().unary(UnaryFunction.GELU, x, y, COUNT);
        case SILU -> kernels.elementwise().unary(UnaryFunction.SILU, x, y, COUNT);
        case SOFTMAX -> kernels.rowFunctions().softmax(x, y, 1, COUNT);
        case LOG_SOFTMAX -> kernels.rowFunctions().logSoftmax(x, y, 1, COUNT);
        case SUM -> kernels.rowFunctions().sum(x, y, 1, COUNT);
        case RMS_NORM -> kernels.rowFunctions().rmsNorm(x, y, 1, COUNT, null, 0, 1e-5);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void givesTheSameBitsInterpretedAndCompiled(Work work) {
    try (Kernels kernels = Kernels.create(KernelSupport.detect());
        Arena arena = Arena.ofConfined()) {
      MemorySegment x = arena.allocate(4L * COUNT, 64);
      MemorySegment y = arena.allocate(4L * COUNT, 64);
      Random random = new Random(17);
      for (int i = 0; i < COUNT; i++) {
        x.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) (4 * random.nextGaussian()));
      }
      work.run(kernels, x, y);
      int[] first = y.toArray(ValueLayout.JAVA_INT);
      for (int i = 0; i < ROUNDS; i++) {
        work.run(kernels, x, y);
      }
      assertThat(Arrays.equals(first, y.toArray(ValueLayout.JAVA_INT)))
          .as("%s, seed 17", work)
          .isTrue();
    }
  }
}
