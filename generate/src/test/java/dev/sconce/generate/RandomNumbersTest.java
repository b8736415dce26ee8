package dev.sconce.generate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class RandomNumbersTest {

  /** Seed, row, and the first three numbers times 2^24, computed from the published formula. */
  private static final long[][] VECTORS = {
    {0L, 0, 16777210, 16349725, 10862977},
    {0L, 1, 11421785, 12442782, 1963979},
    {1L, 0, 16777204, 15922234, 4948737},
    {42L, 0, 16776987, 15172335, 14123146},
    {42L, 1, 11421563, 11265392, 5224149},
    {42L, 7, 12843445, 4600945, 2161817},
    {2147483647L, 0, 16724623, 5952882, 828926},
    {2147483648L, 3, 710936, 4628894, 943202},
    {123456789012345L, 2, 4918092, 11754418, 7953811},
    {-1L, 5, 6724715, 3195379, 6665589},
  };

  @Test
  void combinesTwoGeneratorsAsPublished() {
    for (long[] vector : VECTORS) {
      CombinedGenerator generator = new CombinedGenerator(vector[0], (int) vector[1]);
      for (int i = 2; i < vector.length; i++) {
        assertThat(generator.next() * (1 << 24))
            .as("seed %d", vector[0])
            .isEqualTo((double) vector[i]);
      }
    }
  }

  @Test
  void drawsEachIndexAsOftenAsItsWeightSays() {
    CombinedGenerator generator = new CombinedGenerator(17, 0);
    int[] counts = new int[3];
    for (int i = 0; i < 60_000; i++) {
      counts[generator.draw(new double[] {1, 0, 2})]++;
    }

    assertThat(counts[1]).isZero();
    assertThat(counts[0]).isBetween(19_500, 20_500);
  }

  @Test
  void shiftsBitsAsExecuTorchDoes() {
    assertThat(new XorShiftSampler(1, 0).next()).isZero();
    XorShiftSampler sampler = new XorShiftSampler(1, 42);
    assertThat(sampler.next() * (1 << 24)).isEqualTo(5688906f);
    assertThat(sampler.next() * (1 << 24)).isEqualTo(13124075f);
    assertThat(sampler.next() * (1 << 24)).isEqualTo(13256299f);
  }

  @Test
  void takesTheLargestScoreWithoutDrawingAtTemperatureZero() {
    assertThat(new XorShiftSampler(0, 1).sample(new float[] {1, 5, 5, 2})).isEqualTo(1);
    assertThat(new XorShiftSampler(1, 0, 1, 7).sample(new float[] {1, 5, 4, 2})).isEqualTo(1);
  }
}
