package dev.sconce.export.generation;

import dev.sconce.export.generation.internal.rule.EncoderNoRepeatNgram;
import dev.sconce.export.generation.internal.rule.EncoderRepetitionPenalty;
import dev.sconce.export.generation.internal.rule.EpsilonCutoff;
import dev.sconce.export.generation.internal.rule.EtaCutoff;
import dev.sconce.export.generation.internal.rule.ExponentialDecay;
import dev.sconce.export.generation.internal.rule.ForcedBos;
import dev.sconce.export.generation.internal.rule.ForcedEos;
import dev.sconce.export.generation.internal.rule.LogitNormalization;
import dev.sconce.export.generation.internal.rule.MinLength;
import dev.sconce.export.generation.internal.rule.MinP;
import dev.sconce.export.generation.internal.rule.NoRepeatNgram;
import dev.sconce.export.generation.internal.rule.RemoveInvalid;
import dev.sconce.export.generation.internal.rule.RepetitionPenalty;
import dev.sconce.export.generation.internal.rule.SequenceBias;
import dev.sconce.export.generation.internal.rule.SuppressTokens;
import dev.sconce.export.generation.internal.rule.SuppressTokensAtBegin;
import dev.sconce.export.generation.internal.rule.Temperature;
import dev.sconce.export.generation.internal.rule.TopH;
import dev.sconce.export.generation.internal.rule.TopK;
import dev.sconce.export.generation.internal.rule.TopP;
import dev.sconce.export.generation.internal.rule.Typical;
import dev.sconce.generate.EmbeddedSetting;
import dev.sconce.generate.GenerationConfig;
import dev.sconce.generate.Setting;
import dev.sconce.graph.Author;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * All rules of a program, in the order of transformers. Those that hold lists (bad words, biases,
 * suppressed and forced tokens …) are there only if the file's configuration has a list for them,
 * and a call can do without each.
 *
 * @param always rules that apply in every search
 * @param filters rules that apply where tokens are drawn
 * @param last rules that apply after the filters, in every search
 */
public record ScoreRules(List<ScoreRule> always, List<ScoreRule> filters, List<ScoreRule> last) {

  /** Copies the lists. */
  public ScoreRules {
    always = List.copyOf(always);
    filters = List.copyOf(filters);
    last = List.copyOf(last);
  }

  /** Returns the rules of a program whose lists come from a configuration. */
  public static ScoreRules of(GenerationConfig config) {
    return new ScoreRules(
        always(config),
        List.of(
            new Temperature(),
            new TopH(),
            new TopK(),
            new TopP(),
            new MinP(),
            new Typical(),
            new EpsilonCutoff(),
            new EtaCutoff()),
        List.of(new LogitNormalization()));
  }

  private static List<ScoreRule> always(GenerationConfig config) {
    List<ScoreRule> rules = new ArrayList<>();
    if (holds(config, EmbeddedSetting.SEQUENCE_BIAS)) {
      rules.add(new SequenceBias("sequence_bias", config.sequenceBias(), false));
    }
    rules.add(new EncoderRepetitionPenalty());
    rules.add(new RepetitionPenalty());
    rules.add(new NoRepeatNgram());
    rules.add(new EncoderNoRepeatNgram());
    if (holds(config, EmbeddedSetting.BAD_WORDS_IDS)) {
      rules.add(SequenceBias.banning(config.badWords()));
    }
    rules.add(new MinLength(false));
    rules.add(new MinLength(true));
    boolean forcesFirst = holds(config, EmbeddedSetting.FORCED_BOS_TOKEN_ID);
    if (forcesFirst) {
      rules.add(new ForcedBos(config.tokens(Setting.FORCED_BOS_TOKEN_ID)[0]));
    }
    if (holds(config, EmbeddedSetting.FORCED_EOS_TOKEN_ID)) {
      rules.add(new ForcedEos(list(config, Setting.FORCED_EOS_TOKEN_ID)));
    }
    if (holds(config, EmbeddedSetting.REMOVE_INVALID_VALUES)) {
      rules.add(new RemoveInvalid());
    }
    if (holds(config, EmbeddedSetting.EXPONENTIAL_DECAY_LENGTH_PENALTY)) {
      rules.add(new ExponentialDecay(config.decayStart(), config.decayFactor()));
    }
    if (holds(config, EmbeddedSetting.SUPPRESS_TOKENS)) {
      rules.add(new SuppressTokens(list(config, Setting.SUPPRESS_TOKENS)));
    }
    if (holds(config, EmbeddedSetting.BEGIN_SUPPRESS_TOKENS)) {
      rules.add(
          new SuppressTokensAtBegin(list(config, Setting.BEGIN_SUPPRESS_TOKENS), forcesFirst));
    }
    return rules;
  }

  private static boolean holds(GenerationConfig config, EmbeddedSetting baked) {
    return baked.of(config) != baked.neutral();
  }

  private static List<Integer> list(GenerationConfig config, Setting setting) {
    return Arrays.stream(config.tokens(setting)).boxed().toList();
  }

  /**
   * Writes the rules of searches that draw no tokens, each jumped over where it changes nothing.
   *
   * @param scores a buffer {@code float32[rows, vocabulary]}, which is changed in place
   */
  public void apply(RuleContext context, Value scores) {
    begin(context, scores);
    finish(context, scores);
  }

  /** Writes the rules that apply in every search, before the filters. */
  void begin(RuleContext context, Value scores) {
    apply(context, scores, always);
  }

  /** Writes the filters of the given names, or all but these. */
  void filter(RuleContext context, Value scores, List<String> names, boolean these) {
    List<ScoreRule> chosen =
        filters.stream().filter(rule -> names.contains(rule.name()) == these).toList();
    apply(context, scores, chosen);
  }

  /** Writes the rules that apply in every search, after the filters. */
  void finish(RuleContext context, Value scores) {
    apply(context, scores, last);
  }

  /** Writes what to do if no rule applies that comes after a filter where tokens are drawn. */
  void whenNoneAfter(RuleContext context, String filter, Runnable then) {
    int place = filters.stream().map(ScoreRule::name).toList().indexOf(filter);
    List<ScoreRule> after = new ArrayList<>(filters.subList(place + 1, filters.size()));
    after.addAll(last);
    whenNone(context, after, then);
  }

  private static void whenNone(RuleContext context, List<ScoreRule> rules, Runnable then) {
    if (rules.isEmpty()) {
      then.run();
      return;
    }
    Value active = rules.getFirst().active(context);
    Runnable rest = () -> whenNone(context, rules.subList(1, rules.size()), then);
    context.author().branch(active, () -> {}, rest);
  }

  private static void apply(RuleContext context, Value scores, List<ScoreRule> rules) {
    Author a = context.author();
    for (ScoreRule rule : rules) {
      Runnable write =
          () ->
              a.when(
                  rule.active(context),
                  () -> a.builder().copyInto(scores, rule.apply(context, scores)));
      Optional<EmbeddedSetting> baked =
          EmbeddedSetting.named(rule.name()).filter(EmbeddedSetting::isBaked);
      if (baked.isPresent()) {
        Value counts = context.settings().number(baked.get());
        a.when(a.number("gt", Operand.of(counts), Operand.of(0.0)), write);
      } else {
        write.run();
      }
    }
  }

  /** Writes whether tokens are drawn: asked for, at a temperature above 0. */
  public static Value sampling(Author a, Settings settings) {
    // Booleans of the program know no "and": the product of both is above 0.
    Value both =
        a.number(
            "mul",
            Operand.of(settings.number(EmbeddedSetting.DO_SAMPLE)),
            Operand.of(settings.number(EmbeddedSetting.TEMPERATURE)));
    return a.number("gt", Operand.of(both), Operand.of(0));
  }
}
