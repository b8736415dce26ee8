package dev.sconce.export.generation.internal.rule;

import dev.sconce.base.DType;
import dev.sconce.export.generation.RuleContext;
import dev.sconce.export.generation.ScoreMath;
import dev.sconce.export.generation.ScoreRule;
import dev.sconce.generate.EmbeddedSetting;
import dev.sconce.graph.Author;
import dev.sconce.graph.Dim;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Value;
import java.util.List;

/**
 * Keeps the most likely tokens whose entropy terms stay within a fraction of the entropy; only the
 * 100 most likely are looked at.
 *
 * <p>Near certainty the entropy is made of the roundings of the sum of probabilities, so they are
 * floats, summed as torch sums them: in sixteen lanes, then by halves.
 */
public record TopH() implements ScoreRule {

  private static final int CONSIDERED = 100;
  private static final int LANES = 16;

  @Override
  public String name() {
    return "top_h";
  }

  @Override
  public Value active(RuleContext context) {
    return Conditions.positive(context, EmbeddedSetting.TOP_H);
  }

  @Override
  public Value apply(RuleContext context, Value scores) {
    Author a = context.author();
    ScoreMath math = context.math();
    int count = Math.min(CONSIDERED, context.vocabulary());
    ScoreMath.Top top = math.top(scores, count);
    Value max = math.last(a.slice(top.values(), 1, 0, 1));
    Value norm =
        a.add(a.unary("log", math.sum(math.weights(top.values(), max))), math.doubles(max));
    Value logarithms = a.sub(top.values(), a.to(norm, DType.FLOAT32));
    Value probabilities = probabilities(context, logarithms, count);
    Value possible = math.compare("gt", probabilities, 0);
    Value none = math.scalar(0, DType.FLOAT32);
    Value terms = a.where(possible, a.mul(probabilities, logarithms), none);
    Value bound =
        a.builder()
            .call(
                "aten::mul.Scalar_out",
                Operand.of(a.mul(math.sum(math.doubles(terms)), -1)),
                Operand.of(context.settings().number(EmbeddedSetting.TOP_H)));
    Value own = a.to(a.unary("log", math.doubles(probabilities)), DType.FLOAT32);
    Value ownTerms = a.where(possible, a.mul(probabilities, own), none);
    Value sums = a.mul(math.cumulative(ownTerms), -1);
    Value stays = a.or(a.compare("le", sums, bound), Listed.firstOf(context, count, 1));
    Value values =
        a.where(stays, top.values(), math.scalar(Double.NEGATIVE_INFINITY, DType.FLOAT32));
    return math.scatter(math.bannedLike(scores), top.places(), values);
  }

  /** Returns the probabilities of log-probabilities in descending order, in float. */
  private static Value probabilities(RuleContext context, Value logarithms, int count) {
    Author a = context.author();
    ScoreMath math = context.math();
    Value largest = a.slice(logarithms, 1, 0, 1);
    Value exponentials =
        a.to(a.unary("exp", math.doubles(a.sub(logarithms, largest))), DType.FLOAT32);
    int rounds = Math.ceilDiv(count, LANES);
    int missing = rounds * LANES - count;
    Value full =
        missing == 0
            ? exponentials
            : a.cat(List.of(exponentials, math.full(context.rows(), missing, 0, DType.FLOAT32)), 1);
    Value sum = a.slice(full, 1, 0, LANES);
    for (int round = 1; round < rounds; round++) {
      sum = a.add(sum, a.slice(full, 1, (long) round * LANES, (round + 1L) * LANES));
    }
    for (int half = LANES / 2; half > 0; half /= 2) {
      sum = a.add(a.slice(sum, 1, 0, half), a.slice(sum, 1, half, 2L * half));
    }
    return a.div(exponentials, a.view(sum, context.rows(), Dim.ONE));
  }
}
