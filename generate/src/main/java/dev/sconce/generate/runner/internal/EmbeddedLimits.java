package dev.sconce.generate.runner.internal;

import dev.sconce.base.InvalidInputException;
import dev.sconce.base.json.JsonObject;
import dev.sconce.base.json.JsonValue;
import dev.sconce.generate.EmbeddedSetting;
import dev.sconce.generate.GenerationConfig;
import dev.sconce.generate.Setting;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What the generation inside a program holds, and what is too much for it.
 *
 * @param program the program's name, for messages
 * @param defaults the settings that it has by default, its lists included
 * @param batch how many rows at most
 * @param beams how many beams at most
 * @param context how many tokens of a row the cache holds
 * @param endTokens how many end tokens at most
 * @param beamSteps how many tokens a search with beams can make; empty without beams
 * @param settings how many numbers its settings vector has
 */
record EmbeddedLimits(
    String program,
    GenerationConfig defaults,
    int batch,
    int beams,
    int context,
    int endTokens,
    OptionalLong beamSteps,
    int settings) {

  private static final String INSIDE = ", generation inside the program";
  private static final String HOST = "; host code can (without --embedded)";

  /** Settings that the driver heeds: by lengths, by end tokens, between calls, around them. */
  private static final Set<Setting> OF_THE_DRIVER =
      EnumSet.of(
          Setting.MAX_NEW_TOKENS,
          Setting.MAX_LENGTH,
          Setting.SEQ_LEN,
          Setting.EOS_TOKEN_ID,
          Setting.IGNORE_EOS,
          Setting.PAD_TOKEN_ID,
          Setting.DECODER_START_TOKEN_ID,
          Setting.SEED,
          Setting.MAX_TIME,
          Setting.STOP_STRINGS,
          Setting.LOGPROBS,
          Setting.ECHO,
          Setting.NUM_BOS,
          Setting.NUM_EOS);

  /** Reads what a program says in {@code et_gen_info}. */
  static EmbeddedLimits of(String program, JsonObject info) {
    JsonObject limits = info.object("limits").orElseThrow(() -> malformed(program, "limits", info));
    JsonObject config = info.object("config").orElseThrow(() -> malformed(program, "config", info));
    OptionalLong beamSteps =
        limits
            .object("steps")
            .map(steps -> steps.integer("generate_beam"))
            .orElse(OptionalLong.empty());
    return new EmbeddedLimits(
        program,
        GenerationConfig.of(config),
        number(program, limits, "batch"),
        number(program, limits, "beams"),
        number(program, limits, "context"),
        number(program, limits, "eos_token_ids"),
        beamSteps,
        info.array("settings").orElseThrow(() -> malformed(program, "settings", info)).size());
  }

  private static int number(String program, JsonObject limits, String member) {
    long value = limits.integer(member).orElseThrow(() -> malformed(program, member, limits));
    return Math.toIntExact(Math.clamp(value, 0, Integer.MAX_VALUE));
  }

  private static InvalidInputException malformed(String program, String member, JsonObject found) {
    return new InvalidInputException(
        program + ", method 'et_gen_info'",
        "output",
        "a member '" + member + "'",
        found.toString());
  }

  /** Returns whether the program's settings vector has a place for a setting. */
  boolean knows(EmbeddedSetting setting) {
    return setting.index() < settings;
  }

  /**
   * Checks that the program holds what is asked of it.
   *
   * @param hasBeams whether the program has {@code generate_beam}
   * @throws InvalidInputException if it does not
   */
  void check(EmbeddedRequest request, boolean hasBeams) {
    GenerationConfig config = request.config();
    if (config.beams() > 1) {
      checkBeams(request, hasBeams);
    }
    int rows = request.ids().length * (config.beams() > 1 ? 1 : config.returnSequences());
    if (rows > batch) {
      throw missing("rows", "at most " + batch, "" + rows, "--batch " + rows);
    }
    if (config.count(Setting.LOGPROBS, 0) > 0) {
      throw refused("logprobs", "0: the program does not tell other tokens" + HOST, config);
    }
    if (config.endTokens().length > endTokens) {
      throw refused("eos_token_id", "at most " + endTokens + " tokens" + HOST, config);
    }
    for (Setting setting : Setting.values()) {
      if (!OF_THE_DRIVER.contains(setting)
          && !isOfTheCall(setting, config)
          && !same(setting, config)) {
        throw missing(
            setting.jsonName(),
            held(setting).map(v -> v + ", as it stands in the file").orElse("none, as in the file"),
            config.toJson().get(setting.jsonName()).map(JsonValue::toString).orElse("none"),
            "--generation-config FILE");
      }
    }
  }

  private void checkBeams(EmbeddedRequest request, boolean hasBeams) {
    GenerationConfig config = request.config();
    int asked = config.beams();
    if (!hasBeams || asked > beams) {
      throw missing(
          "num_beams", hasBeams ? "at most " + beams : "1", "" + asked, "--beams " + asked);
    }
    if (config.sampling()) {
      throw refused("do_sample", "false with beams" + HOST, config);
    }
    if (config.isSet(Setting.MAX_TIME)) {
      throw refused("max_time", "none with beams, whose search is one call" + HOST, config);
    }
    if (!config.stopStrings().isEmpty()) {
      throw refused("stop_strings", "none with beams, whose search is one call" + HOST, config);
    }
    if (!request.stops().isEmpty()) {
      throw new InvalidInputException(
          program + INSIDE,
          "stops",
          "none of the caller's with beams, whose search is one call",
          "" + request.stops().size());
    }
    int before = request.prompts()[0].length;
    long steps = config.maxLength(before, context) - (long) before;
    long most = beamSteps.orElse(Long.MAX_VALUE);
    if (steps > most) {
      throw new InvalidInputException(
          program + INSIDE,
          "max_new_tokens",
          "at most " + most + " with beams, what the limit of instructions of a call allows" + HOST,
          "" + steps);
    }
  }

  /** A call gives numbers, and can do without what is baked in. */
  private boolean isOfTheCall(Setting setting, GenerationConfig config) {
    return EmbeddedSetting.of(setting)
        .filter(this::knows)
        .filter(embedded -> !embedded.isBaked() || embedded.of(config) == embedded.neutral())
        .isPresent();
  }

  private Optional<JsonValue> held(Setting setting) {
    return defaults.toJson().get(setting.jsonName());
  }

  /** Returns whether a setting of the file alone means what is asked, if written differently. */
  private boolean same(Setting setting, GenerationConfig config) {
    return switch (setting) {
      case FORCED_BOS_TOKEN_ID, FORCED_EOS_TOKEN_ID, SUPPRESS_TOKENS, BEGIN_SUPPRESS_TOKENS ->
          Arrays.equals(config.tokens(setting), defaults.tokens(setting));
      case BAD_WORDS_IDS -> config.badWords().equals(defaults.badWords());
      case SEQUENCE_BIAS -> config.sequenceBias().equals(defaults.sequenceBias());
      case EXPONENTIAL_DECAY_LENGTH_PENALTY ->
          config.decayStart() == defaults.decayStart()
              && config.decayFactor() == defaults.decayFactor();
      case REMOVE_INVALID_VALUES -> config.flag(setting) == defaults.flag(setting);
      default -> config.toJson().get(setting.jsonName()).equals(held(setting));
    };
  }

  private InvalidInputException refused(String name, String expected, GenerationConfig config) {
    return new InvalidInputException(
        program + INSIDE,
        name,
        expected,
        config.toJson().get(name).map(JsonValue::toString).orElse("another value"));
  }

  private InvalidInputException missing(
      String argument, String expected, String found, String flag) {
    return new InvalidInputException(
        program + INSIDE,
        argument,
        expected + "; export with " + flag + " for other values",
        found);
  }
}
