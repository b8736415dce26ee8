package dev.sconce.export.generation.beam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sconce.base.SconceException;
import dev.sconce.base.json.Json;
import dev.sconce.base.json.JsonObject;
import dev.sconce.generate.EmbeddedSetting;
import dev.sconce.generate.GeneratedSequence;
import dev.sconce.generate.GenerationConfig;
import dev.sconce.generate.Search;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Beam search inside a program finds what beam search on the host finds. */
final class BeamMethodTest {

  private static final double ALIVE = -1e8;
  private static final float NAN = Float.NaN;

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6})
  void findsWhatTheHostFinds(int seed) throws IOException {
    Random random = new Random(seed);
    int vocabulary = 12 + random.nextInt(30);
    BeamTables tables = BeamTables.random(random, vocabulary, 3);
    int batch = 1 + seed % 3;
    int beams = 2 + random.nextInt(4);
    JsonObject baked =
        Json.parseObject(
            "baked", seed % 2 == 0 ? "{\"pad_token_id\": 1}" : "{\"pad_token_id\": 0}");
    try (BeamTables.Program program = tables.export(folder, baked, batch, beams, 24)) {
      for (int i = 0; i < 25; i++) {
        check(tables, program, random, "seed %d, search %d".formatted(seed, i));
      }
    }
  }

  @Test
  void appliesBakedRules() throws IOException {
    Random random = new Random(77);
    BeamTables tables = BeamTables.random(random, 20, 3);
    String[] all = {
      "{\"bad_words_ids\": [[4], [6, 8]], \"sequence_bias\": [[[3], 1.5], [[2, 9], -4.0]]}",
      "{\"suppress_tokens\": [5, 9], \"begin_suppress_tokens\": [7, 3]}",
      "{\"forced_bos_token_id\": 4, \"forced_eos_token_id\": 2}",
      "{\"exponential_decay_length_penalty\": [2, 1.6], \"eos_token_id\": [2]}",
      "{\"remove_invalid_values\": true, \"max_new_tokens\": 3, \"num_beams\": 2}",
    };
    for (String text : all) {
      JsonObject baked = Json.parseObject("baked", text);
      try (BeamTables.Program program = tables.export(folder, baked, 2, 3, 16)) {
        for (int i = 0; i < 10; i++) {
          check(tables, program, random, text + ", search " + i);
        }
      }
    }
  }

  private static void check(
      BeamTables tables, BeamTables.Program program, Random random, String where) {
    int rows = 1 + random.nextInt(program.batch());
    int length = 1 + random.nextInt(6);
    int[][] prompts = new int[rows][length];
    for (int[] prompt : prompts) {
      Arrays.setAll(prompt, _ -> random.nextInt(tables.vocabulary()));
    }
    int beams = 1 + random.nextInt(program.beams());
    int returned = 1 + random.nextInt(beams);
    int steps = 1 + random.nextInt(program.capacity() - length);
    double penalty = new double[] {1, 0.6, 1.4, -1, 0, 2}[random.nextInt(6)];
    int early = random.nextInt(3);
    long[] end = random.ints(random.nextInt(4), 0, tables.vocabulary()).asLongStream().toArray();
    double repetition = random.nextInt(3) == 0 ? 1.3 : 1;
    int ngrams = random.nextInt(3) == 0 ? 2 : 0;
    // A banned end token that becomes more likely is no number, and has no rank.
    boolean decays = program.baked().has("exponential_decay_length_penalty");
    int least = random.nextInt(3) == 0 && !decays ? 4 : 0;
    // A search with one beam is no beam search on the host.
    if (beams == 1) {
      beams = 2;
    }
    float[] settings = new float[EmbeddedSetting.values().length];
    Arrays.fill(settings, NAN);
    settings[EmbeddedSetting.NUM_BEAMS.index()] = beams;
    settings[EmbeddedSetting.NUM_RETURN_SEQUENCES.index()] = returned;
    settings[EmbeddedSetting.LENGTH_PENALTY.index()] = (float) penalty;
    settings[EmbeddedSetting.EARLY_STOPPING.index()] = early;
    settings[EmbeddedSetting.REPETITION_PENALTY.index()] = (float) repetition;
    settings[EmbeddedSetting.NO_REPEAT_NGRAM_SIZE.index()] = ngrams;
    settings[EmbeddedSetting.MIN_NEW_TOKENS.index()] = least;
    settings[EmbeddedSetting.MAX_LENGTH.index()] = program.capacity();
    boolean ofFile = end.length == 0 && program.baked().has("eos_token_id");
    String host =
        """
        {"num_beams": %d, "num_return_sequences": %d, "max_length": %d, "length_penalty": %s,
        "early_stopping": %s, "repetition_penalty": %s, "no_repeat_ngram_size": %d,
        "min_new_tokens": %d, "max_new_tokens": null%s}\
        """
            .formatted(
                beams,
                returned,
                Math.min(program.capacity(), length + steps),
                (float) penalty,
                List.of("false", "true", "\"never\"").get(early),
                (float) repetition,
                ngrams,
                least,
                ofFile ? "" : ", \"eos_token_id\": " + Arrays.toString(end));
    GenerationConfig config =
        GenerationConfig.of(program.baked()).with(Json.parseObject("host", host));
    List<GeneratedSequence> expected =
        Search.over(tables.model(), config).context(program.capacity()).run(prompts);
    BeamTables.Found found =
        program.search(prompts, settings, ofFile ? new long[] {-1} : end, steps);
    String what = where + ": " + host.replace('\n', ' ') + Arrays.deepToString(prompts);
    assertThat(found.scores()).as(what).hasNumberOfRows(rows);
    int live = 0;
    for (int row = 0; row < rows; row++) {
      for (int i = 0; i < returned; i++) {
        GeneratedSequence sequence = expected.get(row * returned + i);
        if (sequence.score() < ALIVE) {
          continue;
        }
        live++;
        String place = "%s row %d, sequence %d".formatted(what, row, i);
        assertThat(found.generated(row, i, length)).as(place).isEqualTo(sequence.tokens());
        assertThat((double) found.scores()[row][i])
            .as(place)
            .isCloseTo(sequence.score(), within(1e-5 * Math.max(1, -sequence.score())));
      }
    }
    assertThat(live).as(what).isPositive();
  }

  @Test
  void fillsRowsAsTransformers() throws IOException {
    Random random = new Random(5);
    BeamTables tables = BeamTables.random(random, 15, 4);
    for (String pad : List.of("0", "1", "null")) {
      JsonObject baked = Json.parseObject("baked", "{\"pad_token_id\": %s}".formatted(pad));
      try (BeamTables.Program program = tables.export(folder, baked, 3, 4, 20)) {
        float[] settings = new float[EmbeddedSetting.values().length];
        Arrays.fill(settings, NAN);
        settings[EmbeddedSetting.NUM_RETURN_SEQUENCES.index()] = 4;
        int[][] prompts = {{3, 4}, {5, 6}, {7, 8}};
        int filled = 0;
        for (long[] end : new long[][] {{6, 2, 9}, {}}) {
          long fill = end.length == 0 ? -1 : pad.equals("1") ? 1 : end[0];
          BeamTables.Found found = program.search(prompts, settings, end, 12);
          for (int row = 0; row < 3; row++) {
            for (int i = 0; i < 4; i++) {
              long[] tokens = found.sequences()[row][i];
              for (int t = found.lengths()[row][i]; t < tokens.length; t++, filled++) {
                assertThat(tokens[t]).as("pad %s, token %d", pad, t).isEqualTo(fill);
              }
            }
          }
        }
        assertThat(filled).as("filled tokens").isPositive();
      }
    }
  }

  @Test
  void searchesEqualPromptsAlikeWhateverElseIsInTheBatch() throws IOException {
    Random random = new Random(9);
    BeamTables tables = BeamTables.random(random, 25, 3);
    JsonObject baked = Json.parseObject("baked", "{}");
    float[] settings = {};
    try (BeamTables.Program program = tables.export(folder, baked, 3, 3, 20)) {
      int[][] prompts = {{3, 4, 1}, {5, 6, 2}, {7, 8, 3}};
      long[] end = {6, 2};
      BeamTables.Found together = program.search(prompts, settings, end, 12);
      for (int row = 0; row < 3; row++) {
        BeamTables.Found alone = program.search(new int[][] {prompts[row]}, settings, end, 12);
        assertThat(together.generated(row, 0, 3)).isEqualTo(alone.generated(0, 0, 3));
        assertThat(together.scores()[row][0]).isEqualTo(alone.scores()[0][0]);
      }
    }
  }

  @Test
  void refusesWhatTheFileDoesNotHold() throws IOException {
    BeamTables tables = BeamTables.random(new Random(1), 20, 3);
    JsonObject baked = Json.parseObject("baked", "{}");
    int[][] prompts = {{3, 4}};
    long[] end = {2};
    try (BeamTables.Program program = tables.export(folder, baked, 1, 3, 12)) {
      BeamTables.Found before = program.search(prompts, new float[0], end, 5);
      for (String wrong :
          List.of(
              "num_beams 4",
              "num_beams 0",
              "num_return_sequences 4",
              "num_return_sequences 0",
              "do_sample 1",
              "max_length 2")) {
        String[] parts = wrong.split(" ", -1);
        float[] settings = new float[EmbeddedSetting.values().length];
        Arrays.fill(settings, NAN);
        String name = parts[0].toUpperCase(Locale.ROOT);
        settings[EmbeddedSetting.valueOf(name).index()] = Float.parseFloat(parts[1]);
        assertThatThrownBy(() -> program.search(prompts, settings, end, 5))
            .as(wrong)
            .isInstanceOf(SconceException.class);
      }
      assertThatThrownBy(() -> program.search(prompts, new float[0], end, 0))
          .isInstanceOf(SconceException.class);
      assertThatThrownBy(() -> program.search(new int[][] {{1}, {2}}, new float[0], end, 5))
          .isInstanceOf(SconceException.class);
      // What was refused leaves no trace.
      BeamTables.Found after = program.search(prompts, new float[0], end, 5);
      assertThat(after.sequences()).isDeepEqualTo(before.sequences());
    }
  }
}
