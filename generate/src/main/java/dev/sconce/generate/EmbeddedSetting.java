package dev.sconce.generate;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * The settings vector of an embedded generation program: which number stands at which place.
 *
 * <p>The order is part of {@code et_gen/1} and only ever grows at its end. A NaN, or a vector that
 * is too short, leaves a setting at the file's default. A rule whose setting is {@link #neutral} is
 * skipped.
 */
public enum EmbeddedSetting {
  /** What scores are divided by; 0 takes the most likely token. */
  TEMPERATURE(0, 1),
  /** How many of the most likely tokens are kept; transformers' default is 50. */
  TOP_K(1, 0),
  /** The probability mass of the most likely tokens that are kept. */
  TOP_P(2, 1),
  /** The least probability of a token relative to the most likely one. */
  MIN_P(3, 0),
  /** The probability mass of the most typical tokens that are kept. */
  TYPICAL_P(4, 1),
  /** The least probability of a token. */
  EPSILON_CUTOFF(5, 0),
  /** The least probability of a token, lowered where the entropy is high. */
  ETA_CUTOFF(6, 0),
  /** The fraction of the entropy that kept tokens may have; 0 for no bound. */
  TOP_H(7, 0),
  /** The penalty of tokens that occurred. */
  REPETITION_PENALTY(8, 1),
  /** The reward of tokens of the encoder's input; a decoder alone takes its prompt for it. */
  ENCODER_REPETITION_PENALTY(9, 1),
  /** The n-grams that may not occur twice. */
  NO_REPEAT_NGRAM_SIZE(10, 0),
  /** The n-grams of the encoder's input that may not occur. */
  ENCODER_NO_REPEAT_NGRAM_SIZE(11, 0),
  /** The least length of a row, prompt included. */
  MIN_LENGTH(12, 0),
  /** The least number of new tokens. */
  MIN_NEW_TOKENS(13, 0),
  /** The greatest length of a row, prompt included; 0 for what the cache holds. */
  MAX_LENGTH(14, 0),
  /** Whether tokens are drawn: 0 or 1. */
  DO_SAMPLE(15, 0),
  /** How many beams {@code generate_beam} searches. */
  NUM_BEAMS(16, 1),
  /** How many sequences {@code generate_beam} returns for each prompt. */
  NUM_RETURN_SEQUENCES(17, 1),
  /** The exponent of the length by which the score of a beam is divided. */
  LENGTH_PENALTY(18, 1),
  /** When beam search ends: 0 for false, 1 for true, 2 for never. */
  EARLY_STOPPING(19, 0),
  /** Whether scores become log-probabilities after all rules: 0 or 1. */
  RENORMALIZE_LOGITS(20, 0),
  /** Whether the file's biases count: 0 or 1. */
  SEQUENCE_BIAS(21, 0),
  /** Whether the file's forbidden sequences count: 0 or 1. */
  BAD_WORDS_IDS(22, 0),
  /** Whether the file's forced first token counts: 0 or 1. */
  FORCED_BOS_TOKEN_ID(23, 0),
  /** Whether the file's forced last tokens count: 0 or 1. */
  FORCED_EOS_TOKEN_ID(24, 0),
  /** Whether NaN and infinities are replaced, if the file can: 0 or 1. */
  REMOVE_INVALID_VALUES(25, 0),
  /** Whether the file's growth of end tokens counts: 0 or 1. */
  EXPONENTIAL_DECAY_LENGTH_PENALTY(26, 0),
  /** Whether the file's suppressed tokens count: 0 or 1. */
  SUPPRESS_TOKENS(27, 0),
  /** Whether the file's suppressed first tokens count: 0 or 1. */
  BEGIN_SUPPRESS_TOKENS(28, 0);

  private static final int DEFAULT_TOP_K = 50;

  private final int index;
  private final double neutral;

  EmbeddedSetting(int index, double neutral) {
    this.index = index;
    this.neutral = neutral;
  }

  /** Returns the place in the vector. */
  public int index() {
    return index;
  }

  /** Returns the value that changes nothing. */
  public double neutral() {
    return neutral;
  }

  /** Returns the name, as in {@code generation_config.json}. */
  public String jsonName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns the setting of a configuration that this number carries. */
  public Setting setting() {
    return Setting.valueOf(name());
  }

  /** Returns whether the number is an integer. */
  public boolean isCount() {
    return switch (this) {
      case TOP_K,
          NO_REPEAT_NGRAM_SIZE,
          ENCODER_NO_REPEAT_NGRAM_SIZE,
          MIN_LENGTH,
          MIN_NEW_TOKENS,
          MAX_LENGTH,
          DO_SAMPLE,
          NUM_BEAMS,
          NUM_RETURN_SEQUENCES,
          EARLY_STOPPING,
          RENORMALIZE_LOGITS,
          SEQUENCE_BIAS,
          BAD_WORDS_IDS,
          FORCED_BOS_TOKEN_ID,
          FORCED_EOS_TOKEN_ID,
          REMOVE_INVALID_VALUES,
          EXPONENTIAL_DECAY_LENGTH_PENALTY,
          SUPPRESS_TOKENS,
          BEGIN_SUPPRESS_TOKENS ->
          true;
      case TEMPERATURE,
          TOP_P,
          MIN_P,
          TYPICAL_P,
          EPSILON_CUTOFF,
          ETA_CUTOFF,
          TOP_H,
          REPETITION_PENALTY,
          ENCODER_REPETITION_PENALTY,
          LENGTH_PENALTY ->
          false;
    };
  }

  /** Returns the setting of a name in {@code generation_config.json}. */
  public static Optional<EmbeddedSetting> named(String jsonName) {
    return Arrays.stream(values())
        .filter(setting -> setting.jsonName().equals(jsonName))
        .findFirst();
  }

  /** Returns the least number that a call may give. */
  public double least() {
    return isBaked()
        ? 0
        : switch (setting().kind()) {
          case COUNT, NOT_NEGATIVE, FRACTION, FLAG, EARLY -> 0;
          case ABOVE_ZERO -> Float.MIN_NORMAL;
          case REAL -> -Float.MAX_VALUE;
          default -> Double.NEGATIVE_INFINITY;
        };
  }

  /** Returns the greatest number that a call may give. */
  public double greatest() {
    return isBaked()
        ? 1
        : switch (setting().kind()) {
          case COUNT -> 0x1p31;
          case FRACTION, FLAG -> 1;
          case EARLY -> 2;
          case NOT_NEGATIVE, ABOVE_ZERO, REAL -> Float.MAX_VALUE;
          default -> Double.POSITIVE_INFINITY;
        };
  }

  /**
   * Returns whether the value itself stands in the file, as lists do, and a call says only whether
   * it counts.
   */
  public boolean isBaked() {
    return index >= SEQUENCE_BIAS.index;
  }

  /** Returns the place in the vector of a setting, if it has one. */
  public static Optional<EmbeddedSetting> of(Setting setting) {
    for (EmbeddedSetting embedded : values()) {
      if (embedded.setting() == setting) {
        return Optional.of(embedded);
      }
    }
    return Optional.empty();
  }

  /**
   * Returns the number that a configuration has for this setting; of what is baked in, whether it
   * has any.
   */
  public double of(GenerationConfig config) {
    return switch (this) {
      case DO_SAMPLE, RENORMALIZE_LOGITS, REMOVE_INVALID_VALUES -> config.flag(setting()) ? 1 : 0;
      case EARLY_STOPPING ->
          switch (config.earlyStopping()) {
            case FALSE -> 0;
            case TRUE -> 1;
            case NEVER -> 2;
          };
      case TOP_K -> config.number(Setting.TOP_K, DEFAULT_TOP_K);
      case MIN_LENGTH -> config.withOneMinimum().number(Setting.MIN_LENGTH, neutral);
      case SEQUENCE_BIAS -> config.sequenceBias().isEmpty() ? 0 : 1;
      case BAD_WORDS_IDS -> config.badWords().isEmpty() ? 0 : 1;
      case EXPONENTIAL_DECAY_LENGTH_PENALTY -> config.decayStart() >= 0 ? 1 : 0;
      case FORCED_BOS_TOKEN_ID, FORCED_EOS_TOKEN_ID, SUPPRESS_TOKENS, BEGIN_SUPPRESS_TOKENS ->
          config.tokens(setting()).length > 0 ? 1 : 0;
      default -> config.number(setting(), neutral);
    };
  }
}
