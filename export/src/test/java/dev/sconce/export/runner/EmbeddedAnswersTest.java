package dev.sconce.export.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sconce.base.json.Json;
import dev.sconce.base.json.JsonArray;
import dev.sconce.base.json.JsonNumber;
import dev.sconce.base.json.JsonObject;
import dev.sconce.base.json.JsonValue;
import dev.sconce.export.Export;
import dev.sconce.export.ExportOptions;
import dev.sconce.export.Goldens;
import dev.sconce.generate.GenerationConfig;
import dev.sconce.generate.runner.GenerationRequest;
import dev.sconce.generate.runner.GenerationResult;
import dev.sconce.generate.runner.Runner;
import dev.sconce.generate.runner.Runners;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A program's own generation answers what host code answers, and what transformers does. */
class EmbeddedAnswersTest {

  private static final int BATCH = 3;
  private static final int BEAMS = 4;
  private static final int LENGTH = 64;
  private static final double TOLERANCE = 1e-3;
  private static final Set<String> INPUTS =
      Set.of("input_ids", "attention_mask", "decoder_input_ids", "decoder_start_token_id");

  private static final Set<String> LISTS =
      Set.of(
          "forced_bos_token_id",
          "forced_eos_token_id",
          "suppress_tokens",
          "begin_suppress_tokens",
          "bad_words_ids",
          "sequence_bias",
          "exponential_decay_length_penalty");

  /** Each is neutral half of the time. */
  private static final Map<String, double[]> NUMBERS =
      Map.ofEntries(
          Map.entry("temperature", new double[] {0.7, 1.8}),
          Map.entry("top_k", new double[] {0, 3, 11}),
          Map.entry("top_p", new double[] {0.4, 0.9}),
          Map.entry("min_p", new double[] {0.05}),
          Map.entry("typical_p", new double[] {0.6}),
          Map.entry("epsilon_cutoff", new double[] {0.003}),
          Map.entry("eta_cutoff", new double[] {0.004}),
          Map.entry("top_h", new double[] {0.5}),
          Map.entry("repetition_penalty", new double[] {1.4}),
          Map.entry("no_repeat_ngram_size", new double[] {2, 3}),
          Map.entry("encoder_no_repeat_ngram_size", new double[] {1, 2}),
          Map.entry("min_new_tokens", new double[] {3}),
          Map.entry("min_length", new double[] {7}));

  @TempDir private Path folder;

  static Stream<Goldens> generators() throws IOException {
    return Goldens.of(List.of("causal", "seq2seq")).stream()
        .filter(goldens -> goldens.cases().stream().anyMatch(EmbeddedAnswersTest::generates));
  }

  private static boolean generates(JsonObject golden) {
    return golden.string("op").orElse("").equals("generate");
  }

  @ParameterizedTest
  @MethodSource("generators")
  void answersAsHostCodeAndTransformersDo(Goldens goldens) throws IOException {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(8);
    Map<JsonObject, List<JsonObject>> cases = new LinkedHashMap<>();
    for (JsonObject golden : goldens.cases()) {
      if (generates(golden)) {
        cases.computeIfAbsent(lists(golden), _ -> new ArrayList<>()).add(golden);
      }
    }
    for (var group : cases.entrySet()) {
      try (Runner runner = Runners.load(export(goldens, group.getKey()))) {
        for (JsonObject golden : group.getValue()) {
          check(runner, goldens, golden);
          for (int i = 0; i < 4; i++) {
            vary(runner, golden, random);
          }
        }
      }
    }
  }

  /** Returns the settings of a case that no call can change. */
  private static JsonObject lists(JsonObject golden) {
    JsonObject.Builder lists = JsonObject.builder();
    golden.object("inputs").orElseThrow().members().entrySet().stream()
        .filter(entry -> LISTS.contains(entry.getKey()))
        .forEach(entry -> lists.put(entry.getKey(), entry.getValue()));
    return lists.build();
  }

  private Path export(Goldens goldens, JsonObject lists) throws IOException {
    int length = (int) Math.min(LENGTH, positions(goldens.config()));
    Path config = folder.resolve("lists.json");
    Files.writeString(config, lists.toString());
    ExportOptions.Builder options =
        ExportOptions.defaults().toBuilder()
            .generationConfig(config)
            .batch(goldens.changesWithLength(Integer.MAX_VALUE) ? 1 : BATCH)
            .beams(BEAMS)
            .maxSequenceLength(length);
    if (goldens.kind().equals("seq2seq")) {
      options.maxSourceLength(length);
    }
    Path file = folder.resolve("model.pte");
    Export.from(goldens.folder()).checked(false).selfTests(false).with(options.build()).to(file);
    return file;
  }

  private static long positions(JsonObject config) {
    return config
        .integer("max_position_embeddings")
        .orElse(config.integer("n_positions").orElse(LENGTH));
  }

  private static void check(Runner runner, Goldens goldens, JsonObject golden) throws IOException {
    JsonObject.Builder settings = JsonObject.builder();
    settings.put("eos_token_id", new JsonArray(List.of()));
    golden.object("inputs").orElseThrow().members().entrySet().stream()
        .filter(entry -> !INPUTS.contains(entry.getKey()))
        .forEach(entry -> settings.put(entry.getKey(), entry.getValue()));
    GenerationConfig config = GenerationConfig.of(settings.build());
    GenerationResult inside = both(runner, request(golden).with(config), golden.toString());
    JsonObject outputs = golden.object("outputs").orElseThrow();
    assertThat(inside.sequences().toArray(int[][]::new))
        .as("%s", golden)
        .isDeepEqualTo(rows(outputs.array("sequences").orElseThrow()));
    if (outputs.has("sequences_scores")) {
      float[] scores = goldens.array(outputs.string("sequences_scores").orElseThrow());
      for (int i = 0; i < scores.length; i++) {
        assertThat(inside.completions().get(i).score())
            .as("%s", golden)
            .isCloseTo(scores[i], within(TOLERANCE * Math.max(1, Math.abs(scores[i]))));
      }
    }
  }

  private static void vary(Runner runner, JsonObject golden, RandomGenerator random) {
    JsonObject.Builder settings = JsonObject.builder();
    boolean beams = random.nextBoolean();
    NUMBERS.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(
            entry -> {
              double[] values = entry.getValue();
              double value = values[random.nextInt(values.length)];
              if (random.nextBoolean()) {
                settings.put(
                    entry.getKey(),
                    value == Math.rint(value) ? JsonNumber.of((long) value) : JsonNumber.of(value));
              }
            });
    settings.put("max_new_tokens", JsonNumber.of(9));
    settings.put("do_sample", Json.parse("sample", (!beams && random.nextBoolean()) + ""));
    if (beams) {
      settings.put("num_beams", JsonNumber.of(2 + random.nextInt(BEAMS - 1)));
      settings.put("num_return_sequences", JsonNumber.of(1 + random.nextInt(2)));
      settings.put("length_penalty", JsonNumber.of(random.nextBoolean() ? 1.0 : 0.4));
      settings.put(
          "early_stopping",
          Json.parse("early", List.of("true", "false", "\"never\"").get(random.nextInt(3))));
    } else {
      settings.put("num_beams", JsonNumber.of(1));
      settings.put("early_stopping", Json.parse("early", "false"));
      settings.put("seed", JsonNumber.of(random.nextLong()));
    }
    JsonObject made = settings.build();
    both(runner, request(golden).with(runner.defaults().with(made)), made + ", " + golden);
  }

  /** Checks that both ways answer the same, and returns what the program's own answers. */
  private static GenerationResult both(Runner runner, GenerationRequest request, String what) {
    runner.reset();
    GenerationResult host = runner.generate(request.embedded(false));
    runner.reset();
    GenerationResult inside = runner.generate(request.embedded(true));
    assertThat(inside.completions()).as(what).hasSameSizeAs(host.completions());
    for (int i = 0; i < host.completions().size(); i++) {
      var want = host.completions().get(i);
      var got = inside.completions().get(i);
      assertThat(got.tokens()).as("row %d of %s", i, what).isEqualTo(want.tokens());
      assertThat(got.text()).as(what).isEqualTo(want.text());
      assertThat(got.reason()).as(what).isEqualTo(want.reason());
      assertThat(got.prompt()).as(what).isEqualTo(want.prompt());
      assertThat(got.logprobs()).as(what).containsExactly(want.logprobs(), within(1e-3f));
      assertThat(got.score())
          .as(what)
          .isCloseTo(want.score(), within(TOLERANCE * Math.max(1, Math.abs(want.score()))));
    }
    assertThat(inside.sequences().toArray(int[][]::new))
        .as(what)
        .isDeepEqualTo(host.sequences().toArray(int[][]::new));
    return inside;
  }

  private static GenerationRequest request(JsonObject golden) {
    JsonObject inputs = golden.object("inputs").orElseThrow();
    int[][] ids = rows(inputs.array("input_ids").orElseThrow());
    GenerationRequest request = GenerationRequest.ofIds(ids);
    if (inputs.has("attention_mask")) {
      request = request.withMasks(rows(inputs.array("attention_mask").orElseThrow()));
    }
    if (inputs.has("decoder_input_ids")) {
      request = request.withDecoderIds(rows(inputs.array("decoder_input_ids").orElseThrow()));
    } else if (inputs.has("decoder_start_token_id")) {
      int start = Math.toIntExact(inputs.integer("decoder_start_token_id").orElseThrow());
      request =
          request.withDecoderIds(
              IntStream.range(0, ids.length)
                  .mapToObj(_ -> new int[] {start})
                  .toArray(int[][]::new));
    }
    return request;
  }

  private static int[][] rows(JsonArray rows) {
    List<int[]> all = new ArrayList<>();
    for (JsonValue row : rows) {
      all.add(
          Arrays.stream(((JsonArray) row).values().toArray(JsonValue[]::new))
              .mapToInt(id -> (int) ((JsonNumber) id).asLong().orElseThrow())
              .toArray());
    }
    return all.toArray(int[][]::new);
  }
}
