package dev.sconce.export.generation.internal.rule;

import dev.sconce.base.DType;
import dev.sconce.export.generation.RuleContext;
import dev.sconce.export.generation.ScoreMath;
import dev.sconce.export.generation.ScoreRule;
import dev.sconce.generate.EmbeddedSetting;
import dev.sconce.graph.Author;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Type;
import dev.sconce.graph.Value;
import java.util.List;

/** Bans tokens less likely than a bound that falls with the entropy: min(ε, √ε·exp(-entropy)). */
public record EtaCutoff() implements ScoreRule {

  @Override
  public String name() {
    return "eta_cutoff";
  }

  @Override
  public Value active(RuleContext context) {
    return Conditions.fraction(context, EmbeddedSetting.ETA_CUTOFF);
  }

  @Override
  public Value apply(RuleContext context, Value scores) {
    Author a = context.author();
    ScoreMath math = context.math();
    Value probabilities = math.probabilities(scores);
    Value epsilon =
        a.builder()
            .callTyped(
                "aten::full.out",
                List.of(
                    Operand.ints(1, 1),
                    Operand.of(context.settings().number(EmbeddedSetting.ETA_CUTOFF))),
                Type.TensorType.of(DType.FLOAT64, 1, 1));
    Value falling =
        a.mul(a.unary("exp", a.mul(math.entropy(probabilities), -1)), a.unary("sqrt", epsilon));
    Value bound = a.minimum(falling, epsilon);
    return BelowBound.ban(context, scores, a.compare("lt", probabilities, bound));
  }
}
