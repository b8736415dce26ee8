package dev.sconce.format.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Spoilt files of every format.
 *
 * <p>{@code -Dsconce.fuzz.count=N} sets the number of files over all formats, {@code
 * -Dsconce.fuzz.seed=S} the first seed: see docs/formats/README.md for the long run.
 */
class FormatFuzzTest {

  private static final int COUNT = Integer.getInteger("sconce.fuzz.count", 24_000);
  private static final boolean LONG_RUN = Integer.getInteger("sconce.fuzz.count") != null;
  private static final long SEED = Long.getLong("sconce.fuzz.seed", 1);

  private static List<FuzzSubject> subjects() {
    return FuzzSubjects.all();
  }

  @ParameterizedTest
  @MethodSource("subjects")
  @Timeout(value = 24, unit = TimeUnit.HOURS)
  void spoiltFilesAreReadOrRefused(FuzzSubject subject) {
    int count = Math.ceilDiv(COUNT, FuzzSubjects.all().size());
    Fuzzer.Outcome outcome = Fuzzer.run(subject, count, SEED);
    if (LONG_RUN) {
      System.out.println(subject.name() + ": " + outcome);
    }
    // Changes that hit padding or weights are no errors, but many hit something that matters.
    assertThat(outcome.refused()).isGreaterThan(count / 20);
    assertThat(outcome.read()).isPositive();
  }
}
