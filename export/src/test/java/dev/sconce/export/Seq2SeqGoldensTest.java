package dev.sconce.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sconce.base.json.JsonObject;
import dev.sconce.generate.GeneratedSequence;
import dev.sconce.generate.GenerationConfig;
import dev.sconce.generate.Search;
import dev.sconce.generate.runner.internal.Seq2SeqMethods;
import dev.sconce.generate.runner.internal.Seq2SeqProgram;
import dev.sconce.generate.runner.internal.SourceGroups;
import dev.sconce.runtime.EValue;
import dev.sconce.runtime.PteModule;
import dev.sconce.runtime.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Exported encoder-decoder programs give the answers of transformers in our runtime. */
final class Seq2SeqGoldensTest {

  private static final List<Integer> CHUNKS = List.of(1, 3, 1000);
  private static final double SCORE_TOLERANCE = 1e-3;

  @TempDir private Path folder;

  /** A checkpoint, how it is exported, and for how many sources and rows. */
  record Case(Goldens goldens, String recipe, boolean custom, int batch, int beams) {
    @Override
    public String toString() {
      return "%s, %s%s, batch %d, beams %d"
          .formatted(goldens, recipe, custom ? " with custom operators" : "", batch, beams);
    }
  }

  static List<Case> cases() throws IOException {
    List<Case> cases = new ArrayList<>();
    for (Goldens goldens : Goldens.of(List.of("seq2seq"))) {
      cases.add(new Case(goldens, "portable", false, 3, 4));
      cases.add(new Case(goldens, "xnnpack", true, 3, 4));
      // Batches and beams that the program has no room for are states of their own.
      cases.add(new Case(goldens, "xnnpack", true, 1, 1));
    }
    return cases;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void answersAsTransformers(Case testCase) throws IOException {
    Path file = folder.resolve("model.pte");
    ExportOptions.Builder options =
        ExportOptions.defaults().toBuilder()
            .recipe(testCase.recipe())
            .customAttention(testCase.custom())
            .customCache(testCase.custom())
            .batch(testCase.batch())
            .beams(testCase.beams())
            .maxSequenceLength(length(testCase.goldens()))
            .maxSourceLength(length(testCase.goldens()));
    Export.from(testCase.goldens().folder()).with(options.build()).to(file);
    int checked = 0;
    try (PteModule module = PteModule.load(file)) {
      for (JsonObject golden : testCase.goldens().cases()) {
        checked += check(testCase, golden, module) ? 1 : 0;
      }
    }
    assertThat(checked).as("cases").isPositive();
  }

  private static int length(Goldens goldens) {
    return (int) Math.min(64, goldens.config().integer("max_position_embeddings").orElse(64));
  }

  private static boolean check(Case testCase, JsonObject golden, PteModule module)
      throws IOException {
    switch (golden.string("op").orElseThrow()) {
      case "encoder" -> checkEncoder(testCase, golden, module);
      case "seq2seq_logits" -> checkLogits(testCase, golden, module);
      case "greedy" -> checkGreedy(golden, module);
      case "generate" -> checkGenerate(testCase, golden, module);
      default -> {
        return false;
      }
    }
    return true;
  }

  private static void checkEncoder(Case testCase, JsonObject golden, PteModule module)
      throws IOException {
    float[] want = array(testCase, golden, "last_hidden_state");
    JsonObject inputs = golden.object("inputs").orElseThrow();
    List<long[]> ids = Goldens.rows(inputs, "input_ids");
    List<long[]> masks = Goldens.rows(inputs, "attention_mask");
    int size = want.length / ids.size();
    for (int at = 0; at < ids.size(); at += testCase.batch()) {
      int end = Math.min(ids.size(), at + testCase.batch());
      float[] got =
          module
              .execute("encoder", matrix(ids.subList(at, end)), matrix(masks.subList(at, end)))[0]
              .toTensor()
              .toFloatArray();
      for (int r = at; r < end; r++) {
        assertClose(
            testCase,
            golden + " row " + r,
            seen(Arrays.copyOfRange(got, (r - at) * size, (r - at + 1) * size), masks.get(r)),
            seen(Arrays.copyOfRange(want, r * size, (r + 1) * size), masks.get(r)));
      }
    }
  }

  /** Positions of padding are set to 0: what stands there has no meaning. */
  private static float[] seen(float[] values, long[] mask) {
    int size = values.length / mask.length;
    for (int i = 0; i < mask.length; i++) {
      if (mask[i] == 0) {
        Arrays.fill(values, i * size, (i + 1) * size, 0);
      }
    }
    return values;
  }

  private static void checkLogits(Case testCase, JsonObject golden, PteModule module)
      throws IOException {
    float[] want = array(testCase, golden, "logits");
    JsonObject inputs = golden.object("inputs").orElseThrow();
    List<long[]> ids = Goldens.rows(inputs, "input_ids");
    List<long[]> masks = Goldens.rows(inputs, "attention_mask");
    List<long[]> target = Goldens.rows(inputs, "decoder_input_ids");
    int length = target.getFirst().length;
    int vocabulary = want.length / ids.size() / length;
    for (int at = 0; at < ids.size(); at += testCase.batch()) {
      int end = Math.min(ids.size(), at + testCase.batch());
      EValue mask = matrix(masks.subList(at, end));
      EValue[] source = module.execute("encoder", matrix(ids.subList(at, end)), mask);
      for (int chunk : CHUNKS) {
        for (int start = 0; start < length; start += chunk) {
          int stop = Math.min(length, start + chunk);
          float[] got = decode(testCase, module, source, mask, target, at, end, start, stop);
          for (int r = at; r < end; r++) {
            int last = (r * length + stop - 1) * vocabulary;
            assertClose(
                testCase,
                "%s row %d, tokens %d to %d".formatted(golden, r, start, stop),
                Arrays.copyOfRange(got, (r - at) * vocabulary, (r - at + 1) * vocabulary),
                Arrays.copyOfRange(want, last, last + vocabulary));
          }
        }
      }
    }
  }

  private static float[] decode(
      Case testCase,
      PteModule module,
      EValue[] source,
      EValue mask,
      List<long[]> target,
      int at,
      int end,
      int start,
      int stop) {
    List<long[]> tokens = new ArrayList<>();
    for (long[] row : target.subList(at, end)) {
      tokens.add(Arrays.copyOfRange(row, start, stop));
    }
    List<EValue> inputs = new ArrayList<>(List.of(matrix(tokens), mask));
    inputs.add(EValue.from(Tensor.of(LongStream.range(start, stop).toArray())));
    if (testCase.batch() * testCase.beams() > 1) {
      inputs.add(EValue.from(Tensor.of(LongStream.range(0, end - at).toArray())));
    }
    inputs.addAll(Arrays.asList(source).subList(1, source.length));
    return module
        .execute("text_decoder", inputs.toArray(EValue[]::new))[0]
        .toTensor()
        .toFloatArray();
  }

  private static void checkGreedy(JsonObject golden, PteModule module) {
    JsonObject inputs = golden.object("inputs").orElseThrow();
    long[] want =
        Goldens.integers(golden.object("outputs").orElseThrow().array("tokens").orElseThrow());
    GenerationConfig config = GenerationConfig.defaults().withMaxNewTokens(want.length);
    List<GeneratedSequence> got = search(module, inputs, config).sequences();
    assertThat(got.getFirst().tokens())
        .as(golden.toString())
        .isEqualTo(Arrays.stream(want).mapToInt(Math::toIntExact).toArray());
  }

  private static void checkGenerate(Case testCase, JsonObject golden, PteModule module)
      throws IOException {
    JsonObject inputs = golden.object("inputs").orElseThrow();
    JsonObject.Builder settings = JsonObject.builder();
    inputs
        .members()
        .forEach(
            (name, value) -> {
              if (!name.equals("input_ids") && !name.equals("attention_mask")) {
                settings.put(name, value);
              }
            });
    Found found = search(module, inputs, GenerationConfig.of(settings.build()));
    JsonObject outputs = golden.object("outputs").orElseThrow();
    List<long[]> want = Goldens.rows(outputs, "sequences");
    assertThat(found.rows().length).as(golden.toString()).isEqualTo(want.size());
    for (int r = 0; r < want.size(); r++) {
      assertThat(Arrays.stream(found.rows()[r]).asLongStream().toArray())
          .as(golden + " row " + r)
          .isEqualTo(want.get(r));
    }
    if (outputs.has("sequences_scores")) {
      float[] scores = testCase.goldens().array(outputs.string("sequences_scores").orElseThrow());
      for (int r = 0; r < scores.length; r++) {
        assertThat(found.sequences().get(r).score())
            .as(golden + " score " + r)
            .isCloseTo(scores[r], within(SCORE_TOLERANCE * Math.max(1, Math.abs(scores[r]))));
      }
    }
  }

  /** What a search found, and as rows that begin with the start token. */
  @SuppressWarnings("ArrayRecordComponent") // read at once, never compared
  private record Found(List<GeneratedSequence> sequences, int[][] rows) {}

  private static Found search(PteModule module, JsonObject inputs, GenerationConfig config) {
    int[][] ids = ints(Goldens.rows(inputs, "input_ids"));
    int[][] masks = new int[ids.length][];
    for (int r = 0; r < ids.length; r++) {
      masks[r] = new int[ids[r].length];
      Arrays.fill(masks[r], 1);
    }
    if (inputs.has("attention_mask")) {
      masks = ints(Goldens.rows(inputs, "attention_mask"));
    }
    int start = (int) inputs.integer("decoder_start_token_id").orElseThrow();
    int[][] prompts = new int[ids.length][];
    Arrays.fill(prompts, new int[] {start});
    Seq2SeqProgram program = Seq2SeqProgram.of(module);
    int rows = Math.max(config.beams(), config.returnSequences());
    try (Seq2SeqMethods methods = new Seq2SeqMethods(program);
        SourceGroups groups = new SourceGroups(methods, ids, masks, rows)) {
      Search search = Search.over(groups, config).context(program.context()).encoderInputs(ids);
      List<GeneratedSequence> sequences = search.run(prompts);
      return new Found(sequences, search.rows(prompts, sequences));
    }
  }

  private static int[][] ints(List<long[]> rows) {
    return rows.stream()
        .map(row -> Arrays.stream(row).mapToInt(Math::toIntExact).toArray())
        .toArray(int[][]::new);
  }

  private static EValue matrix(List<long[]> rows) {
    return EValue.from(
        Tensor.of(
            rows.stream().flatMapToLong(Arrays::stream).toArray(),
            rows.size(),
            rows.getFirst().length));
  }

  private static float[] array(Case testCase, JsonObject golden, String output) throws IOException {
    return testCase
        .goldens()
        .array(golden.object("outputs").orElseThrow().string(output).orElseThrow());
  }

  private static void assertClose(Case testCase, String what, float[] got, float[] want) {
    assertThat(got).as(what).hasSameSizeAs(want);
    double largest = 1;
    double difference = 0;
    for (int i = 0; i < got.length; i++) {
      largest = Math.max(largest, Math.abs(want[i]));
      double distance = Math.abs(got[i] - want[i]);
      difference = distance <= difference ? difference : distance;
    }
    assertThat(difference / largest).as(what).isLessThanOrEqualTo(testCase.goldens().tolerance());
  }
}
