package dev.sconce.generate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

final class GenerationFixturesTest {

  private static final Path FOLDER = Path.of("src/test/resources/generation");

  @Test
  void rulesChangeScoresAsTransformersDoes() throws Exception {
    assertThat(GenerationFixtures.ruleDifferences(FOLDER)).isEmpty();
  }

  @Test
  void searchesFindWhatTransformersFinds() throws Exception {
    assertThat(GenerationFixtures.searchDifferences(FOLDER)).isEmpty();
  }

  @Test
  void stopsHoldWhereTransformersStops() throws Exception {
    assertThat(GenerationFixtures.stopDifferences(FOLDER)).isEmpty();
  }

  @Test
  @EnabledIfEnvironmentVariable(named = "SCONCE_FIXTURES", matches = ".+")
  void agreesWithAllFixtures() throws Exception {
    Path all = Path.of(System.getenv("SCONCE_FIXTURES"), "generation");
    assertThat(GenerationFixtures.ruleDifferences(all)).isEmpty();
    assertThat(GenerationFixtures.searchDifferences(all)).isEmpty();
    assertThat(GenerationFixtures.stopDifferences(all)).isEmpty();
  }
}
