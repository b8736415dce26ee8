package dev.sconce.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sconce.base.InvalidInputException;
import dev.sconce.base.json.Json;
import dev.sconce.base.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** No setting is read and then forgotten: each changes what comes out of a search or its rules. */
final class SettingsAreHonouredTest {

  private static final int VOCABULARY = 8;
  private static final int CONTEXT = 14;
  private static final String BASE = "{\"max_new_tokens\": 8, \"eos_token_id\": 0, \"seed\": 5}";

  private static final List<byte[]> TEXTS =
      IntStream.range(0, VOCABULARY)
          .mapToObj(t -> String.valueOf((char) ('a' + t)).getBytes(StandardCharsets.UTF_8))
          .toList();

  /** What a setting is laid over, and its value. */
  private record Trial(String ground, String value) {}

  /** Exhaustive, so that a new setting does not compile without a trial. */
  private static Trial trial(Setting setting) {
    String sampled = "{\"do_sample\": true}";
    String beams = "{\"num_beams\": 3, \"length_penalty\": 2.0}";
    return switch (setting) {
      case MAX_LENGTH -> new Trial("{\"max_new_tokens\": null}", "6");
      case MAX_NEW_TOKENS -> new Trial("{}", "2");
      case MIN_LENGTH -> new Trial("{}", "9");
      case MIN_NEW_TOKENS -> new Trial("{}", "6");
      case STOP_STRINGS -> new Trial("{}", "[\"b\", \"d\", \"f\"]");
      case DO_SAMPLE, REMOVE_INVALID_VALUES, RENORMALIZE_LOGITS, IGNORE_EOS ->
          new Trial("{}", "true");
      case NUM_BEAMS -> new Trial("{}", "3");
      case NUM_RETURN_SEQUENCES -> new Trial(sampled, "2");
      case LENGTH_PENALTY -> new Trial("{\"num_beams\": 3}", "2.0");
      case EARLY_STOPPING -> new Trial(beams, "true");
      case TEMPERATURE -> new Trial(sampled, "2.0");
      case TOP_K -> new Trial(sampled, "2");
      case TOP_P, TYPICAL_P, TOP_H -> new Trial(sampled, "0.2");
      case MIN_P, EPSILON_CUTOFF, ETA_CUTOFF -> new Trial(sampled, "0.5");
      case REPETITION_PENALTY, ENCODER_REPETITION_PENALTY -> new Trial("{}", "1.5");
      case NO_REPEAT_NGRAM_SIZE, ENCODER_NO_REPEAT_NGRAM_SIZE -> new Trial("{}", "2");
      case BAD_WORDS_IDS -> new Trial("{}", "[[1], [2, 3]]");
      case SEQUENCE_BIAS -> new Trial("{}", "[[[1], 5.0]]");
      case FORCED_BOS_TOKEN_ID -> new Trial("{}", "6");
      case FORCED_EOS_TOKEN_ID -> new Trial("{}", "7");
      case SUPPRESS_TOKENS, BEGIN_SUPPRESS_TOKENS -> new Trial("{}", "[1, 2, 3]");
      case EXPONENTIAL_DECAY_LENGTH_PENALTY -> new Trial("{}", "[1, 9.0]");
      case EOS_TOKEN_ID -> new Trial("{}", "[3, 4, 5]");
      case PAD_TOKEN_ID -> new Trial("{}", "7");
      case MAX_TIME -> new Trial("{}", "2.5");
      case SEED -> new Trial(sampled, "6");
      case SEQ_LEN -> new Trial("{}", "6");
      case LOGPROBS -> new Trial("{}", "2");
      // Runners read these: TextRunnerTest and Seq2SeqRunnerTest try them.
      case ECHO, NUM_BOS, NUM_EOS, DECODER_START_TOKEN_ID -> new Trial("{}", "none");
    };
  }

  private static JsonObject json(String text) {
    return (JsonObject) Json.parse("settings", text);
  }

  /** A clock that goes on by a second whenever it is read. */
  private static InstantSource ticking() {
    AtomicInteger seconds = new AtomicInteger();
    return () -> Instant.ofEpochSecond(seconds.getAndIncrement());
  }

  private static TableModel model(long seed) {
    Random random = new Random(seed);
    float[][] a = new float[VOCABULARY][VOCABULARY];
    float[][] b = new float[VOCABULARY][VOCABULARY];
    for (int i = 0; i < VOCABULARY; i++) {
      for (int t = 0; t < VOCABULARY; t++) {
        a[i][t] = (float) random.nextGaussian();
        b[i][t] = (float) random.nextGaussian();
      }
    }
    return new TableModel(a, b);
  }

  /** Everything that can be seen of a configuration: sequences, reasons, rows, changed scores. */
  private static String seen(GenerationConfig config) {
    StringBuilder seen = new StringBuilder();
    int[][][] batches = {{{1, 2, 1}, {3, 4, 3}}, {{5}, {2}}};
    for (int[][] prompts : batches) {
      for (long seed = 0; seed < 20; seed++) {
        Search search =
            Search.over(model(seed), config)
                .context(CONTEXT)
                .tokenTexts(TEXTS)
                .clock(ticking())
                .onToken(token -> seen.append(token.alternatives()));
        List<GeneratedSequence> found = search.run(prompts);
        seen.append(Arrays.deepToString(search.rows(prompts, found)));
        for (GeneratedSequence sequence : found) {
          seen.append(sequence.reason()).append(sequence.score());
        }
      }
      float[] scores = {0.5f, Float.POSITIVE_INFINITY, 2, 1, -1, -2, 3, 0.25f};
      TokenRow row = TokenRow.of(0, prompts[0]);
      LogitsRules.of(config, row.size(), CONTEXT, prompts, List.of())
          .forEach(rule -> rule.apply(row, scores));
      seen.append(Arrays.toString(scores));
    }
    return seen.toString();
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"ECHO", "NUM_BOS", "NUM_EOS", "DECODER_START_TOKEN_ID"})
  void changesWhatIsSeen(Setting setting) {
    Trial trial = trial(setting);
    GenerationConfig ground = GenerationConfig.of(json(BASE)).with(json(trial.ground));
    GenerationConfig with =
        ground.with(json("{\"" + setting.jsonName() + "\": " + trial.value + "}"));

    assertThat(seen(with)).isNotEqualTo(seen(ground));
    assertThat(seen(with)).isEqualTo(seen(with));
  }

  @Test
  void endsAllRowsWhenTheTimeIsUp() {
    StepFunction endless =
        (ids, position, rows) -> {
          float[][] scores = new float[ids.length][VOCABULARY];
          Arrays.stream(scores).forEach(row -> row[3] = 1);
          return scores;
        };
    for (int beams : new int[] {1, 2}) {
      // Read once at the start, then once a token (greedy) or candidate (four of two beams).
      GenerationConfig config =
          GenerationConfig.of(json("{\"max_time\": 3.5, \"num_beams\": " + beams + "}"));

      List<GeneratedSequence> found =
          Search.over(endless, config).clock(ticking()).run(new int[][] {{1}});

      assertThat(found.getFirst().reason()).as("%d beams", beams).isEqualTo(FinishReason.TIME);
      assertThat(found.getFirst().tokens()).hasSizeBetween(1, 4);
    }
  }

  @Test
  void makesATokenEvenWithoutTime() {
    GenerationConfig config = GenerationConfig.of(json("{\"max_time\": 0, \"seed\": 1}"));

    List<GeneratedSequence> found =
        Search.over(model(1), config).clock(ticking()).run(new int[][] {{1}});

    assertThat(found.getFirst().tokens()).hasSize(1);
  }

  @Test
  void takesTheLengthForTheReasonBeforeTheTime() {
    GenerationConfig config =
        GenerationConfig.of(json("{\"max_time\": 0.5, \"max_new_tokens\": 1}"));

    List<GeneratedSequence> found =
        Search.over(model(1), config).clock(ticking()).run(new int[][] {{1}});

    assertThat(found.getFirst().reason()).isEqualTo(FinishReason.LENGTH);
  }

  @Test
  void rejectsSettingsThatLackWhatTheyNeed() {
    int[][] prompts = {{1, 2}};
    GenerationConfig strings =
        GenerationConfig.of(json("{\"max_new_tokens\": 3, \"stop_strings\": \"a\"}"));
    Search withOtherStop = Search.over(model(1), strings).stops(List.of(StopRules.maxLength(9)));
    GenerationConfig decay =
        GenerationConfig.of(
            json("{\"max_new_tokens\": 3, \"exponential_decay_length_penalty\": [1, 2.0]}"));

    assertThatThrownBy(() -> withOtherStop.run(prompts))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("stop_strings");
    assertThatThrownBy(() -> Search.over(model(1), decay).run(prompts))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("end token");
    assertThatThrownBy(
            () ->
                Search.over(model(1), GenerationConfig.defaults().withMaxNewTokens(1))
                    .encoderInputs(new int[][] {{1}, {2}})
                    .run(prompts))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("encoderInputs");
  }

  @Test
  void hasTheDefaultsOfExecutorch() {
    GenerationConfig config = GenerationConfig.executorch();

    assertThat(config.sampling()).isTrue();
    assertThat(config.number(Setting.TEMPERATURE, 1)).isEqualTo(0.8);
    assertThat(LogitsRules.of(config, 1, 9, new int[][] {{1}}, List.of())).hasSize(1);
    assertThat(config.maxLength(5, 100)).isEqualTo(100);
  }
}
