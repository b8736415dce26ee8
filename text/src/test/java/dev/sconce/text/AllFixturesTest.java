package dev.sconce.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs every tokenizer folder of a full set of fixtures, where there is one. */
@EnabledIfEnvironmentVariable(named = "SCONCE_FIXTURES", matches = ".+")
class AllFixturesTest {

  static List<Path> folders() {
    return Vectors.folders(Path.of(System.getenv("SCONCE_FIXTURES"), "tokenizers"));
  }

  @ParameterizedTest
  @MethodSource("folders")
  void givesExactlyTheVectors(Path folder) {
    List<String> failures = new Vectors(folder).run();
    assertThat(
            failures.size()
                + " failures: "
                + String.join("\n", failures.subList(0, Math.min(3, failures.size()))))
        .startsWith("0 failures");
  }
}
