package dev.sconce.export.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sconce.base.ExportException;
import dev.sconce.base.InvalidInputException;
import dev.sconce.base.json.Json;
import dev.sconce.export.Export;
import dev.sconce.export.ExportOptions;
import dev.sconce.generate.GenerationConfig;
import dev.sconce.generate.SearchRun;
import dev.sconce.generate.resource.ModelResources;
import dev.sconce.generate.runner.GenerationRequest;
import dev.sconce.generate.runner.internal.EmbeddedProgram;
import dev.sconce.generate.runner.internal.EmbeddedRequest;
import dev.sconce.runtime.EValue;
import dev.sconce.runtime.PteModule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a program says of the generation inside it, and what it refuses. */
final class EmbeddedProgramTest {

  private static final Path CHECKPOINT = Path.of("src/test/resources/checkpoints/gemma2");

  @TempDir private Path folder;

  private Path export(UnaryOperator<ExportOptions.Builder> options) throws IOException {
    Path file = folder.resolve("model.pte");
    ExportOptions.Builder builder =
        ExportOptions.defaults().toBuilder().recipe("portable").maxSequenceLength(32);
    Export.from(CHECKPOINT).with(options.apply(builder).build()).to(file);
    return file;
  }

  @Test
  void saysWhatItHolds() throws IOException {
    try (PteModule module = PteModule.load(export(options -> options.batch(2)))) {
      assertThat(module.execute("et_gen_version")).containsExactly(EValue.from(1L));
      var info = ModelResources.of(module).generationProgram().orElseThrow();
      assertThat(info.string("architecture")).contains("gemma2");
      var limits = info.object("limits").orElseThrow();
      assertThat(limits.integer("batch")).hasValue(2);
      assertThat(limits.integer("context")).hasValue(32);
      assertThat(limits.object("steps").orElseThrow().integer("generate").orElseThrow())
          .isBetween(1000L, 10_000_000L);
      assertThat(info.object("tokens").orElseThrow().toString()).contains("\"eos\":[2,72]");
      assertThat(info.array("settings").orElseThrow().size()).isEqualTo(Settings.size());
      assertThat(info.object("methods").orElseThrow().members())
          .containsKeys("forward", "generate");
      EmbeddedProgram program = EmbeddedProgram.of(module).orElseThrow();
      assertThat(program.defaults().endTokens()).containsExactly(2, 72);
      assertThat(program.context()).isEqualTo(32);
    }
  }

  @Test
  void hasNothingIfItIsLeftOut() throws IOException {
    try (PteModule module = PteModule.load(export(options -> options.embedded(false)))) {
      assertThat(module.methodNames()).doesNotContain("generate", "et_gen_version", "et_gen_info");
      assertThat(EmbeddedProgram.of(module)).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | 3 | --batch 3",
        "{\"num_beams\": 4} | 1 | --beams 4",
        "{\"bad_words_ids\": [[3]]} | 1 | --generation-config FILE",
        "{\"suppress_tokens\": [3]} | 1 | --generation-config FILE",
        "{\"remove_invalid_values\": true} | 1 | --generation-config FILE",
        "{\"exponential_decay_length_penalty\": [1, 1.5]} | 1 | --generation-config FILE",
      })
  void refusesWhatItDoesNotHoldAndNamesTheFlag(String asked, int rows, String flag)
      throws IOException {
    try (PteModule module = PteModule.load(export(options -> options.batch(2)))) {
      EmbeddedProgram program = EmbeddedProgram.of(module).orElseThrow();
      GenerationConfig config = program.defaults().with(Json.parseObject("asked", asked));
      int[][] ids = new int[rows][1];
      EmbeddedRequest request =
          EmbeddedRequest.of(
              GenerationRequest.ofIds(ids),
              config,
              ids,
              ids,
              List.of(),
              () -> false,
              EmbeddedSearchTest.observer(_ -> {}));
      assertThatThrownBy(() -> program.start(request))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining(flag);
    }
  }

  @Test
  void doesWithoutTheListsOfTheFile() throws IOException {
    Path lists = folder.resolve("lists.json");
    Files.writeString(lists, "{\"bad_words_ids\": [[3, 4]], \"suppress_tokens\": [7]}");
    try (PteModule module = PteModule.load(export(options -> options.generationConfig(lists)))) {
      EmbeddedProgram program = EmbeddedProgram.of(module).orElseThrow();
      int[][] prompt = {{5, 6, 7}};
      for (String asked : List.of("{}", "{\"suppress_tokens\": [7]}")) {
        GenerationConfig config = GenerationConfig.of(Json.parseObject("asked", asked));
        EmbeddedRequest request =
            EmbeddedRequest.of(
                GenerationRequest.ofIds(prompt),
                config.withMaxNewTokens(3),
                prompt,
                new int[][] {{1, 1, 1}},
                List.of(),
                () -> false,
                EmbeddedSearchTest.observer(_ -> {}));
        SearchRun run = program.start(request);
        while (run.advance()) {}
        assertThat(run.results().getFirst().tokens()).hasSize(3);
      }
    }
  }

  @Test
  void takesDefaultsAndListsFromAFile() throws IOException {
    Path config = folder.resolve("mine.json");
    Files.writeString(
        config, "{\"repetition_penalty\": 1.5, \"bad_words_ids\": [[3, 4]], \"max_length\": 12}");
    try (PteModule module = PteModule.load(export(options -> options.generationConfig(config)))) {
      EmbeddedProgram program = EmbeddedProgram.of(module).orElseThrow();
      // What ends rows is the model's affair unless the file says otherwise.
      assertThat(program.defaults().toJson().toString())
          .contains("\"repetition_penalty\":1.5", "\"bad_words_ids\":[[3,4]]", "[2,72]");
      int[][] prompt = {{5, 6, 7}};
      EmbeddedProgram.Step made =
          program.call(
              EmbeddedProgram.Prompt.of(prompt, new int[][] {{1, 1, 1}}),
              0,
              program.defaults(),
              12,
              100);
      assertThat(made.tokens()[0]).hasSizeBetween(1, 9);
      assertThat(made.finished()).containsExactly(1);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0, true, --batch",
    "65, true, --batch",
    "2, false, --batch",
  })
  void refusesBatchesThatMakeNoSense(int batch, boolean embedded, String option) {
    assertThatThrownBy(() -> export(options -> options.batch(batch).embedded(embedded)))
        .isInstanceOf(ExportException.class)
        .hasMessageContaining(option);
  }

  @Test
  void refusesGenerationSettingsThatAreNotSupported() throws IOException {
    Path config = folder.resolve("mine.json");
    Files.writeString(config, "{\"penalty_alpha\": 0.6}");
    assertThatThrownBy(() -> export(options -> options.generationConfig(config)))
        .isInstanceOf(ExportException.class)
        .hasMessageContaining("penalty_alpha");
  }

  @Test
  void refusesOptionsOfGenerationForOtherTasks() {
    Export export =
        Export.from(Path.of("src/test/resources/checkpoints/bert_seqcls"))
            .with(ExportOptions.defaults().toBuilder().beams(2).build());
    assertThatThrownBy(() -> export.to(folder.resolve("model.pte")))
        .isInstanceOf(ExportException.class)
        .hasMessageContaining("--beams");
  }
}
