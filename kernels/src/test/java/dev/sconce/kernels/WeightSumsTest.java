package dev.sconce.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sconce.kernels.WeightSums.IntegerRange;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Sums over groups of weights against their definitions in double, and against each other. */
class WeightSumsTest {

  private static final int[] LENGTHS = {1, 2, 15, 16, 17, 31, 32, 33, 64, 100, 576, 1000};
  private static final IntegerRange RANGE = new IntegerRange(-8, 7);

  private static float[] weights(int seed, int count) {
    Random random = new Random(seed);
    float[] weights = new float[count];
    for (int i = 0; i < count; i++) {
      weights[i] = (float) random.nextGaussian();
    }
    return weights;
  }

  @Test
  void sumsWhatTheDefinitionSays() {
    for (Kernels kernels : TestMemory.implementations().toList()) {
      for (int length : LENGTHS) {
        float[] w = weights(length, length + 3);
        float scale = 0.21f;
        double numerator = 0;
        double denominator = 0;
        double squares = 0;
        float largest = 0;
        for (int i = 3; i < length + 3; i++) {
          double q = Math.clamp(Math.rint(w[i] / scale), -8, 7);
          numerator += w[i] * q;
          denominator += q * q;
          squares += (double) w[i] * w[i];
          largest = Math.max(largest, Math.abs(w[i]));
        }
        float[] sums = new float[2 * WeightSums.LANES];
        kernels.weightSums().products(w, 3, length, scale, RANGE, sums);
        assertThat((double) sums[0])
            .as("%d", length)
            .isCloseTo(numerator, within(1e-5 * numerator));
        assertThat((double) sums[1]).as("%d", length).isEqualTo(denominator);
        assertThat(kernels.weightSums().absmax(w, 3, length)).isEqualTo(largest);
        assertThat((double) kernels.weightSums().squares(w, 3, length, sums))
            .as("%d", length)
            .isCloseTo(squares, within(1e-5 * squares));
      }
      kernels.close();
    }
  }

  @Test
  void hasTheSameBitsWhateverComputesIt() {
    for (int length : LENGTHS) {
      float[] w = weights(length, length);
      float[] bits = null;
      for (Kernels kernels : TestMemory.implementations().toList()) {
        float[] sums = new float[2 * WeightSums.LANES];
        kernels.weightSums().products(w, 0, length, 0.17f, RANGE, sums);
        float[] chains = new float[WeightSums.LANES];
        sums[2] = kernels.weightSums().squares(w, 0, length, chains);
        if (bits != null) {
          assertThat(sums[2]).as("%d", length).isEqualTo(bits[2]);
          assertThat(sums[0]).as("%d", length).isEqualTo(bits[0]);
          assertThat(sums[1]).as("%d", length).isEqualTo(bits[1]);
        }
        bits = sums;
        kernels.close();
      }
    }
  }

  @Test
  void roundsTiesToEven() {
    for (Kernels kernels : TestMemory.implementations().toList()) {
      float[] sums = new float[2 * WeightSums.LANES];
      float[] w = new float[16];
      w[0] = 0.5f;
      w[1] = 1.5f;
      w[2] = -2.5f;
      kernels.weightSums().products(w, 0, 16, 1, RANGE, sums);
      assertThat(sums[0]).isEqualTo(1.5f * 2 + -2.5f * -2);
      assertThat(sums[1]).isEqualTo(8);
      kernels.close();
    }
  }
}
