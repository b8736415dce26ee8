package dev.sconce.export.generation;

import dev.sconce.export.generation.rule.RepetitionPenalty;
import dev.sconce.export.generation.rule.Temperature;
import dev.sconce.generate.EmbeddedSetting;
import dev.sconce.generate.GenerationConfig;
import dev.sconce.graph.Author;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Value;
import java.util.ArrayList;
import java.util.List;

/**
 * All rules of a program, in the order of transformers. Those that hold lists (bad words, biases,
 * suppressed and forced tokens …) are there only if the file's configuration has a list for them.
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
    List<ScoreRule> always = new ArrayList<>();
    always.add(new RepetitionPenalty());
    List<ScoreRule> filters = new ArrayList<>();
    filters.add(new Temperature());
    return new ScoreRules(always, filters, List.of());
  }

  /**
   * Writes all rules, each jumped over where it changes nothing.
   *
   * @param scores a buffer {@code float32[rows, vocabulary]}, which is changed in place
   * @param sampling whether tokens are drawn, a boolean of the program
   */
  public void apply(RuleContext context, Value scores, Value sampling) {
    apply(context, scores, always);
    context.author().when(sampling, () -> apply(context, scores, filters));
    apply(context, scores, last);
  }

  private static void apply(RuleContext context, Value scores, List<ScoreRule> rules) {
    for (ScoreRule rule : rules) {
      context
          .author()
          .when(
              rule.active(context),
              () ->
                  context
                      .blocks()
                      .builder()
                      .callInto(
                          scores, "aten::alias_copy.out", Operand.of(rule.apply(context, scores))));
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
