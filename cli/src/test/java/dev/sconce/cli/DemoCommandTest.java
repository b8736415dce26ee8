package dev.sconce.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sconce.base.json.JsonArray;
import dev.sconce.base.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoCommandTest {

  @TempDir private Path folder;

  @Test
  void exportsVerifiesTellsAndTranslates() {
    CommandRun run =
        CommandRun.of(
            "demo",
            "--models",
            Path.of("..", "demo").toString(),
            "-o",
            folder.toString(),
            "--json");
    assertThat(run.exitCode()).as(run.out() + run.err()).isEqualTo(ExitCode.OK);
    JsonObject demo = run.json();
    assertThat(demo.bool("ok")).contains(true);
    assertThat(folder.resolve("storyteller.pte")).isRegularFile();
    assertThat(folder.resolve("translator.pte")).isRegularFile();

    List<JsonObject> steps = objects(demo.array("steps").orElseThrow());
    assertThat(steps.stream().filter(step -> step.has("command")))
        .hasSize(5)
        .allSatisfy(step -> assertThat(step.integer("exitCode")).hasValue(0));
    List<JsonObject> said = steps.stream().filter(step -> step.has("method")).toList();
    assertThat(said.getFirst().string("output").orElseThrow())
        .startsWith("Once upon a time")
        .hasSizeGreaterThan(200);
    assertThat(said.stream().skip(1).map(step -> step.string("output").orElseThrow()))
        .containsExactly(
            "Das Fahrrad kostet dreihundertfünfundsiebzig Euro.",
            "Aujourd'hui, nous sommes le samedi vingt et un mars mille neuf cent"
                + " quatre-vingt-quatre.",
            "the first of May twenty twenty-six",
            "the first of May twenty twenty-six");
    assertThat(said.getLast().string("method")).contains("generate_beam");
  }

  @Test
  void namesTheFolderThatIsMissing() {
    CommandRun run = CommandRun.of("demo", "--models", folder.resolve("none").toString());
    assertThat(run.exitCode()).isNotEqualTo(ExitCode.OK);
    assertThat(run.err()).contains("storyteller");
  }

  private static List<JsonObject> objects(JsonArray array) {
    return array.values().stream().map(JsonObject.class::cast).toList();
  }
}
