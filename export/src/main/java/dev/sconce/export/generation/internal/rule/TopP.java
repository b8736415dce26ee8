package dev.sconce.export.generation.internal.rule;

import dev.sconce.base.DType;
import dev.sconce.export.generation.RuleContext;
import dev.sconce.export.generation.ScoreMath;
import dev.sconce.export.generation.ScoreRule;
import dev.sconce.generate.EmbeddedSetting;
import dev.sconce.graph.Author;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Value;

/**
 * Keeps the most likely tokens whose probabilities reach a sum: a token stays if the mass of those
 * before it in descending order is less than what is wanted.
 */
public record TopP() implements ScoreRule {

  /** Vocabularies up to this size are sorted. */
  private static final int FEW = 256;

  @Override
  public String name() {
    return "top_p";
  }

  @Override
  public Value active(RuleContext context) {
    return Conditions.belowOne(context, EmbeddedSetting.TOP_P);
  }

  @Override
  public Value apply(RuleContext context, Value scores) {
    ScoreMath math = context.math();
    Value max = math.max(scores);
    if (context.vocabulary() <= FEW || context.kept() > 1) {
      return sorted(context, scores, max);
    }
    Value kept = Nucleus.of(context, scores, max).kept();
    Value weights = context.author().slice(kept, 1, 0, context.vocabulary());
    return math.ban(scores, math.compare("eq", weights, 0));
  }

  /** Sorts all scores. */
  private static Value sorted(RuleContext context, Value scores, Value max) {
    Author a = context.author();
    ScoreMath math = context.math();
    ScoreMath.Top top = math.top(scores, context.vocabulary());
    Value weights = math.weights(top.values(), max);
    Value wanted =
        a.builder()
            .call(
                "aten::mul.Scalar_out",
                Operand.of(math.mass(scores, max)),
                Operand.of(context.settings().number(EmbeddedSetting.TOP_P)));
    Value before = a.sub(math.cumulative(weights), weights);
    Value stays = stays(context, before, wanted);
    Value values =
        a.where(stays, top.values(), math.scalar(Double.NEGATIVE_INFINITY, DType.FLOAT32));
    return math.scatter(math.bannedLike(scores), top.places(), values);
  }

  /**
   * Writes which of the most likely tokens stay.
   *
   * @param before the sum of the weights before each, in descending order
   * @param wanted what the weights must reach
   */
  public static Value stays(RuleContext context, Value before, Value wanted) {
    int size = Math.toIntExact(before.tensorType().dim(1).value());
    Value first = Listed.firstOf(context, size, context.kept());
    Author a = context.author();
    return a.or(a.compare("lt", before, wanted), first);
  }
}
