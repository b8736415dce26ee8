package dev.sconce.generate;

import dev.sconce.base.InvalidInputException;
import dev.sconce.generate.internal.rule.EncoderNoRepeatNgram;
import dev.sconce.generate.internal.rule.EncoderRepetitionPenalty;
import dev.sconce.generate.internal.rule.EpsilonCutoff;
import dev.sconce.generate.internal.rule.EtaCutoff;
import dev.sconce.generate.internal.rule.ExponentialDecayLengthPenalty;
import dev.sconce.generate.internal.rule.ForcedBos;
import dev.sconce.generate.internal.rule.ForcedEos;
import dev.sconce.generate.internal.rule.LogitNormalization;
import dev.sconce.generate.internal.rule.MinLength;
import dev.sconce.generate.internal.rule.MinP;
import dev.sconce.generate.internal.rule.NoRepeatNgram;
import dev.sconce.generate.internal.rule.RemoveInvalid;
import dev.sconce.generate.internal.rule.RepetitionPenalty;
import dev.sconce.generate.internal.rule.SequenceBias;
import dev.sconce.generate.internal.rule.SuppressTokens;
import dev.sconce.generate.internal.rule.SuppressTokensAtBegin;
import dev.sconce.generate.internal.rule.Temperature;
import dev.sconce.generate.internal.rule.TopH;
import dev.sconce.generate.internal.rule.TopK;
import dev.sconce.generate.internal.rule.TopP;
import dev.sconce.generate.internal.rule.Typical;
import java.util.ArrayList;
import java.util.List;

/** The rules that a configuration asks for, in the order of transformers 5. */
public final class LogitsRules {

  private static final int DEFAULT_TOP_K = 50;

  private final GenerationConfig config;
  private final List<LogitsRule> rules = new ArrayList<>();

  private LogitsRules(GenerationConfig config) {
    this.config = config;
  }

  /**
   * Returns the rules of a configuration.
   *
   * @param promptLength the length of the prompts, padding included
   * @param maxLength the greatest length of a row
   * @param encoderInputs the encoder's input of every prompt; empty for a decoder alone, whose
   *     prompts then count
   * @param custom rules that run after those of the configuration and before sampling filters
   */
  public static List<LogitsRule> of(
      GenerationConfig config,
      int promptLength,
      int maxLength,
      int[][] encoderInputs,
      List<LogitsRule> custom) {
    LogitsRules built = new LogitsRules(config);
    built.bans(encoderInputs);
    built.lengths(promptLength, maxLength);
    built.rules.addAll(custom);
    if (config.sampling()) {
      built.filters();
    }
    if (config.flag(Setting.RENORMALIZE_LOGITS)) {
      built.rules.add(new LogitNormalization());
    }
    return List.copyOf(built.rules);
  }

  private void bans(int[][] inputs) {
    if (!config.sequenceBias().isEmpty()) {
      rules.add(new SequenceBias(config.sequenceBias()));
    }
    double encoderPenalty = config.number(Setting.ENCODER_REPETITION_PENALTY, 1);
    if (encoderPenalty != 1) {
      rules.add(new EncoderRepetitionPenalty(encoderPenalty, inputs));
    }
    double penalty = config.number(Setting.REPETITION_PENALTY, 1);
    if (penalty != 1) {
      rules.add(new RepetitionPenalty(penalty, 0));
    }
    int size = config.count(Setting.NO_REPEAT_NGRAM_SIZE, 0);
    if (size > 0) {
      rules.add(new NoRepeatNgram(size));
    }
    int encoderSize = config.count(Setting.ENCODER_NO_REPEAT_NGRAM_SIZE, 0);
    if (encoderSize > 0) {
      rules.add(new EncoderNoRepeatNgram(encoderSize, inputs));
    }
    if (!config.badWords().isEmpty()) {
      List<Integer> end = java.util.Arrays.stream(config.endTokens()).boxed().toList();
      rules.add(SequenceBias.banning(config.badWords(), end));
    }
  }

  private void lengths(int promptLength, int maxLength) {
    int[] end = config.endTokens();
    int minLength = config.count(Setting.MIN_LENGTH, 0);
    if (minLength > 0 && end.length > 0) {
      rules.add(new MinLength(minLength, end));
    }
    int minNew = config.count(Setting.MIN_NEW_TOKENS, 0);
    if (minNew > 0 && end.length > 0) {
      rules.add(new MinLength(promptLength + minNew, end));
    }
    int[] bos = config.tokens(Setting.FORCED_BOS_TOKEN_ID);
    if (bos.length > 0) {
      rules.add(new ForcedBos(bos[0]));
    }
    if (config.isSet(Setting.FORCED_EOS_TOKEN_ID)) {
      rules.add(new ForcedEos(maxLength, config.tokens(Setting.FORCED_EOS_TOKEN_ID)));
    }
    if (config.flag(Setting.REMOVE_INVALID_VALUES)) {
      rules.add(new RemoveInvalid());
    }
    if (config.decayStart() >= 0) {
      if (end.length == 0) {
        throw new InvalidInputException(
            "GenerationConfig",
            "exponential_decay_length_penalty",
            "an end token, which it makes more likely",
            "none");
      }
      rules.add(
          new ExponentialDecayLengthPenalty(
              config.decayStart() + promptLength, config.decayFactor(), end));
    }
    if (config.isSet(Setting.SUPPRESS_TOKENS)) {
      rules.add(new SuppressTokens(config.tokens(Setting.SUPPRESS_TOKENS)));
    }
    if (config.isSet(Setting.BEGIN_SUPPRESS_TOKENS)) {
      // A forced first token moves the first free position back by one.
      int begin = promptLength > 1 || bos.length == 0 ? promptLength : promptLength + 1;
      rules.add(new SuppressTokensAtBegin(config.tokens(Setting.BEGIN_SUPPRESS_TOKENS), begin));
    }
  }

  private void filters() {
    // Beams need one token that does not end the row.
    int kept = config.beams() > 1 ? config.endTokens().length + 1 : 1;
    kept = config.beams() > 1 ? Math.max(kept, 2) : kept;
    double temperature = config.number(Setting.TEMPERATURE, 1);
    if (temperature != 1) {
      rules.add(new Temperature((float) temperature));
    }
    if (config.isSet(Setting.TOP_H)) {
      rules.add(new TopH(config.number(Setting.TOP_H, 1)));
    }
    int topK = config.count(Setting.TOP_K, DEFAULT_TOP_K);
    if (topK != 0) {
      rules.add(new TopK(Math.max(topK, kept)));
    }
    double topP = config.number(Setting.TOP_P, 1);
    if (topP < 1) {
      rules.add(new TopP(topP, kept));
    }
    if (config.isSet(Setting.MIN_P)) {
      rules.add(new MinP(config.number(Setting.MIN_P, 0), kept));
    }
    double typical = config.number(Setting.TYPICAL_P, 1);
    if (typical < 1) {
      rules.add(new Typical(typical, kept));
    }
    double epsilon = config.number(Setting.EPSILON_CUTOFF, 0);
    if (epsilon > 0 && epsilon < 1) {
      rules.add(new EpsilonCutoff(epsilon, kept));
    }
    double eta = config.number(Setting.ETA_CUTOFF, 0);
    if (eta > 0 && eta < 1) {
      rules.add(new EtaCutoff(eta, kept));
    }
  }
}
