package dev.sconce.export.generation.internal.rule;

import dev.sconce.base.DType;
import dev.sconce.export.generation.RuleContext;
import dev.sconce.export.generation.ScoreRule;
import dev.sconce.graph.Author;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Value;

/** Replaces NaN by 0 and infinities by the largest finite numbers. */
public record RemoveInvalid() implements ScoreRule {

  @Override
  public String name() {
    return "remove_invalid_values";
  }

  @Override
  public Value active(RuleContext context) {
    return Conditions.always(context);
  }

  @Override
  public Value apply(RuleContext context, Value scores) {
    Author a = context.author();
    Value invalid = a.builder().call("aten::isnan.out", Operand.of(scores));
    Value numbers = a.where(invalid, context.math().scalar(0, DType.FLOAT32), scores);
    return a.clamp(numbers, -Float.MAX_VALUE, Float.MAX_VALUE);
  }
}
