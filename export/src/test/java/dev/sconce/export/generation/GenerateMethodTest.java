package dev.sconce.export.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sconce.base.InvalidInputException;
import dev.sconce.base.SconceException;
import dev.sconce.base.json.Json;
import dev.sconce.export.generation.TableProgram.Call;
import dev.sconce.export.generation.TableProgram.Made;
import dev.sconce.generate.EmbeddedSetting;
import dev.sconce.generate.GenerationConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code generate} makes in Sconce's runtime is what host code makes, token for token. */
final class GenerateMethodTest {

  private static final int VOCABULARY = 29;
  private static final int CAPACITY = 24;
  private static final String DEFAULTS = "\"eos_token_id\": [2, 3], \"pad_token_id\": 5";

  @TempDir private Path folder;

  private TableProgram program(int vocabulary, int batch, long seed, String baked)
      throws IOException {
    return new TableProgram(
        folder.resolve("table.pte"), vocabulary, CAPACITY, batch, seed, config(baked));
  }

  private static GenerationConfig config(String members) {
    String separator = members.isEmpty() ? "" : ", ";
    return GenerationConfig.of(
        Json.parseObject("config", "{" + DEFAULTS + separator + members + "}"));
  }

  /** Every rule alone, without and with chance; lists are baked in, numbers are asked for. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "false | ''",
        "true | ''",
        "false | \"sequence_bias\": [[[4], 3.0], [[7, 9], 5.0], [[1, 2, 3], -10.0], [[4], 0.5]]",
        "false | \"bad_words_ids\": [[2], [25], [26], [1, 8], [28, 5, 8]]",
        "false | \"forced_bos_token_id\": 11",
        "false | \"forced_eos_token_id\": 7",
        "false | \"exponential_decay_length_penalty\": [2, 1.6]",
        "false | \"suppress_tokens\": [25, 26, 4, 1000]",
        "false | \"begin_suppress_tokens\": [25, 26]",
        "false | \"forced_bos_token_id\": 11, \"begin_suppress_tokens\": [25, 26, 14]",
        "true | \"remove_invalid_values\": true",
        "false | \"encoder_repetition_penalty\": 2.0",
        "false | \"repetition_penalty\": 1.5",
        "false | \"no_repeat_ngram_size\": 1",
        "false | \"no_repeat_ngram_size\": 2",
        "false | \"encoder_no_repeat_ngram_size\": 3",
        "false | \"min_length\": 12",
        "false | \"min_new_tokens\": 6",
        "false | \"renormalize_logits\": true",
        "true | \"temperature\": 0.5, \"top_k\": 0",
        "true | \"temperature\": 3.0, \"top_k\": 0",
        "true | \"top_k\": 3",
        "true | \"top_k\": 0, \"top_p\": 0.75",
        "true | \"top_k\": 0, \"min_p\": 0.125",
        "true | \"top_k\": 0, \"typical_p\": 0.75",
        "true | \"top_k\": 0, \"epsilon_cutoff\": 0.0625",
        "true | \"top_k\": 0, \"eta_cutoff\": 0.125",
        "true | \"top_k\": 0, \"top_h\": 0.5",
        "true | \"renormalize_logits\": true",
      })
  void everyRuleAloneMakesTheTokensOfTheHost(boolean sampling, String members) throws IOException {
    try (TableProgram program = program(VOCABULARY, 1, 5, members)) {
      for (int[] prompt : new int[][] {{6}, {5, 6, 7}, {9, 14, 9, 14, 9, 9}, {8, 1, 8}}) {
        GenerationConfig asked =
            config(members + (members.isEmpty() ? "" : ", ") + "\"max_new_tokens\": 12")
                .with(Json.parseObject("asked", "{\"seed\": 42, \"do_sample\": " + sampling + "}"));
        Made made = program.run(Call.of(prompt).asking(asked, program.baked()));
        assertThat(made.tokens())
            .as("prompt %s", Arrays.toString(prompt))
            .isEqualTo(program.host(asked, prompt));
        assertThat(made.finished()).containsOnly(1L);
      }
    }
  }

  /** Some rules together, in a batch, in a vocabulary that calls for every way of sorting. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void randomRulesMakeTheTokensOfTheHost(long seed) throws IOException {
    Random random = new Random(seed);
    int vocabulary = List.of(VOCABULARY, 300, 1100).get(random.nextInt(3));
    StringBuilder members = new StringBuilder("\"do_sample\": true");
    String[] possible = {
      "\"temperature\": 1.5",
      "\"top_k\": " + random.nextInt(0, 80),
      "\"top_p\": 0.9375",
      "\"min_p\": 0.03125",
      "\"typical_p\": 0.875",
      "\"epsilon_cutoff\": 0.0078125",
      "\"repetition_penalty\": 1.25",
      "\"no_repeat_ngram_size\": " + random.nextInt(1, 4),
      "\"bad_words_ids\": [[4], [6, 8], [9, 9, 9]]",
      "\"renormalize_logits\": true",
    };
    for (String member : possible) {
      members.append(random.nextBoolean() ? ", " + member : "");
    }
    int rows = random.nextInt(1, 4);
    int[][] prompts = new int[rows][];
    int length = random.nextInt(1, 9);
    Arrays.setAll(prompts, _ -> random.ints(length, 0, vocabulary).toArray());
    try (TableProgram program = program(vocabulary, 3, seed, members.toString())) {
      GenerationConfig asked =
          config(members + ", \"max_new_tokens\": 10, \"seed\": " + random.nextLong());
      Made made = program.run(Call.of(prompts).asking(asked, program.baked()));
      assertThat(made.tokens())
          .as("seed %d, vocabulary %d: %s", seed, vocabulary, members)
          .isEqualTo(program.host(asked, prompts));
    }
  }

  /** Sums that thousands of tokens make up are found without sorting them all. */
  @ParameterizedTest
  @CsvSource({"portable, 1280, 1", "xnnpack, 1400, 2", "xnnpack, 2048, 1", "portable, 1281, 3"})
  void nucleiOfFlatDistributionsAreThoseOfTheHost(String recipe, int vocabulary, int rows)
      throws IOException {
    Random random = new Random(vocabulary);
    Path file = folder.resolve("flat.pte");
    GenerationConfig baked = config("\"do_sample\": true, \"top_k\": 0");
    try (TableProgram program =
        new TableProgram(file, recipe, vocabulary, 40, rows, vocabulary, baked)) {
      for (double p : new double[] {1e-4, 0.3, 0.8, 0.9, 0.99, 0.9999, 0.9999999}) {
        for (double temperature : new double[] {0.8, 4, 1000}) {
          int[][] prompts = new int[rows][];
          Arrays.setAll(prompts, _ -> random.ints(3, 0, vocabulary).toArray());
          String members =
              "\"max_new_tokens\": 6, \"seed\": %d, \"top_p\": %s, \"temperature\": %s"
                  .formatted(random.nextLong(), p, temperature);
          GenerationConfig asked = baked.with(Json.parseObject("asked", "{" + members + "}"));
          Made made = program.run(Call.of(prompts).asking(asked, baked));
          assertThat(made.tokens()).as(members).isEqualTo(program.host(asked, prompts));
        }
      }
    }
  }

  @Test
  void streamedTokensAreThoseOfOneCall() throws IOException {
    try (TableProgram program = program(VOCABULARY, 3, 8, "\"do_sample\": true")) {
      int[][] prompts = {{5, 6}, {9, 14}, {20, 21}};
      Made whole = program.run(Call.of(prompts).ending().making(9));
      List<List<Integer>> streamed = new ArrayList<>(List.of(List.of(), List.of(), List.of()));
      Call call = Call.of(prompts).ending();
      for (int i = 0; i < 9; i++) {
        Made one = program.run(call);
        int[][] next = new int[3][];
        for (int r = 0; r < 3; r++) {
          List<Integer> longer = new ArrayList<>(streamed.get(r));
          longer.addAll(one.tokens().get(r));
          streamed.set(r, longer);
          next[r] = new int[] {longer.getLast()};
        }
        call = Call.of(next).ending().at(one.position());
      }
      assertThat(streamed).isEqualTo(whole.tokens());
    }
  }

  @Test
  void finishedRowsAreFilledAndStayFinished() throws IOException {
    try (TableProgram program = program(VOCABULARY, 3, 8, "")) {
      int[][] prompts = {{5, 6}, {9, 14}, {20, 21}};
      Made free = program.run(Call.of(prompts).ending().making(8));
      int end = free.tokens().get(1).get(2);
      Made made = program.run(Call.of(prompts).ending(end).making(8));
      GenerationConfig asked = config("\"max_new_tokens\": 8").withEndTokens(end);
      assertThat(made.tokens()).isEqualTo(program.host(asked, prompts));
      assertThat(made.finished().get(1)).isEqualTo(1);
      int[][] last =
          made.tokens().stream().map(row -> new int[] {row.getLast()}).toArray(int[][]::new);
      Made later = program.run(Call.of(last).at(made.position()).ending(end));
      assertThat(later.tokens().get(1)).containsExactly(5);
      assertThat(later.finished().get(1)).isEqualTo(1);
    }
  }

  @Test
  void aNewTurnGoesOnAsIfEverythingHadBeenThePrompt() throws IOException {
    String members = "\"repetition_penalty\": 1.5, \"min_new_tokens\": 3";
    try (TableProgram program = program(VOCABULARY, 1, 5, members)) {
      Made first = program.run(Call.of(new int[] {5, 6, 7}).making(4));
      int last = first.row().getLast();
      Made second = program.run(Call.of(new int[] {last, 11, 12}).at(first.position()).making(6));
      int[] whole =
          java.util.stream.IntStream.concat(
                  java.util.stream.IntStream.of(5, 6, 7),
                  java.util.stream.IntStream.concat(
                      first.row().stream().mapToInt(Integer::intValue),
                      java.util.stream.IntStream.of(11, 12)))
              .toArray();
      assertThat(second.tokens())
          .isEqualTo(program.host(config(members + ", \"max_new_tokens\": 6"), whole));
    }
  }

  @Test
  void chunksOfAPromptAreOnePrompt() throws IOException {
    String members = "\"min_new_tokens\": 6";
    try (TableProgram program = program(VOCABULARY, 1, 5, members)) {
      Made filled = program.run(Call.of(new int[] {9, 14, 9}).making(0));
      assertThat(filled.row()).isEmpty();
      assertThat(filled.finished()).containsExactly(0L);
      Made made = program.run(Call.of(new int[] {6}).at(filled.position()).making(8));
      assertThat(made.tokens())
          .isEqualTo(
              program.host(config(members + ", \"max_new_tokens\": 8"), new int[] {9, 14, 9, 6}));
    }
  }

  @Test
  void paddingOfASingleRowIsCutOff() throws IOException {
    try (TableProgram program = program(VOCABULARY, 1, 5, "")) {
      Made padded =
          program.run(Call.of(new int[] {5, 5, 5, 6}).masked(new int[] {0, 0, 0, 1}).making(6));
      assertThat(padded.tokens()).isEqualTo(program.run(Call.of(new int[] {6}).making(6)).tokens());
      assertThat(padded.position()).isEqualTo(9);
    }
  }

  @Test
  void positionsMayBeRewound() throws IOException {
    try (TableProgram program = program(VOCABULARY, 1, 5, "\"no_repeat_ngram_size\": 2")) {
      Made first = program.run(Call.of(new int[] {5, 6, 7}).ending().making(8));
      program.run(Call.of(new int[] {20, 21}).at(first.position()).ending().making(4));
      Made again = program.run(Call.of(new int[] {6, 7}).at(1).ending().making(8));
      assertThat(again.tokens()).isEqualTo(first.tokens());
    }
  }

  @Test
  void aFullCacheIsReported() throws IOException {
    try (TableProgram program = program(VOCABULARY, 1, 5, "")) {
      Made made = program.run(Call.of(new int[] {5, 6, 7}).ending().making(1000));
      assertThat(made.row()).hasSize(CAPACITY - 3 + 1);
      assertThat(made.finished()).containsExactly(-1L);
      assertThat(made.position()).isEqualTo(CAPACITY);
      Made beyond = program.run(Call.of(new int[] {5}).at(CAPACITY).ending());
      assertThat(beyond.row()).isEmpty();
      assertThat(beyond.finished()).containsExactly(-1L);
    }
  }

  @Test
  void aPositionBelowZeroWritesNothing() throws IOException {
    try (TableProgram program = program(VOCABULARY, 1, 5, "")) {
      Made first = program.run(Call.of(new int[] {5, 6, 7}).ending().making(4));
      Made wrong = program.run(Call.of(new int[] {1, 2}).at(-1).ending().making(4));
      assertThat(wrong.row()).isEmpty();
      assertThat(wrong.finished()).containsExactly(-1L);
      Made after = program.run(Call.of(new int[] {6, 7}).at(1).ending().making(4));
      assertThat(after.tokens()).isEqualTo(first.tokens());
    }
  }

  @Test
  void absentSettingsHaveTheFilesDefaults() throws IOException {
    try (TableProgram program = program(VOCABULARY, 1, 5, "\"repetition_penalty\": 5.0")) {
      int[] prompt = {5, 6, 7};
      List<List<Integer>> expected =
          program.host(config("\"repetition_penalty\": 5.0, \"max_new_tokens\": 9"), prompt);
      Call call = Call.of(prompt).making(9);
      float[] absent = absent();
      assertThat(program.run(call).tokens()).isEqualTo(expected);
      assertThat(program.run(call.with(absent)).tokens()).isEqualTo(expected);
      float[] neutral = absent.clone();
      neutral[8] = 1;
      assertThat(program.run(call.with(neutral)).tokens())
          .isEqualTo(program.host(config("\"max_new_tokens\": 9"), prompt))
          .isNotEqualTo(expected);
    }
  }

  /** Every list of a file can be done without, and only its own rule goes. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"sequence_bias\": [[[4], 3.0], [[7, 9], 5.0]]",
        "\"bad_words_ids\": [[25], [26], [1, 8]]",
        "\"forced_bos_token_id\": 11",
        "\"forced_eos_token_id\": 7",
        "\"remove_invalid_values\": true",
        "\"exponential_decay_length_penalty\": [0, 2.5]",
        "\"suppress_tokens\": [25, 26, 14]",
        "\"begin_suppress_tokens\": [25, 26, 14]",
      })
  void aCallDoesWithoutAList(String list) throws IOException {
    String rest =
        "\"forced_bos_token_id\": 9, \"begin_suppress_tokens\": [1], \"suppress_tokens\": [8]";
    String others =
        Arrays.stream(rest.split("(?<=[0-9\\]]), "))
            .filter(one -> !sameName(one, list))
            .reduce("", (x, y) -> x + ", " + y);
    try (TableProgram program = program(VOCABULARY, 1, 5, list + others)) {
      String asked = (others + ", \"max_new_tokens\": 12").substring(2);
      for (int[] prompt : new int[][] {{6}, {5, 6, 7}}) {
        GenerationConfig without = config(asked);
        assertThat(program.run(Call.of(prompt).asking(without, program.baked())).tokens())
            .isEqualTo(program.host(without, prompt));
        GenerationConfig with = config(list + ", " + asked);
        assertThat(program.run(Call.of(prompt).asking(with, program.baked())).tokens())
            .isEqualTo(program.host(with, prompt));
      }
    }
  }

  private static boolean sameName(String one, String other) {
    return one.substring(0, one.indexOf(':')).equals(other.substring(0, other.indexOf(':')));
  }

  @Test
  void theLeastNumberOfNewTokensGoesBeforeTheLeastLength() throws IOException {
    try (TableProgram program = program(VOCABULARY, 1, 5, "")) {
      int[] prompt = {5, 6, 7};
      float[] vector = absent();
      vector[EmbeddedSetting.MIN_LENGTH.index()] = 20;
      vector[EmbeddedSetting.MIN_NEW_TOKENS.index()] = 2;
      long[] end = IntStream.range(1, VOCABULARY).asLongStream().toArray();
      assertThat(program.run(Call.of(prompt).with(vector).ending(end).making(9)).row()).hasSize(3);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0, -1",
    "0, Infinity",
    "1, -1",
    "2, 1.5",
    "2, -0.5",
    "8, 0",
    "10, -1",
    "14, 1e12",
    "15, 2",
    "19, 3",
    "20, -1",
    "22, 0.5e1",
  })
  void refusesNumbersOutOfTheirRanges(int index, float number) throws IOException {
    try (TableProgram program = program(VOCABULARY, 1, 5, "")) {
      Call call = Call.of(new int[] {5, 6}).making(4);
      Made before = program.run(call);
      float[] vector = absent();
      vector[index] = number;
      assertThatThrownBy(() -> program.run(call.with(vector))).isInstanceOf(SconceException.class);
      assertThat(program.run(call).tokens()).isEqualTo(before.tokens());
    }
  }

  @Test
  void refusesToDrawWhereNoTokenHasAProbability() throws IOException {
    String all =
        IntStream.range(0, VOCABULARY).mapToObj(String::valueOf).collect(Collectors.joining(", "));
    String list = "\"suppress_tokens\": [" + all + "]";
    try (TableProgram program = program(VOCABULARY, 1, 5, list)) {
      GenerationConfig asked = config(list + ", \"do_sample\": true, \"max_new_tokens\": 3");
      Call call = Call.of(new int[] {5, 6}).asking(asked, program.baked());
      assertThatThrownBy(() -> program.run(call)).isInstanceOf(SconceException.class);
      assertThatThrownBy(() -> program.host(asked, new int[] {5, 6}))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("a token with a probability");
    }
  }

  private static float[] absent() {
    float[] absent = new float[Settings.size()];
    Arrays.fill(absent, Float.NaN);
    return absent;
  }
}
