package dev.sconce.export.generation.internal.rule;

import dev.sconce.export.generation.RuleContext;
import dev.sconce.export.generation.ScoreMath;
import dev.sconce.export.generation.ScoreRule;
import dev.sconce.generate.EmbeddedSetting;
import dev.sconce.graph.Author;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Value;

/**
 * Makes tokens that occurred, prompt included, less likely (or more, below 1): divides positive and
 * multiplies negative scores. A token that occurs twice is written twice with the same score.
 */
public record RepetitionPenalty() implements ScoreRule {

  @Override
  public String name() {
    return "repetition_penalty";
  }

  @Override
  public Value active(RuleContext context) {
    return Conditions.differs(context, EmbeddedSetting.REPETITION_PENALTY);
  }

  @Override
  public Value apply(RuleContext context, Value scores) {
    Value penalty = context.settings().number(EmbeddedSetting.REPETITION_PENALTY);
    return penalize(context, scores, context.tokens(), penalty);
  }

  static Value penalize(RuleContext context, Value scores, Value tokens, Value penalty) {
    Author a = context.author();
    ScoreMath math = context.math();
    Value old = math.gather(scores, tokens);
    Value more = a.builder().call("aten::mul.Scalar_out", Operand.of(old), Operand.of(penalty));
    Value less = a.builder().call("aten::div.Scalar_out", Operand.of(old), Operand.of(penalty));
    return math.scatter(scores, tokens, a.where(math.compare("lt", old, 0), more, less));
  }
}
