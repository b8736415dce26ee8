package dev.sconce.cli.internal.generate;

import dev.sconce.base.InvalidInputException;
import dev.sconce.base.json.JsonArray;
import dev.sconce.base.json.JsonBool;
import dev.sconce.base.json.JsonNumber;
import dev.sconce.base.json.JsonObject;
import dev.sconce.base.json.JsonString;
import dev.sconce.base.json.JsonValue;
import dev.sconce.generate.GenerationConfig;
import dev.sconce.generate.Setting;
import dev.sconce.generate.runner.GenerationRequest;
import dev.sconce.generate.runner.Runner;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Answers requests to a runner, one JSON object each:
 *
 * <pre>{@code
 * {"prompt": "Once", "config": {"max_new_tokens": 8}}
 * {"input_ids": [[0, 5, 7], [3, 4, 9]], "attention_mask": [[0, 1, 1], [1, 1, 1]], "defaults": false}
 * }</pre>
 *
 * <p>A config is laid over the program's settings or, with {@code "defaults": false}, over those of
 * transformers' class: 20 new tokens, and no special tokens. With {@code "embedded": true} the
 * program's own generation makes the tokens, with {@code false} host code does.
 */
public final class GenerationLines {

  private static final String CALL = "generate --json-lines";
  private static final int CLASS_NEW_TOKENS = 20;
  private static final Set<String> MEMBERS =
      Set.of(
          "prompt",
          "input_ids",
          "attention_mask",
          "decoder_input_ids",
          "config",
          "defaults",
          "embedded");

  private final Runner runner;
  private final GenerationConfig defaults;
  private final boolean embedded;

  /**
   * Creates an answerer.
   *
   * @param defaults what a request's config is laid over
   * @param embedded whether the program's own generation makes the tokens where a request does not
   *     say
   */
  public GenerationLines(Runner runner, GenerationConfig defaults, boolean embedded) {
    this.runner = runner;
    this.defaults = defaults;
    this.embedded = embedded;
  }

  /** Returns the answer to a request. */
  public JsonObject answer(JsonValue line) {
    if (!(line instanceof JsonObject request)) {
      throw wrong("the line", "an object", line.kind());
    }
    for (String name : request.members().keySet()) {
      if (!MEMBERS.contains(name)) {
        throw wrong(name, "one of " + MEMBERS.stream().sorted().toList(), "an unknown member");
      }
    }
    GenerationConfig config = Seeds.in(config(request));
    Prompts prompts = prompts(request);
    boolean inside = flag(request, "embedded", embedded);
    runner.reset();
    return GenerationAnswer.of(
        runner.generate(prompts.request().with(config).embedded(inside)), config, prompts.batch());
  }

  private static InvalidInputException wrong(String argument, String expected, String found) {
    return new InvalidInputException(CALL, argument, expected, found);
  }

  private static boolean flag(JsonObject request, String name, boolean otherwise) {
    return switch (request.get(name).orElse(JsonBool.of(otherwise))) {
      case JsonBool bool -> bool.value();
      case JsonValue other -> throw wrong(name, "true or false", other.kind());
    };
  }

  private GenerationConfig config(JsonObject request) {
    boolean own = flag(request, "defaults", true);
    GenerationConfig config = own ? defaults : GenerationConfig.defaults();
    if (request.has("config")) {
      config =
          config.with(
              request
                  .object("config")
                  .orElseThrow(() -> wrong("config", "an object", "another value")));
    }
    return own ? config : withClassDefaults(config);
  }

  /** What transformers' class does where ours would ask the program. */
  private static GenerationConfig withClassDefaults(GenerationConfig config) {
    GenerationConfig all = config;
    if (!all.isSet(Setting.EOS_TOKEN_ID)) {
      all = all.with(Setting.EOS_TOKEN_ID, new JsonArray(List.of()));
    }
    if (!all.isSet(Setting.MAX_LENGTH) && !all.isSet(Setting.MAX_NEW_TOKENS)) {
      all = all.withMaxNewTokens(CLASS_NEW_TOKENS);
    }
    return all;
  }

  /** The prompts of a request, and whether they came as a list of rows. */
  private record Prompts(GenerationRequest request, boolean batch) {}

  private static Prompts prompts(JsonObject request) {
    if (request.has("prompt") == request.has("input_ids")) {
      throw wrong(
          "the line", "either prompt or input_ids", request.has("prompt") ? "both" : "neither");
    }
    Prompts prompts = request.has("prompt") ? texts(request) : ids(request);
    if (!request.has("decoder_input_ids")) {
      return prompts;
    }
    Rows decoder = rows(request, "decoder_input_ids");
    return new Prompts(prompts.request().withDecoderIds(decoder.all()), prompts.batch());
  }

  private static Prompts texts(JsonObject request) {
    if (request.has("attention_mask")) {
      throw wrong("attention_mask", "none beside a prompt", "one");
    }
    return switch (request.get("prompt").orElseThrow()) {
      case JsonString(String text) -> new Prompts(GenerationRequest.ofTexts(text), false);
      case JsonArray list -> {
        List<String> texts = new ArrayList<>();
        for (JsonValue value : list) {
          if (!(value instanceof JsonString(String text))) {
            throw wrong("prompt", "a string or a list of strings", "a list with " + value.kind());
          }
          texts.add(text);
        }
        yield new Prompts(GenerationRequest.ofTexts(texts.toArray(String[]::new)), true);
      }
      case JsonValue other -> throw wrong("prompt", "a string or a list of strings", other.kind());
    };
  }

  private static Prompts ids(JsonObject request) {
    Rows ids = rows(request, "input_ids");
    GenerationRequest made = GenerationRequest.ofIds(ids.all());
    if (request.has("attention_mask")) {
      made = made.withMasks(rows(request, "attention_mask").all());
    }
    return new Prompts(made, ids.batch());
  }

  /** Rows of integers, and whether they came as a list of rows. */
  @SuppressWarnings("ArrayRecordComponent") // read at once, never compared
  private record Rows(int[][] all, boolean batch) {}

  private static Rows rows(JsonObject request, String name) {
    JsonArray array = request.array(name).orElseThrow(() -> wrong(name, "a list", "another value"));
    boolean batch = array.size() > 0 && array.get(0) instanceof JsonArray;
    if (!batch) {
      return new Rows(new int[][] {row(array, name)}, false);
    }
    List<int[]> rows = new ArrayList<>();
    for (JsonValue row : array) {
      if (!(row instanceof JsonArray numbers)) {
        throw wrong(name, "a list of integers or a list of such lists", "a mixture");
      }
      rows.add(row(numbers, name));
    }
    return new Rows(rows.toArray(int[][]::new), true);
  }

  private static int[] row(JsonArray numbers, String name) {
    int[] row = new int[numbers.size()];
    for (int i = 0; i < row.length; i++) {
      long value = numbers.get(i) instanceof JsonNumber number ? number.asLong().orElse(-1) : -1;
      if (value < 0 || value > Integer.MAX_VALUE) {
        throw wrong(name, "integers of at least 0", numbers.get(i).toString());
      }
      row[i] = (int) value;
    }
    return row;
  }
}
