package dev.sconce.generate.internal.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sconce.base.json.Json;
import dev.sconce.generate.GeneratedSequence;
import dev.sconce.generate.GenerationConfig;
import dev.sconce.generate.LogitsRule;
import dev.sconce.generate.LogitsRules;
import dev.sconce.generate.SearchRun;
import dev.sconce.generate.StepFunction;
import dev.sconce.generate.StopRule;
import dev.sconce.generate.internal.stop.Stops;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The search with beams, with one beam, is greedy search. Rules that look at the size of scores are
 * left out: as in transformers, beams give them log-probabilities, and greedy search logits.
 */
final class OneBeamTest {

  private static final int VOCABULARY = 13;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"no_repeat_ngram_size\": 2}",
        "{\"encoder_no_repeat_ngram_size\": 2, \"min_new_tokens\": 3}",
        "{\"bad_words_ids\": [[3], [4, 5]], \"length_penalty\": 0.0}",
        "{\"early_stopping\": true, \"suppress_tokens\": [1, 2]}"
      })
  void isGreedySearch(String rules) {
    for (int seed = 0; seed < 40; seed++) {
      Random random = new Random(seed);
      int[][] prompts = random.ints(3).mapToObj(_ -> prompt(random)).toArray(int[][]::new);
      int end = random.nextInt(VOCABULARY);
      GenerationConfig config =
          GenerationConfig.of(Json.parseObject("config", rules)).withEndTokens(end);
      float[][] table = table(random);

      List<GeneratedSequence> greedy = run(config, table, prompts, false);
      List<GeneratedSequence> beam = run(config, table, prompts, true);
      for (int p = 0; p < prompts.length; p++) {
        assertThat(beam.get(p).tokens())
            .as("prompt %d of seed %d", p, seed)
            .isEqualTo(greedy.get(p).tokens());
        assertThat(beam.get(p).reason()).isEqualTo(greedy.get(p).reason());
      }
    }
  }

  private static int[] prompt(Random random) {
    return random.ints(4, 0, VOCABULARY).toArray();
  }

  private static float[][] table(Random random) {
    float[][] table = new float[VOCABULARY][VOCABULARY];
    for (float[] row : table) {
      for (int t = 0; t < VOCABULARY; t++) {
        row[t] = (float) (2 * random.nextGaussian());
      }
    }
    return table;
  }

  private static List<GeneratedSequence> run(
      GenerationConfig config, float[][] table, int[][] prompts, boolean beams) {
    StepFunction model =
        (ids, _, _) ->
            Arrays.stream(ids)
                .map(row -> table[row[row.length - 1]].clone())
                .toArray(float[][]::new);
    int length = prompts[0].length;
    int maxLength = length + 12;
    List<LogitsRule> rules =
        LogitsRules.of(config.withOneMinimum(), length, maxLength, prompts, List.of());
    List<StopRule> stops =
        Stops.of(config, maxLength, List.of(), InstantSource.system(), List.of());
    SearchRun run =
        beams
            ? new BeamSearch(model, config, rules, stops, maxLength).start(prompts, () -> false)
            : new TokenSearch(model, config, rules, stops).start(prompts, () -> false, _ -> {});
    boolean more = true;
    while (more) {
      more = run.advance();
    }
    return run.results();
  }
}
