package dev.sconce.export.generation.internal.rule;

import dev.sconce.export.generation.RuleContext;
import dev.sconce.export.generation.ScoreRule;
import dev.sconce.generate.EmbeddedSetting;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Value;

/** Divides the scores: below 1 sharpens, above 1 flattens the distribution. */
public record Temperature() implements ScoreRule {

  @Override
  public String name() {
    return "temperature";
  }

  @Override
  public Value active(RuleContext context) {
    return Conditions.differs(context, EmbeddedSetting.TEMPERATURE);
  }

  @Override
  public Value apply(RuleContext context, Value scores) {
    return context
        .blocks()
        .builder()
        .call(
            "aten::div.Scalar_out",
            Operand.of(scores),
            Operand.of(context.settings().number(EmbeddedSetting.TEMPERATURE)));
  }
}
