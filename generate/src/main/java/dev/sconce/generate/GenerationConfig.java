package dev.sconce.generate;

import dev.sconce.base.InvalidInputException;
import dev.sconce.base.json.JsonArray;
import dev.sconce.base.json.JsonBool;
import dev.sconce.base.json.JsonNull;
import dev.sconce.base.json.JsonNumber;
import dev.sconce.base.json.JsonObject;
import dev.sconce.base.json.JsonString;
import dev.sconce.base.json.JsonValue;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How to generate: immutable, with the names and meaning that transformers gives the settings.
 *
 * <p>What is not set has transformers' default, except that no length means to fill the context,
 * and that a temperature of 0 takes the most likely token.
 */
public final class GenerationConfig {

  private static final GenerationConfig DEFAULTS =
      new GenerationConfig(new EnumMap<>(Setting.class));

  /** Members of generation_config.json that do not change what is generated. */
  private static final Set<String> WITHOUT_EFFECT =
      Set.of(
          "transformers_version",
          "_from_model_config",
          "bos_token_id",
          "use_cache",
          "cache_implementation",
          "cache_config",
          "return_dict_in_generate",
          "output_attentions",
          "output_hidden_states",
          "output_scores",
          "output_logits",
          "is_assistant",
          "generation_kwargs",
          "disable_compile",
          "return_legacy_cache",
          // Whisper's, read by its own runner.
          "alignment_heads",
          "is_multilingual",
          "lang_to_id",
          "task_to_id",
          "language",
          "task",
          "no_timestamps_token_id",
          "prev_sot_token_id",
          "max_initial_timestamp_index",
          "return_timestamps",
          "forced_decoder_ids");

  /**
   * Settings that would change what is generated and are not supported, with their neutral value.
   */
  private static final Map<String, JsonValue> UNSUPPORTED =
      Map.ofEntries(
          Map.entry("num_beam_groups", JsonNumber.of(1)),
          Map.entry("diversity_penalty", JsonNumber.of(0.0)),
          Map.entry("penalty_alpha", JsonNull.NULL),
          Map.entry("dola_layers", JsonNull.NULL),
          Map.entry("guidance_scale", JsonNumber.of(1.0)),
          Map.entry("low_memory", JsonBool.FALSE),
          Map.entry("constraints", JsonNull.NULL),
          Map.entry("force_words_ids", JsonNull.NULL),
          Map.entry("watermarking_config", JsonNull.NULL),
          Map.entry("token_healing", JsonBool.FALSE),
          Map.entry("prompt_lookup_num_tokens", JsonNull.NULL));

  private final Map<Setting, JsonValue> values;

  private GenerationConfig(Map<Setting, JsonValue> values) {
    this.values = Collections.unmodifiableMap(values);
  }

  /** Returns transformers' defaults: greedy search up to the end of the context. */
  public static GenerationConfig defaults() {
    return DEFAULTS;
  }

  /**
   * Returns the defaults of ExecuTorch's text runner: tokens drawn at a temperature of 0.8 from the
   * whole vocabulary, up to the end of the context; the prompt's text first, and nothing put around
   * it.
   */
  public static GenerationConfig executorch() {
    return DEFAULTS
        .withTemperature(0.8)
        .with(Setting.TOP_K, JsonNumber.of(0))
        .with(Setting.ECHO, JsonBool.TRUE)
        .with(Setting.NUM_BOS, JsonNumber.of(0))
        .with(Setting.NUM_EOS, JsonNumber.of(0));
  }

  /**
   * Reads the settings of a {@code generation_config.json}; null counts as not set.
   *
   * @throws InvalidInputException if a setting is unknown, wrong or contradicts another
   */
  public static GenerationConfig of(JsonObject json) {
    return DEFAULTS.with(json);
  }

  /**
   * Reads the settings of a checkpoint's {@code generation_config.json} or {@code config.json}:
   * what is no setting is left out, as transformers leaves it out.
   *
   * @throws InvalidInputException if a setting is wrong, contradicts another or is not supported
   */
  public static GenerationConfig ofCheckpoint(JsonObject json) {
    JsonObject.Builder settings = JsonObject.builder();
    json.members()
        .forEach(
            (name, value) -> {
              if (Setting.byName(name).isPresent() || UNSUPPORTED.containsKey(name)) {
                settings.put(name, value);
              }
            });
    return of(settings.build());
  }

  /**
   * Returns these settings with others laid over them.
   *
   * @throws InvalidInputException if a setting is unknown, wrong or contradicts another
   */
  public GenerationConfig with(JsonObject json) {
    EnumMap<Setting, JsonValue> all = copy();
    json.members()
        .forEach(
            (name, value) -> {
              Setting setting = known(name, value);
              if (setting != null && value == JsonNull.NULL) {
                all.remove(setting);
              } else if (setting != null) {
                all.put(setting, SettingValues.check(setting, value));
              }
            });
    return new GenerationConfig(all).validated();
  }

  private EnumMap<Setting, JsonValue> copy() {
    EnumMap<Setting, JsonValue> all = new EnumMap<>(Setting.class);
    all.putAll(values);
    return all;
  }

  private static @Nullable Setting known(String name, JsonValue value) {
    if (WITHOUT_EFFECT.contains(name)) {
      return null;
    }
    JsonValue neutral = UNSUPPORTED.get(name);
    if (neutral != null) {
      boolean same =
          value == JsonNull.NULL
              || value.equals(neutral)
              || (value instanceof JsonNumber a
                  && neutral instanceof JsonNumber b
                  && a.asDouble() == b.asDouble());
      if (!same) {
        throw invalid(name, "not set: it is not supported", value.toString());
      }
      return null;
    }
    return Setting.byName(name)
        .orElseThrow(() -> invalid(name, "a setting that Sconce knows", "an unknown one"));
  }

  private static InvalidInputException invalid(String name, String expected, String found) {
    return new InvalidInputException("GenerationConfig", name, expected, found);
  }

  /**
   * Returns these settings with one changed.
   *
   * @throws InvalidInputException if the value is wrong or contradicts another setting
   */
  public GenerationConfig with(Setting setting, JsonValue value) {
    return with(JsonObject.builder().put(setting.jsonName(), value).build());
  }

  /** Returns these settings with another number of new tokens. */
  public GenerationConfig withMaxNewTokens(int count) {
    return with(Setting.MAX_NEW_TOKENS, JsonNumber.of(count));
  }

  /** Returns these settings with tokens drawn at a temperature; 0 takes the most likely ones. */
  public GenerationConfig withTemperature(double temperature) {
    return with(Setting.TEMPERATURE, JsonNumber.of(temperature))
        .with(Setting.DO_SAMPLE, JsonBool.of(temperature > 0));
  }

  /** Returns these settings with another seed. */
  public GenerationConfig withSeed(long seed) {
    return with(Setting.SEED, JsonNumber.of(seed));
  }

  /** Returns these settings with other end tokens. */
  public GenerationConfig withEndTokens(int... ids) {
    return with(
        Setting.EOS_TOKEN_ID,
        new JsonArray(Arrays.stream(ids).mapToObj(id -> (JsonValue) JsonNumber.of(id)).toList()));
  }

  /** Returns these settings with a setting of others where it is not set here. */
  public GenerationConfig withDefault(Setting setting, GenerationConfig others) {
    JsonValue value = others.values.get(setting);
    return isSet(setting) || value == null ? this : with(setting, value);
  }

  private GenerationConfig validated() {
    atMost(Setting.MIN_LENGTH, Setting.MAX_LENGTH);
    atMost(Setting.MIN_NEW_TOKENS, Setting.MAX_NEW_TOKENS);
    notAllSuppressed(Setting.FORCED_BOS_TOKEN_ID);
    notAllSuppressed(Setting.FORCED_EOS_TOKEN_ID);
    if (returnSequences() > 1 && beams() == 1 && !sampling()) {
      throw invalid(
          "num_return_sequences",
          "1 without beams and sampling, which makes equal sequences",
          String.valueOf(returnSequences()));
    }
    if (beams() > 1 && returnSequences() > beams()) {
      throw invalid(
          "num_return_sequences",
          "at most num_beams = " + beams(),
          String.valueOf(returnSequences()));
    }
    if (count(Setting.LOGPROBS, 0) > 0 && beams() > 1) {
      throw invalid("logprobs", "0 with beams", values.get(Setting.LOGPROBS) + "");
    }
    return this;
  }

  /** Forced tokens that are all suppressed leave nothing to choose. */
  private void notAllSuppressed(Setting setting) {
    int[] suppressed = tokens(Setting.SUPPRESS_TOKENS);
    int[] forced = tokens(setting);
    if (forced.length > 0
        && Arrays.stream(forced).allMatch(id -> Arrays.stream(suppressed).anyMatch(s -> s == id))) {
      throw invalid(
          setting.jsonName(), "a token that suppress_tokens allows", Arrays.toString(forced));
    }
  }

  private void atMost(Setting low, Setting high) {
    if (isSet(low) && isSet(high) && count(low, 0) > count(high, 0)) {
      throw invalid(
          low.jsonName(),
          "at most " + high.jsonName() + " = " + count(high, 0),
          String.valueOf(count(low, 0)));
    }
  }

  /** Returns whether a setting has a value of its own. */
  public boolean isSet(Setting setting) {
    return values.containsKey(setting);
  }

  /** Returns an integer, or what stands for it if it is not set. */
  public int count(Setting setting, int fallback) {
    return values.get(setting) instanceof JsonNumber number ? (int) number.asDouble() : fallback;
  }

  /** Returns a number, or what stands for it if it is not set. */
  public double number(Setting setting, double fallback) {
    return values.get(setting) instanceof JsonNumber number ? number.asDouble() : fallback;
  }

  /** Returns whether a flag is set. */
  public boolean flag(Setting setting) {
    return values.get(setting) == JsonBool.TRUE;
  }

  /** Returns token ids; none if they are not set. */
  public int[] tokens(Setting setting) {
    JsonValue value = values.get(setting);
    return value == null ? new int[0] : SettingValues.tokens(value);
  }

  /** Returns the sequences that may not occur. */
  public List<List<Integer>> badWords() {
    return values.get(Setting.BAD_WORDS_IDS) instanceof JsonArray words
        ? words.values().stream().map(SettingValues::tokenList).toList()
        : List.of();
  }

  /** Returns the biased sequences. */
  public Map<List<Integer>, Double> sequenceBias() {
    Map<List<Integer>, Double> biases = new LinkedHashMap<>();
    if (values.get(Setting.SEQUENCE_BIAS) instanceof JsonArray pairs) {
      for (JsonValue pair : pairs) {
        JsonArray both = (JsonArray) pair;
        biases.put(SettingValues.tokenList(both.get(0)), ((JsonNumber) both.get(1)).asDouble());
      }
    }
    return biases;
  }

  /** Returns the strings that end a row. */
  public List<String> stopStrings() {
    return switch (values.get(Setting.STOP_STRINGS)) {
      case JsonString text -> List.of(text.value());
      case JsonArray texts ->
          texts.values().stream().map(text -> ((JsonString) text).value()).toList();
      case null, default -> List.of();
    };
  }

  /** Returns after how many new tokens the end becomes more likely, or -1 for never. */
  public int decayStart() {
    return values.get(Setting.EXPONENTIAL_DECAY_LENGTH_PENALTY) instanceof JsonArray pair
        ? (int) ((JsonNumber) pair.get(0)).asDouble()
        : -1;
  }

  /** Returns how fast the end becomes more likely. */
  public double decayFactor() {
    return values.get(Setting.EXPONENTIAL_DECAY_LENGTH_PENALTY) instanceof JsonArray pair
        ? ((JsonNumber) pair.get(1)).asDouble()
        : 1;
  }

  /** Returns when beam search ends; without beams it counts for nothing, as in transformers. */
  public EarlyStopping earlyStopping() {
    return switch (values.get(Setting.EARLY_STOPPING)) {
      case JsonBool bool -> bool.value() ? EarlyStopping.TRUE : EarlyStopping.FALSE;
      case JsonString _ -> EarlyStopping.NEVER;
      case null, default -> EarlyStopping.FALSE;
    };
  }

  /** Returns whether tokens are drawn: asked for, at a temperature above 0. */
  public boolean sampling() {
    return flag(Setting.DO_SAMPLE) && number(Setting.TEMPERATURE, 1) > 0;
  }

  /** Returns the number of beams. */
  public int beams() {
    return count(Setting.NUM_BEAMS, 1);
  }

  /** Returns how many sequences are made of each prompt. */
  public int returnSequences() {
    return count(Setting.NUM_RETURN_SEQUENCES, 1);
  }

  /** Returns the tokens that end a row; none if they are ignored. */
  public int[] endTokens() {
    return flag(Setting.IGNORE_EOS) ? new int[0] : tokens(Setting.EOS_TOKEN_ID);
  }

  /** Returns the token that fills finished rows: the padding token, else the first end token. */
  public int padToken() {
    int[] pad = tokens(Setting.PAD_TOKEN_ID);
    int[] end = tokens(Setting.EOS_TOKEN_ID);
    return pad.length > 0 ? pad[0] : end.length > 0 ? end[0] : 0;
  }

  /** Returns the seed. */
  public long seed() {
    return values.get(Setting.SEED) instanceof JsonNumber number ? number.asLong().orElse(0) : 0;
  }

  /**
   * Returns these settings without a least length where a least number of new tokens is set, which
   * goes before it, as in transformers.
   */
  public GenerationConfig withOneMinimum() {
    return isSet(Setting.MIN_NEW_TOKENS) ? with(Setting.MIN_LENGTH, JsonNull.NULL) : this;
  }

  /**
   * Returns the greatest length of a row, prompt included: what is set, within the context and
   * ExecuTorch's {@code seq_len}.
   */
  public int maxLength(int promptLength, int context) {
    int most = Math.min(context, count(Setting.SEQ_LEN, context));
    long length =
        isSet(Setting.MAX_NEW_TOKENS)
            ? (long) promptLength + count(Setting.MAX_NEW_TOKENS, 0)
            : count(Setting.MAX_LENGTH, most);
    return (int) Math.min(length, most);
  }

  /** Returns the settings as JSON. */
  public JsonObject toJson() {
    JsonObject.Builder json = JsonObject.builder();
    values.forEach((setting, value) -> json.put(setting.jsonName(), value));
    return json.build();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof GenerationConfig that && values.equals(that.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  @Override
  public String toString() {
    return toJson().toString();
  }
}
