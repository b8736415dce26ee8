package dev.sconce.export.generation.internal.rule;

import dev.sconce.base.DType;
import dev.sconce.export.generation.RuleContext;
import dev.sconce.export.generation.ScoreMath;
import dev.sconce.export.generation.ScoreRule;
import dev.sconce.generate.EmbeddedSetting;
import dev.sconce.graph.Author;
import dev.sconce.graph.Value;

/** Turns the scores into log-probabilities. */
public record LogitNormalization() implements ScoreRule {

  @Override
  public String name() {
    return "renormalize_logits";
  }

  @Override
  public Value active(RuleContext context) {
    return Conditions.positive(context, EmbeddedSetting.RENORMALIZE_LOGITS);
  }

  @Override
  public Value apply(RuleContext context, Value scores) {
    Author a = context.author();
    ScoreMath math = context.math();
    Value max = math.doubles(math.max(scores));
    Value relative = a.sub(math.doubles(scores), max);
    Value logSum = a.unary("log", math.sum(a.unary("exp", relative)));
    return a.to(a.sub(relative, logSum), DType.FLOAT32);
  }
}
