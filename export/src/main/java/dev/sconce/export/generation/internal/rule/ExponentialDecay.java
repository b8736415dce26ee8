package dev.sconce.export.generation.internal.rule;

import dev.sconce.base.DType;
import dev.sconce.export.generation.RuleContext;
import dev.sconce.export.generation.ScoreMath;
import dev.sconce.export.generation.ScoreRule;
import dev.sconce.graph.Author;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Type;
import dev.sconce.graph.Value;
import java.util.List;

/**
 * Makes the end tokens exponentially more likely from a length on.
 *
 * <pre>
 * n = length - prompt - start;  n &gt; 0:  score += |score| · (factorⁿ - 1)
 * </pre>
 *
 * @param start after how many new tokens it begins
 * @param factor the base of the growth
 */
public record ExponentialDecay(int start, double factor) implements ScoreRule {

  @Override
  public String name() {
    return "exponential_decay_length_penalty";
  }

  @Override
  public Value active(RuleContext context) {
    return context.author().number("gt", Operand.of(beyond(context)), Operand.of(0));
  }

  private Value beyond(RuleContext context) {
    Author a = context.author();
    Value made = a.number("sub", Operand.of(context.length()), Operand.of(context.prompt()));
    return a.number("sub", Operand.of(made), Operand.of(start));
  }

  @Override
  public Value apply(RuleContext context, Value scores) {
    Author a = context.author();
    ScoreMath math = context.math();
    Type.TensorType one = Type.TensorType.of(DType.FLOAT64, 1, 1);
    Value exponent =
        a.builder()
            .callTyped(
                "aten::full.out", List.of(Operand.ints(1, 1), Operand.of(beyond(context))), one);
    Value power =
        a.builder()
            .callTyped(
                "aten::pow.Scalar_out", List.of(Operand.of(factor), Operand.of(exponent)), one);
    Value growth = a.add(power, -1);
    Value size = a.unary("abs", math.doubles(scores));
    Value added = a.to(a.mul(size, growth), DType.FLOAT32);
    return a.where(context.end().mask(), a.add(scores, added), scores);
  }
}
