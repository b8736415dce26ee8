package dev.sconce.export.generation.rule;

import dev.sconce.base.DType;
import dev.sconce.export.generation.RuleContext;
import dev.sconce.export.generation.ScoreMath;
import dev.sconce.export.generation.ScoreRule;
import dev.sconce.generate.EmbeddedSetting;
import dev.sconce.graph.Author;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Value;
import java.util.List;

/**
 * Keeps the fewest most likely tokens whose probabilities reach a sum.
 *
 * <pre>
 * mass = sum of exp(score - max) over all tokens
 * top 64:  w = exp(top - max);  a token stays if those before it sum to less than p · mass
 * </pre>
 *
 * <p>Sorting a whole vocabulary costs most of a decoding step, so only the top 64 are sorted; then,
 * if they do not reach the sum, the top 1024; then all.
 */
public record TopP() implements ScoreRule {

  private static final List<Integer> SIZES = List.of(64, 1024);

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
    Value wanted =
        context
            .author()
            .builder()
            .call(
                "aten::mul.Scalar_out",
                Operand.of(math.mass(scores, max)),
                Operand.of(context.settings().number(EmbeddedSetting.TOP_P)));
    return keep(context, scores, max, wanted, 0);
  }

  private static Value keep(
      RuleContext context, Value scores, Value max, Value wanted, int attempt) {
    Author a = context.author();
    ScoreMath math = context.math();
    boolean all = attempt == SIZES.size() || SIZES.get(attempt) >= context.vocabulary();
    int size = all ? context.vocabulary() : SIZES.get(attempt);
    ScoreMath.Top top = math.top(scores, size);
    Value weights = math.weights(top.values(), max);
    Value sums = math.cumulative(weights);
    if (all) {
      return kept(context, scores, top, a.sub(sums, weights), wanted);
    }
    Value enough = a.compare("ge", math.last(sums), wanted);
    return a.builder()
        .branch(
            enough,
            () -> List.of(Operand.of(kept(context, scores, top, a.sub(sums, weights), wanted))),
            () -> List.of(Operand.of(keep(context, scores, max, wanted, attempt + 1))))
        .getFirst();
  }

  private static Value kept(
      RuleContext context, Value scores, ScoreMath.Top top, Value before, Value wanted) {
    Author a = context.author();
    ScoreMath math = context.math();
    int size = Math.toIntExact(top.values().tensorType().dim(1).value());
    Value stays = a.compare("lt", before, wanted);
    Value first = Listed.firstOf(context, size, context.kept());
    Value values =
        a.where(
            a.builder().call("aten::logical_or.out", Operand.of(stays), Operand.of(first)),
            top.values(),
            math.scalar(Double.NEGATIVE_INFINITY, DType.FLOAT32));
    return math.scatter(math.bannedLike(scores), top.places(), values);
  }
}
