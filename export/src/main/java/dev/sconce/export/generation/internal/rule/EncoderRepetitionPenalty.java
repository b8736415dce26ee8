package dev.sconce.export.generation.internal.rule;

import dev.sconce.export.generation.RuleContext;
import dev.sconce.export.generation.ScoreRule;
import dev.sconce.generate.EmbeddedSetting;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Value;

/** Makes tokens of the encoder's input more likely (or less, below 1). */
public record EncoderRepetitionPenalty() implements ScoreRule {

  @Override
  public String name() {
    return "encoder_repetition_penalty";
  }

  @Override
  public Value active(RuleContext context) {
    return Conditions.differs(context, EmbeddedSetting.ENCODER_REPETITION_PENALTY);
  }

  @Override
  public Value apply(RuleContext context, Value scores) {
    Value inverse =
        context
            .author()
            .number(
                "truediv",
                Operand.of(1.0),
                Operand.of(context.settings().number(EmbeddedSetting.ENCODER_REPETITION_PENALTY)));
    return RepetitionPenalty.penalize(context, scores, context.encoded(), inverse);
  }
}
