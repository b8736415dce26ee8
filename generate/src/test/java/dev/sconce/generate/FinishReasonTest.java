package dev.sconce.generate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sconce.base.json.Json;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every sequence says why it ended, and nothing else is said. */
final class FinishReasonTest {

  private static final int[][] PROMPT = {{1, 2}};

  private static GenerationConfig config(String json) {
    return GenerationConfig.of(Json.parseObject("config", json));
  }

  private static StepFunction always(float... scores) {
    return (ids, _, _) -> {
      float[][] rows = new float[ids.length][];
      java.util.Arrays.setAll(rows, _ -> scores.clone());
      return rows;
    };
  }

  private static FinishReason reason(Search search) {
    return search.run(PROMPT).getFirst().reason();
  }

  @Test
  void tellsEndTokensLengthsAndCancellationsApart() {
    StepFunction model = always(0, 1, 3, 2);
    for (int beams = 1; beams <= 2; beams++) {
      String more = ", \"num_beams\": " + beams + "}";
      Search ends =
          Search.over(model, config("{\"max_new_tokens\": 4, \"eos_token_id\": 2" + more));
      assertThat(reason(ends)).as("%d beams", beams).isEqualTo(FinishReason.STOP);
      Search long4 = Search.over(model, config("{\"max_new_tokens\": 4" + more));
      assertThat(reason(long4)).as("%d beams", beams).isEqualTo(FinishReason.LENGTH);
      Search cancelled =
          Search.over(model, config("{\"max_new_tokens\": 4" + more)).cancelledWhen(() -> true);
      assertThat(reason(cancelled)).as("%d beams", beams).isEqualTo(FinishReason.CANCELLED);
    }
  }

  @Test
  void timeIsTheReasonOnlyWhereATimeWasGiven() {
    long[] seconds = {0};
    for (int beams = 1; beams <= 2; beams++) {
      seconds[0] = 0;
      Search search =
          Search.over(
                  always(0, 1, 3, 2),
                  config("{\"max_time\": 3, \"max_new_tokens\": 9, \"num_beams\": " + beams + "}"))
              .clock(() -> Instant.ofEpochSecond(seconds[0]++));
      assertThat(reason(search)).as("%d beams", beams).isEqualTo(FinishReason.TIME);
    }
  }

  @Test
  void beamsWithoutAnyScoreAreUnfinished() {
    float nan = Float.NaN;
    Search search =
        Search.over(
            always(nan, nan, nan, nan), config("{\"max_new_tokens\": 5, \"num_beams\": 2}"));

    assertThat(reason(search)).isEqualTo(FinishReason.UNFINISHED);
  }

  @Test
  void aRuleThatSaysItOnceIsBelieved() {
    int[] asked = {0};
    Search search =
        Search.over(always(0, 1, 3, 2), config("{\"max_new_tokens\": 5}"))
            .stops(List.of(_ -> ++asked[0] == 2));

    GeneratedSequence found = search.run(PROMPT).getFirst();
    assertThat(found.tokens()).hasSize(2);
    assertThat(found.reason()).isEqualTo(FinishReason.STOP);
  }
}
