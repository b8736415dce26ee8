package dev.sconce.generate;

import java.util.Locale;
import java.util.Optional;

/** The settings of generation, by the names they have in {@code generation_config.json}. */
public enum Setting {
  /** The greatest length of a row, prompt included. */
  MAX_LENGTH(Kind.COUNT, "The greatest length of a row, prompt included"),
  /** The greatest number of new tokens; goes before the length. */
  MAX_NEW_TOKENS(Kind.COUNT, "The greatest number of new tokens; goes before the length"),
  /** The least length of a row, prompt included. */
  MIN_LENGTH(Kind.COUNT, "The least length of a row, prompt included"),
  /** The least number of new tokens. */
  MIN_NEW_TOKENS(Kind.COUNT, "The least number of new tokens"),
  /** Strings that end a row. */
  STOP_STRINGS(Kind.TEXTS, "Strings that end a row"),
  /** Whether tokens are drawn instead of taken by score. */
  DO_SAMPLE(Kind.FLAG, "Whether tokens are drawn instead of taken by score"),
  /** How many beams are searched. */
  NUM_BEAMS(Kind.POSITIVE, "How many beams are searched"),
  /** How many sequences are made of each prompt. */
  NUM_RETURN_SEQUENCES(Kind.POSITIVE, "How many sequences are made of each prompt"),
  /** The exponent of the length by which the score of a beam is divided. */
  LENGTH_PENALTY(Kind.REAL, "The exponent of the length by which the score of a beam is divided"),
  /** When beam search ends: false, true or "never". */
  EARLY_STOPPING(Kind.EARLY, "When beam search ends: false, true or \"never\""),
  /** The divisor of the scores; 0 takes the most likely token. */
  TEMPERATURE(Kind.NOT_NEGATIVE, "The divisor of the scores; 0 takes the most likely token"),
  /** How many of the most likely tokens are kept; 0 for all. */
  TOP_K(Kind.COUNT, "How many of the most likely tokens are kept; 0 for all"),
  /** The probability mass of the most likely tokens that are kept. */
  TOP_P(Kind.FRACTION, "The probability mass of the most likely tokens that are kept"),
  /** The least probability of a token relative to the most likely one. */
  MIN_P(Kind.FRACTION, "The least probability of a token relative to the most likely one"),
  /** The probability mass of the most typical tokens that are kept. */
  TYPICAL_P(Kind.FRACTION, "The probability mass of the most typical tokens that are kept"),
  /** The least probability of a token. */
  EPSILON_CUTOFF(Kind.FRACTION, "The least probability of a token"),
  /** The least probability of a token, lowered where the entropy is high. */
  ETA_CUTOFF(Kind.FRACTION, "The least probability of a token, lowered where the entropy is high"),
  /** The fraction of the entropy that kept tokens may have. */
  TOP_H(Kind.FRACTION, "The fraction of the entropy that kept tokens may have"),
  /** The penalty of tokens that occurred. */
  REPETITION_PENALTY(Kind.ABOVE_ZERO, "The penalty of tokens that occurred"),
  /** The reward of tokens of the encoder's input. */
  ENCODER_REPETITION_PENALTY(Kind.ABOVE_ZERO, "The reward of tokens of the encoder's input"),
  /** The n-grams that may not occur twice; 0 for none. */
  NO_REPEAT_NGRAM_SIZE(Kind.COUNT, "The n-grams that may not occur twice; 0 for none"),
  /** The n-grams of the encoder's input that may not occur; 0 for none. */
  ENCODER_NO_REPEAT_NGRAM_SIZE(
      Kind.COUNT, "The n-grams of the encoder's input that may not occur; 0 for none"),
  /** Sequences that may not occur. */
  BAD_WORDS_IDS(Kind.WORDS, "Sequences that may not occur"),
  /** Sequences and what is added to the score of their last token. */
  SEQUENCE_BIAS(Kind.BIASES, "Sequences and what is added to the score of their last token"),
  /**
   * What the decoder of an encoder-decoder model starts with: one token, or one for each row;
   * decoders alone have no use for it.
   */
  DECODER_START_TOKEN_ID(
      Kind.TOKENS,
      "What the decoder of an encoder-decoder model starts with:"
          + " one token, or one for each row; decoders alone have no use for it"),
  /** The first token after the decoder's start token. */
  FORCED_BOS_TOKEN_ID(Kind.TOKEN, "The first token after the decoder's start token"),
  /** The token at the last position. */
  FORCED_EOS_TOKEN_ID(Kind.TOKENS, "The token at the last position"),
  /** Tokens that never come. */
  SUPPRESS_TOKENS(Kind.TOKENS, "Tokens that never come"),
  /** Tokens that do not come first. */
  BEGIN_SUPPRESS_TOKENS(Kind.TOKENS, "Tokens that do not come first"),
  /** From where on, and how fast, the end becomes more likely. */
  EXPONENTIAL_DECAY_LENGTH_PENALTY(
      Kind.DECAY, "From where on, and how fast, the end becomes more likely"),
  /** Whether NaN and infinities are replaced. */
  REMOVE_INVALID_VALUES(Kind.FLAG, "Whether NaN and infinities are replaced"),
  /** Whether scores become log-probabilities after all rules. */
  RENORMALIZE_LOGITS(Kind.FLAG, "Whether scores become log-probabilities after all rules"),
  /** The tokens that end a row. */
  EOS_TOKEN_ID(Kind.TOKENS, "The tokens that end a row"),
  /** Whether rows go on beyond end tokens; ExecuTorch's, not of transformers. */
  IGNORE_EOS(
      Kind.FLAG, "Whether rows go on beyond end tokens; ExecuTorch's, not of" + " transformers"),
  /** The token that fills finished rows. */
  PAD_TOKEN_ID(Kind.TOKEN, "The token that fills finished rows"),
  /** ExecuTorch's bound of a row, prompt included; counts beside the number of new tokens. */
  SEQ_LEN(
      Kind.POSITIVE,
      "ExecuTorch's bound of a row, prompt included; counts beside" + " the number of new tokens"),
  /** How many of the most likely tokens are reported beside each chosen one. */
  LOGPROBS(Kind.COUNT, "How many of the most likely tokens are reported beside each chosen one"),
  /** Whether a prompt's text is given out before its continuation; read by runners. */
  ECHO(
      Kind.FLAG,
      "Whether a prompt's text is given out before its" + " continuation; read by runners"),
  /** How many begin tokens go before a text, instead of the tokenizer's own; read by runners. */
  NUM_BOS(
      Kind.COUNT,
      "How many begin tokens go before a text, instead of the"
          + " tokenizer's own; read by runners"),
  /** How many end tokens go after a text, instead of the tokenizer's own; read by runners. */
  NUM_EOS(
      Kind.COUNT,
      "How many end tokens go after a text, instead of the" + " tokenizer's own; read by runners"),
  /** The seconds that generation may take. */
  MAX_TIME(Kind.NOT_NEGATIVE, "The seconds that generation may take"),
  /** The seed of the random numbers. */
  SEED(Kind.SEED, "The seed of the random numbers");

  /** What values a setting takes. */
  enum Kind {
    COUNT("an integer of at least 0"),
    POSITIVE("an integer of at least 1"),
    REAL("a number"),
    NOT_NEGATIVE("a number of at least 0"),
    ABOVE_ZERO("a number above 0"),
    FRACTION("a number from 0 to 1"),
    FLAG("true or false"),
    EARLY("true, false or \"never\""),
    TOKEN("a token id"),
    TOKENS("a token id or a list of them"),
    WORDS("a list of lists of token ids"),
    BIASES("a list of pairs of token ids and a number"),
    DECAY("a pair of an integer and a number"),
    TEXTS("a string or a list of strings"),
    SEED("an integer of 64 bits");

    private final String expected;

    Kind(String expected) {
      this.expected = expected;
    }

    String expected() {
      return expected;
    }
  }

  private final Kind kind;
  private final String meaning;

  Setting(Kind kind, String meaning) {
    this.kind = kind;
    this.meaning = meaning;
  }

  /** Returns what the setting does in one line, for help. */
  public String meaning() {
    return meaning;
  }

  Kind kind() {
    return kind;
  }

  /** Returns what values are allowed, for messages and help. */
  public String expected() {
    return kind.expected();
  }

  /** Returns whether values are true and false. */
  public boolean isFlag() {
    return kind == Kind.FLAG;
  }

  /** Returns whether values are texts. */
  public boolean isText() {
    return kind == Kind.TEXTS;
  }

  /** Returns whether the setting only counts where tokens are drawn. */
  public boolean isForSampling() {
    return switch (this) {
      case TEMPERATURE, TOP_K, TOP_P, MIN_P, TYPICAL_P, EPSILON_CUTOFF, ETA_CUTOFF, TOP_H -> true;
      default -> false;
    };
  }

  /** Returns the name in {@code generation_config.json}. */
  public String jsonName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns the setting with a name in {@code generation_config.json}. */
  public static Optional<Setting> byName(String name) {
    for (Setting setting : values()) {
      if (setting.jsonName().equals(name)) {
        return Optional.of(setting);
      }
    }
    return Optional.empty();
  }
}
