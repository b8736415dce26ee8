package dev.sconce.cli.internal.generate;

import dev.sconce.base.json.JsonArray;
import dev.sconce.base.json.JsonNumber;
import dev.sconce.base.json.JsonObject;
import dev.sconce.base.json.JsonString;
import dev.sconce.base.json.JsonValue;
import dev.sconce.generate.GenerationConfig;
import dev.sconce.generate.runner.Completion;
import dev.sconce.generate.runner.GenerationResult;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * The answer to a request as a JSON object.
 *
 * <pre>{@code
 * {"tokens": [5, 9, 2], "text": "…", "finish_reason": "stop", "scores": [-0.1, -0.7, -0.2],
 *  "sequences": [[1, 4, 5, 9, 2]]}
 * }</pre>
 *
 * <p>For a batch, or for several sequences of a prompt, the first four are lists with an entry for
 * each sequence. With beams, {@code scores} has one number for each sequence. Where tokens were
 * drawn, {@code seed} is what draws them again.
 */
public final class GenerationAnswer {

  private GenerationAnswer() {}

  /**
   * Returns an answer.
   *
   * @param batch whether the request was a list of prompts
   */
  public static JsonObject of(GenerationResult result, GenerationConfig config, boolean batch) {
    List<Completion> all = result.completions();
    boolean list = batch || all.size() > 1;
    JsonValue scores =
        config.beams() > 1
            ? each(all, completion -> number(completion.score()))
            : one(list, all, completion -> numbers(completion.logprobs()));
    JsonObject.Builder answer =
        JsonObject.builder()
            .put("tokens", one(list, all, completion -> numbers(completion.tokens())))
            .put("text", one(list, all, completion -> new JsonString(completion.text())))
            .put("finish_reason", one(list, all, GenerationAnswer::reason))
            .put("scores", scores)
            .put("sequences", each(result.sequences(), GenerationAnswer::numbers));
    if (config.sampling()) {
      answer.put("seed", config.seed());
    }
    return answer.build();
  }

  private static <T> JsonValue one(boolean list, List<T> all, Function<T, JsonValue> part) {
    return list ? each(all, part) : part.apply(all.getFirst());
  }

  private static <T> JsonArray each(List<T> all, Function<T, JsonValue> part) {
    return new JsonArray(all.stream().map(part).toList());
  }

  private static JsonValue reason(Completion completion) {
    return new JsonString(completion.reason().name().toLowerCase(Locale.ROOT));
  }

  private static JsonValue numbers(int[] values) {
    return new JsonArray(Arrays.stream(values).<JsonValue>mapToObj(JsonNumber::of).toList());
  }

  private static JsonValue numbers(float[] values) {
    List<JsonValue> all = new ArrayList<>();
    for (float value : values) {
      all.add(number(value));
    }
    return new JsonArray(all);
  }

  private static JsonValue number(double value) {
    // JSON has neither infinities nor NaN. A token that is chosen although rules forbid it has a
    // logarithm of minus infinity; where they forbid all, the sum of no probabilities has none.
    return JsonNumber.of(
        Double.isNaN(value)
            ? -Float.MAX_VALUE
            : Math.clamp(value, -Float.MAX_VALUE, Float.MAX_VALUE));
  }
}
