package dev.sconce.export.generation.internal.rule;

import dev.sconce.export.generation.RuleContext;
import dev.sconce.export.generation.ScoreMath;
import dev.sconce.export.generation.ScoreRule;
import dev.sconce.generate.EmbeddedSetting;
import dev.sconce.graph.Author;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Value;

/** Bans tokens that are less likely than a fraction of the most likely one. */
public record MinP() implements ScoreRule {

  @Override
  public String name() {
    return "min_p";
  }

  @Override
  public Value active(RuleContext context) {
    return Conditions.positive(context, EmbeddedSetting.MIN_P);
  }

  @Override
  public Value apply(RuleContext context, Value scores) {
    Author a = context.author();
    ScoreMath math = context.math();
    Value probabilities = math.probabilities(scores);
    Value bound =
        a.builder()
            .call(
                "aten::mul.Scalar_out",
                Operand.of(math.max(probabilities)),
                Operand.of(context.settings().number(EmbeddedSetting.MIN_P)));
    return BelowBound.ban(context, scores, a.compare("lt", probabilities, bound));
  }
}
