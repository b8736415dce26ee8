package dev.sconce.runtime.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** Programs of the official exporter, with the official runtime's answers. */
class RecordedCasesTest {

  @TestFactory
  Stream<DynamicTest> committedCases() throws IOException, URISyntaxException {
    URL cases = Objects.requireNonNull(getClass().getResource("/cases"));
    return tests(Path.of(cases.toURI()));
  }

  /** What a file can hold: data in other files, shared and initial state, unplanned memory, … */
  @TestFactory
  Stream<DynamicTest> committedProgramFiles() throws IOException {
    return tests(Path.of("../interop/cases"));
  }

  /** All of them: {@code SCONCE_FIXTURES=/path/to/fixtures}. */
  @TestFactory
  @EnabledIfEnvironmentVariable(named = "SCONCE_FIXTURES", matches = ".+")
  Stream<DynamicTest> allCases() throws IOException {
    return tests(Path.of(System.getenv("SCONCE_FIXTURES")));
  }

  private static Stream<DynamicTest> tests(Path root) throws IOException {
    List<Path> cases = Verifier.findCases(root);
    assertThat(cases).isNotEmpty();
    return cases.stream()
        .map(
            folder ->
                DynamicTest.dynamicTest(
                    root.relativize(folder).toString(),
                    () -> {
                      Report report = Verifier.runCase(folder);
                      assertThat(report.failure()).isNull();
                      assertThat(report.outputs()).isNotEmpty().allMatch(OutputCheck::passed);
                    }));
  }
}
