package dev.sconce.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sconce.kernels.WeightSums.IntegerRange;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sums over groups of weights against their definitions in double, and against each other. */
class WeightSumsTest {

  private static final int[] LENGTHS = {
    1, 2, 7, 8, 9, 15, 16, 17, 31, 32, 33, 40, 63, 64, 100, 511, 512, 576, 1000, 8200
  };
  private static final int LANES = WeightSums.LANES;
  private static final IntegerRange RANGE = new IntegerRange(-8, 7);

  private static float[] weights(int seed, int count) {
    Random random = new Random(seed);
    float[] weights = new float[count];
    for (int i = 0; i < count; i++) {
      weights[i] = (float) random.nextGaussian();
    }
    return weights;
  }

  private static float[] scales() {
    float[] scales = new float[LANES];
    for (int lane = 0; lane < LANES; lane++) {
      scales[lane] = 0.13f + 0.02f * lane;
    }
    return scales;
  }

  @Test
  void sumsWhatTheDefinitionSays() {
    for (Kernels kernels : TestMemory.implementations().toList()) {
      for (int length : LENGTHS) {
        float[] w = weights(length, length * LANES);
        float[] scales = scales();
        float[] sums = new float[2 * LANES];
        kernels.weightSums().products(w, length, scales, RANGE, sums);
        for (int lane = 0; lane < LANES; lane++) {
          double products = 0;
          double squares = 0;
          for (int k = 0; k < length; k++) {
            double q = Math.clamp(Math.rint(w[k * LANES + lane] / scales[lane]), -8, 7);
            products += w[k * LANES + lane] * q;
            squares += q * q;
          }
          String what = "group %d of length %d".formatted(lane, length);
          assertThat((double) sums[lane]).as(what).isCloseTo(products, within(1e-5 * squares));
          assertThat((double) sums[LANES + lane]).as(what).isEqualTo(squares);
        }
      }
      kernels.close();
    }
  }

  @ParameterizedTest
  @CsvSource({"32", "48", "576", "8192", "9000"})
  void addsUpInTheOrderOfTorch(int length) {
    float[] w = weights(length, length * LANES);
    float[] ones = new float[LANES];
    Arrays.fill(ones, 0x1p-20f);
    // With so small a scale all integers are at a bound: what is added are multiples of weights.
    float[] sums = new float[2 * LANES];
    for (Kernels kernels : TestMemory.implementations().toList()) {
      kernels.weightSums().products(w, length, ones, new IntegerRange(-1, 1), sums);
      for (int lane = 0; lane < LANES; lane++) {
        assertThat(sums[lane]).as("%d", lane).isEqualTo(torchSum(w, lane, length));
      }
      kernels.close();
    }
  }

  /** ATen's SumKernel.cpp written down again: rows of four vectors of eight, put aside by 16s. */
  private static float torchSum(float[] w, int lane, int length) {
    float[][][] levels = new float[4][4][8];
    int size = length / 32;
    int done = 0;
    while (done + 16 <= size) {
      for (int step = 0; step < 16; step++, done++) {
        addRow(levels[0], w, lane, done);
      }
      for (int level = 1; level < 4; level++) {
        for (int i = 0; i < 32; i++) {
          levels[level][i / 8][i % 8] += levels[level - 1][i / 8][i % 8];
          levels[level - 1][i / 8][i % 8] = 0;
        }
        if ((done & (15 << (4 * level))) != 0) {
          break;
        }
      }
    }
    for (; done < size; done++) {
      addRow(levels[0], w, lane, done);
    }
    for (int level = 1; level < 4; level++) {
      for (int i = 0; i < 32; i++) {
        levels[0][i / 8][i % 8] += levels[level][i / 8][i % 8];
      }
    }
    for (int k = size * 32; k < length - length % 8; k++) {
      levels[0][0][k % 8] += Math.abs(w[k * LANES + lane]);
    }
    float sum = 0;
    for (int k = length - length % 8; k < length; k++) {
      sum += Math.abs(w[k * LANES + lane]);
    }
    float[][] rows = levels[0];
    for (int i = 0; i < 8; i++) {
      sum += rows[0][i] + rows[1][i] + rows[2][i] + rows[3][i];
    }
    return sum;
  }

  private static void addRow(float[][] rows, float[] w, int lane, int step) {
    for (int i = 0; i < 32; i++) {
      rows[i / 8][i % 8] += Math.abs(w[(step * 32 + i) * LANES + lane]);
    }
  }

  @Test
  void hasTheSameBitsWhateverComputesIt() {
    for (int length : LENGTHS) {
      float[] w = weights(length, length * LANES);
      List<float[]> all =
          TestMemory.implementations()
              .map(
                  kernels -> {
                    float[] sums = new float[4 * LANES];
                    kernels.weightSums().products(w, length, scales(), RANGE, sums);
                    float[] chains = new float[2 * LANES];
                    int[] integers = new int[length];
                    kernels.weightSums().round(w, 0, length, 0.17f, RANGE, integers, 0, chains);
                    System.arraycopy(chains, 0, sums, 2 * LANES, 2 * LANES);
                    kernels.close();
                    return sums;
                  })
              .toList();
      for (float[] one : all) {
        assertThat(one).as("length %d", length).isEqualTo(all.getFirst());
      }
    }
  }

  @Test
  void roundsTiesToEvenAndClamps() {
    float[] w = {0.5f, 1.5f, -2.5f, 100, -100, 7.4f, 3, -0.5f};
    int[] expected = {0, 2, -2, 7, -8, 7, 3, 0};
    for (Kernels kernels : TestMemory.implementations().toList()) {
      for (int before : new int[] {0, 3, 16, 40}) {
        float[] weights = new float[before + w.length];
        System.arraycopy(w, 0, weights, before, w.length);
        int[] integers = new int[weights.length + 2];
        float[] chains = new float[2 * LANES];
        kernels.weightSums().round(weights, 0, weights.length, 1, RANGE, integers, 2, chains);
        int[] last = Arrays.copyOfRange(integers, before + 2, integers.length);
        assertThat(last).as("after %d", before).isEqualTo(expected);
      }
      kernels.close();
    }
  }

  @Test
  void addsUpHowFarIntegersAreOff() {
    for (Kernels kernels : TestMemory.implementations().toList()) {
      for (int length : LENGTHS) {
        float[] w = weights(length, length + 3);
        float[] chains = new float[2 * LANES];
        int[] integers = new int[length];
        kernels.weightSums().round(w, 3, length, 0.21f, RANGE, integers, 0, chains);
        double errors = 0;
        double squares = 0;
        float largest = 0;
        for (int i = 0; i < length; i++) {
          double error = w[3 + i] - 0.21f * integers[i];
          errors += error * error;
          squares += (double) w[3 + i] * w[3 + i];
          largest = Math.max(largest, Math.abs(w[3 + i]));
        }
        assertThat((double) WeightSums.joined(chains, 0))
            .as("errors, length %d", length)
            .isCloseTo(errors, within(1e-5 * squares));
        assertThat((double) WeightSums.joined(chains, LANES))
            .as("squares, length %d", length)
            .isCloseTo(squares, within(1e-5 * squares));
        assertThat(kernels.weightSums().absmax(w, 3, length)).isEqualTo(largest);
      }
      kernels.close();
    }
  }
}
