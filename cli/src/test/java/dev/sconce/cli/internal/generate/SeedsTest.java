package dev.sconce.cli.internal.generate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sconce.base.json.JsonBool;
import dev.sconce.generate.GenerationConfig;
import dev.sconce.generate.Setting;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SeedsTest {

  private static final GenerationConfig DRAWN =
      GenerationConfig.defaults().with(Setting.DO_SAMPLE, JsonBool.TRUE);

  @Test
  void drawsWithANewSeedWhereNoneIsGiven() {
    Set<Long> seeds = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      seeds.add(Seeds.in(DRAWN).seed());
    }

    assertThat(seeds)
        .hasSizeGreaterThan(90)
        .allMatch(seed -> seed >= 0 && seed < 1L << 31)
        .anyMatch(seed -> seed > 1L << 29);
  }

  @Test
  void keepsWhatIsGivenAndWhatIsNotDrawn() {
    assertThat(Seeds.in(DRAWN.withSeed(0))).isEqualTo(DRAWN.withSeed(0));
    assertThat(Seeds.in(GenerationConfig.defaults())).isEqualTo(GenerationConfig.defaults());
  }
}
