package dev.sconce.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** Inspects every file of a folder of fixtures: {@code SCONCE_FIXTURES} names it. */
@EnabledIfEnvironmentVariable(named = "SCONCE_FIXTURES", matches = ".+")
class EveryFixtureTest {

  private static final List<String> EXTENSIONS =
      List.of(".pte", ".ptd", ".bpte", ".etdp", ".safetensors", ".safetensors.index.json");

  private static List<Path> files(List<String> extensions) throws IOException {
    try (Stream<Path> all = Files.walk(Path.of(System.getenv("SCONCE_FIXTURES")))) {
      List<Path> files =
          all.filter(file -> extensions.stream().anyMatch(file.toString()::endsWith))
              .sorted()
              .toList();
      assertThat(files).isNotEmpty();
      return files;
    }
  }

  @Test
  void isInspectedAsTextAndAsJson() throws IOException {
    for (Path file : files(EXTENSIONS)) {
      boolean program = file.toString().endsWith("pte");
      String more = program ? "--instructions" : "--limit=3";
      String name = file.toString();
      CommandRun text = CommandRun.of("inspect", name, more);
      assertThat(text.err()).as(name).isEmpty();
      assertThat(text.exitCode()).as(name).isEqualTo(ExitCode.OK);
      CommandRun json = CommandRun.of("inspect", name, more, "--json");
      assertThat(json.exitCode()).as(name).isEqualTo(ExitCode.OK);
      assertThat(json.json().has("format")).as(name).isTrue();
    }
  }

  @Test
  void everyProgramEqualsItselfAndNotTheNext() throws IOException {
    String before = null;
    for (Path file : files(List.of(".pte"))) {
      String name = file.toString();
      assertThat(CommandRun.of("diff", name, name).exitCode()).as(name).isEqualTo(ExitCode.OK);
      if (before != null) {
        assertThat(CommandRun.of("diff", before, name).exitCode())
            .as(name)
            .isIn(ExitCode.OK, ExitCode.CHECK_FAILED);
      }
      before = name;
    }
  }
}
