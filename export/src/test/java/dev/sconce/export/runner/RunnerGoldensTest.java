package dev.sconce.export.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sconce.base.json.JsonArray;
import dev.sconce.base.json.JsonNumber;
import dev.sconce.base.json.JsonObject;
import dev.sconce.base.json.JsonValue;
import dev.sconce.export.Export;
import dev.sconce.export.Goldens;
import dev.sconce.generate.GenerationConfig;
import dev.sconce.generate.runner.GenerationRequest;
import dev.sconce.generate.runner.GenerationResult;
import dev.sconce.generate.runner.TextRunner;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Exported decoders generate what transformers' {@code generate} does, to the token. */
class RunnerGoldensTest {

  private static final double BEAM_TOLERANCE = 1e-3;
  private static final Set<String> INPUTS = Set.of("input_ids", "attention_mask");

  @TempDir private Path folder;

  static Stream<Goldens> decoders() throws IOException {
    return Goldens.all().stream().filter(goldens -> goldens.kind().equals("causal"));
  }

  @ParameterizedTest
  @MethodSource("decoders")
  void generatesAsTransformersDoes(Goldens goldens) throws IOException {
    Path file = folder.resolve("model.pte");
    Export.from(goldens.folder()).to(file);
    try (TextRunner runner = TextRunner.load(file)) {
      for (JsonObject golden : goldens.cases()) {
        String operation = golden.string("op").orElseThrow();
        // Answers to "greedy" were computed from the first token on for every token.
        boolean comparable =
            operation.equals("greedy") && !goldens.changesWithLength(length(golden));
        if (comparable || operation.equals("generate")) {
          check(runner, goldens, golden);
        }
      }
    }
  }

  private static int length(JsonObject golden) {
    JsonObject inputs = golden.object("inputs").orElseThrow();
    return rows(inputs.array("input_ids").orElseThrow())[0].length
        + (int) inputs.integer("max_new_tokens").orElseThrow();
  }

  private static void check(TextRunner runner, Goldens goldens, JsonObject golden)
      throws IOException {
    JsonObject inputs = golden.object("inputs").orElseThrow();
    JsonObject.Builder settings = JsonObject.builder();
    // Without end tokens of its own a request would take the program's.
    settings.put("eos_token_id", new JsonArray(List.of()));
    inputs.members().entrySet().stream()
        .filter(entry -> !INPUTS.contains(entry.getKey()))
        .forEach(entry -> settings.put(entry.getKey(), entry.getValue()));
    GenerationRequest request =
        GenerationRequest.ofIds(rows(inputs.array("input_ids").orElseThrow()))
            .with(GenerationConfig.of(settings.build()));
    if (inputs.has("attention_mask")) {
      request = request.withMasks(rows(inputs.array("attention_mask").orElseThrow()));
    }
    runner.reset();
    GenerationResult result = runner.generate(request);

    JsonObject outputs = golden.object("outputs").orElseThrow();
    String name = goldens + ", " + golden.string("id").orElseThrow();
    if (outputs.has("tokens")) {
      assertThat(result.tokens())
          .as(name)
          .containsExactly(row(outputs.array("tokens").orElseThrow()));
    } else {
      assertThat(result.sequences().toArray(int[][]::new))
          .as(name)
          .isDeepEqualTo(rows(outputs.array("sequences").orElseThrow()));
    }
    if (outputs.string("sequences_scores").isPresent()) {
      float[] scores = goldens.array(outputs.string("sequences_scores").orElseThrow());
      for (int i = 0; i < scores.length; i++) {
        assertThat(result.completions().get(i).score())
            .as(name)
            .isCloseTo(scores[i], within(BEAM_TOLERANCE * Math.max(1, Math.abs(scores[i]))));
      }
    }
  }

  private static int[][] rows(JsonArray rows) {
    List<int[]> all = new ArrayList<>();
    for (JsonValue row : rows) {
      all.add(row((JsonArray) row));
    }
    return all.toArray(int[][]::new);
  }

  private static int[] row(JsonArray row) {
    return Arrays.stream(row.values().toArray(JsonValue[]::new))
        .mapToInt(id -> (int) ((JsonNumber) id).asLong().orElseThrow())
        .toArray();
  }
}
