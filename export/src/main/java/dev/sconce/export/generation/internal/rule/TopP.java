package dev.sconce.export.generation.internal.rule;

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
    Value max = context.math().max(scores);
    return keep(context, scores, max, wanted(context, scores, max), 0);
  }

  /** Writes what the probabilities must reach, but for the factor that all weights have. */
  public static Value wanted(RuleContext context, Value scores, Value max) {
    return context
        .author()
        .builder()
        .call(
            "aten::mul.Scalar_out",
            Operand.of(context.math().mass(scores, max)),
            Operand.of(context.settings().number(EmbeddedSetting.TOP_P)));
  }

  /**
   * Writes which of the most likely scores stay; the others are banned.
   *
   * @param values the most likely scores in order
   * @param before the sum of the weights before each
   * @param wanted what the weights must reach
   */
  public static Value stays(RuleContext context, Value values, Value before, Value wanted) {
    Author a = context.author();
    int size = Math.toIntExact(values.tensorType().dim(1).value());
    Value first = Listed.firstOf(context, size, context.kept());
    Value stays =
        a.builder()
            .call(
                "aten::logical_or.out",
                Operand.of(a.compare("lt", before, wanted)),
                Operand.of(first));
    return a.where(stays, values, context.math().scalar(Double.NEGATIVE_INFINITY, DType.FLOAT32));
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
    ScoreMath math = context.math();
    Value values = stays(context, top.values(), before, wanted);
    return math.scatter(math.bannedLike(scores), top.places(), values);
  }
}
