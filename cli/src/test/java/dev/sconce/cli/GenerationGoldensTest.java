package dev.sconce.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sconce.base.json.Json;
import dev.sconce.base.json.JsonArray;
import dev.sconce.base.json.JsonNumber;
import dev.sconce.base.json.JsonObject;
import dev.sconce.base.json.JsonValue;
import dev.sconce.base.json.JsonWriter;
import dev.sconce.export.Export;
import dev.sconce.export.architecture.Architectures;
import dev.sconce.format.safetensors.SafetensorsFile;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * {@code sconce generate FILE --batch LINES} answers with transformers' sequences and scores: the
 * committed checkpoints, and with {@code SCONCE_FIXTURES} all of that folder.
 */
class GenerationGoldensTest {

  private static final double BEAM_TOLERANCE = 1e-3;
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final Set<String> INPUTS =
      Set.of("input_ids", "attention_mask", "decoder_input_ids");

  @TempDir private Path folder;

  static Stream<Path> checkpoints() throws IOException {
    List<Path> tops = new ArrayList<>(List.of(GenerateCommandTest.CHECKPOINT.resolveSibling("")));
    String fixtures = System.getenv("SCONCE_FIXTURES");
    if (fixtures != null) {
      tops.add(Path.of(fixtures, "hf"));
    }
    List<Path> all = new ArrayList<>();
    for (Path top : tops) {
      try (Stream<Path> folders = Files.list(top)) {
        for (Path each : folders.sorted().toList()) {
          if (Files.exists(each.resolve("goldens.json"))
              && generates(each)
              && !cases(each).isEmpty()) {
            all.add(each);
          }
        }
      }
    }
    return all.stream();
  }

  private static boolean generates(Path checkpoint) throws IOException {
    JsonObject json = Json.readObject(checkpoint.resolve("goldens.json"));
    return Set.of("causal", "seq2seq").contains(json.string("kind").orElse(""))
        && Architectures.modelTypes().contains(json.string("model_type").orElse(""));
  }

  @ParameterizedTest
  @MethodSource("checkpoints")
  void linesAreAnsweredAsTransformersDoes(Path checkpoint) throws IOException {
    Path file = folder.resolve("model.pte");
    Export.from(checkpoint).to(file);
    List<JsonObject> cases = cases(checkpoint);
    Path lines = folder.resolve("lines.jsonl");
    Files.write(lines, cases.stream().map(GenerationGoldensTest::line).toList());

    CommandRun run = CommandRun.of("generate", file.toString(), "--batch", lines.toString());

    List<String> answers = run.succeeds().out().lines().toList();
    assertThat(answers).hasSameSizeAs(cases);
    for (int i = 0; i < cases.size(); i++) {
      check(checkpoint, cases.get(i), Json.parseObject("answer", answers.get(i)));
    }
  }

  /** The cases that generate, without those where recomputing the first keys changes the answer. */
  private static List<JsonObject> cases(Path checkpoint) throws IOException {
    JsonObject config = Json.readObject(checkpoint.resolve("config.json"));
    JsonObject scaling = config.object("rope_scaling").orElse(JsonObject.builder().build());
    boolean dynamic =
        scaling.string("rope_type").or(() -> scaling.string("type")).orElse("").equals("dynamic");
    List<JsonObject> cases = new ArrayList<>();
    for (JsonValue value :
        Json.readObject(checkpoint.resolve("goldens.json")).array("cases").orElseThrow()) {
      JsonObject golden = (JsonObject) value;
      String operation = golden.string("op").orElseThrow();
      JsonObject inputs = golden.object("inputs").orElseThrow();
      if (operation.equals("generate")
          || (operation.equals("greedy")
              && !(dynamic
                  && length(inputs) > config.integer("max_position_embeddings").orElseThrow()))) {
        cases.add(golden);
      }
    }
    return cases;
  }

  private static long length(JsonObject inputs) {
    return ((JsonArray) inputs.array("input_ids").orElseThrow().get(0)).size()
        + inputs.integer("max_new_tokens").orElseThrow();
  }

  private static String line(JsonObject golden) {
    JsonObject.Builder line = JsonObject.builder();
    JsonObject.Builder config = JsonObject.builder();
    golden
        .object("inputs")
        .orElseThrow()
        .members()
        .forEach((name, value) -> (INPUTS.contains(name) ? line : config).put(name, value));
    return JsonWriter.compact(line.put("config", config.build()).put("defaults", false).build());
  }

  private static void check(Path checkpoint, JsonObject golden, JsonObject answer)
      throws IOException {
    String name = checkpoint.getFileName() + ", " + golden.string("id").orElseThrow();
    assertThat(answer.has("error")).as("%s: %s", name, answer).isFalse();
    JsonObject want = golden.object("outputs").orElseThrow();
    if (want.has("tokens")) {
      // The goldens' prompt is a list of one row.
      assertThat(answer.array("tokens").orElseThrow().get(0))
          .as(name)
          .isEqualTo(want.array("tokens").orElseThrow());
    } else {
      assertThat(answer.array("sequences").orElseThrow())
          .as(name)
          .isEqualTo(want.array("sequences").orElseThrow());
    }
    if (want.string("sequences_scores").isPresent()) {
      float[] scores = array(checkpoint, want.string("sequences_scores").orElseThrow());
      JsonArray got = answer.array("scores").orElseThrow();
      assertThat(got.size()).as(name).isEqualTo(scores.length);
      for (int i = 0; i < scores.length; i++) {
        assertThat(((JsonNumber) got.get(i)).asDouble())
            .as(name)
            .isCloseTo(scores[i], within(BEAM_TOLERANCE * Math.max(1, Math.abs(scores[i]))));
      }
    }
  }

  private static float[] array(Path checkpoint, String name) throws IOException {
    try (SafetensorsFile file = SafetensorsFile.open(checkpoint.resolve("goldens.safetensors"))) {
      return file.data(name).toArray(FLOAT);
    }
  }
}
