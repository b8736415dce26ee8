package dev.sconce.runtime.internal.operator.aten;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The foremost numbers are those that a stable sort of all puts first. */
final class RankingTest {

  private static final double[] SPECIAL = {
    0.0, -0.0, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.MIN_VALUE
  };

  @ParameterizedTest
  @CsvSource({"1, true", "1, false", "2, true", "63, false", "64, true", "65, true", "300, false"})
  void ordersAsStableSort(int most, boolean largest) {
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      double[] line = new double[most + random.nextInt(most)];
      for (int i = 0; i < line.length; i++) {
        line[i] =
            random.nextInt(4) == 0
                ? SPECIAL[random.nextInt(SPECIAL.length)]
                : random.nextInt(20) * (random.nextBoolean() ? 0.5 : -0.5);
      }
      Ranking ranking = new Ranking(line.length, largest);
      for (int i = 0; i < line.length; i++) {
        ranking.set(i, line[i]);
      }
      // Double.compare tells zeros apart, the operator does not.
      Comparator<Integer> byValue = Comparator.comparingDouble(i -> line[i] + 0.0);
      int[] expected =
          IntStream.range(0, line.length)
              .boxed()
              .sorted(largest ? byValue.reversed() : byValue)
              .mapToInt(i -> i)
              .limit(most)
              .toArray();
      assertThat(Arrays.copyOf(ranking.first(most), most)).as("seed %d", seed).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @CsvSource({"3, true", "80, true", "3, false", "80, false"})
  void ordersIntegersThatDoublesCannotTell(int count, boolean largest) {
    Random random = new Random(5);
    long[] line = random.longs(200, Long.MAX_VALUE - 50, Long.MAX_VALUE).toArray();
    line[7] = Long.MIN_VALUE;
    Ranking ranking = new Ranking(line.length, largest);
    for (int i = 0; i < line.length; i++) {
      ranking.set(i, line[i]);
    }
    Comparator<Integer> byValue = Comparator.comparingLong(i -> line[i]);
    int[] expected =
        IntStream.range(0, line.length)
            .boxed()
            .sorted(largest ? byValue.reversed() : byValue)
            .mapToInt(i -> i)
            .limit(count)
            .toArray();
    assertThat(Arrays.copyOf(ranking.first(count), count)).isEqualTo(expected);
  }
}
