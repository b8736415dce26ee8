package dev.sconce.runtime.internal.operator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OperatorCasesTest {

  static List<OperatorCase> committed() throws IOException, URISyntaxException {
    URL folder = OperatorCasesTest.class.getResource("/cases");
    assertThat(folder).as("test resource /cases").isNotNull();
    return casesIn(Path.of(folder.toURI()));
  }

  private static List<OperatorCase> casesIn(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root, 3)) {
      return files
          .filter(file -> file.endsWith("case.json"))
          .map(file -> new OperatorCase(file.getParent()))
          .sorted(Comparator.comparing(OperatorCase::folder))
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("committed")
  void agreesWithTheOfficialRuntime(OperatorCase operatorCase) throws IOException {
    assertThat(operatorCase.differences()).isEmpty();
  }

  /**
   * Every case below the folders that the environment names, such as {@code
   * SCONCE_FIXTURES=fixtures/ops:fixtures/quantized}.
   */
  @Test
  @EnabledIfEnvironmentVariable(named = "SCONCE_FIXTURES", matches = ".+")
  void agreesWithTheOfficialRuntimeOnEveryFixture() throws IOException {
    List<String> failures = new ArrayList<>();
    int passed = 0;
    for (String folder : System.getenv("SCONCE_FIXTURES").split(":", -1)) {
      for (OperatorCase operatorCase : casesIn(Path.of(folder))) {
        try {
          List<String> differences = operatorCase.differences();
          if (differences.isEmpty()) {
            passed++;
          } else {
            failures.add(operatorCase + ": " + differences);
          }
        } catch (RuntimeException e) {
          failures.add(operatorCase + ": " + e);
          if (System.getenv("SCONCE_TRACE") != null) {
            e.printStackTrace();
          }
        }
      }
    }
    assertThat(failures).as("%d cases passed, %d failed", passed, failures.size()).isEmpty();
  }
}
