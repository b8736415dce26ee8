package dev.sconce.export.generation.internal.rule;

import dev.sconce.base.DType;
import dev.sconce.export.generation.RuleContext;
import dev.sconce.export.generation.ScoreMath;
import dev.sconce.graph.Dim;
import dev.sconce.graph.Value;
import java.util.List;

/** Leaves some tokens only, with equal scores. */
final class Forced {

  private Forced() {}

  static Value force(RuleContext context, Value scores, int... allowed) {
    ScoreMath math = context.math();
    Value tokens = Listed.tokens(context, allowed);
    int count = Math.toIntExact(tokens.tensorType().dim(1).value());
    Dim rows = context.rows();
    return math.scatter(
        math.bannedLike(scores),
        context.author().expand(tokens, List.of(rows, Dim.of(count))),
        math.full(rows, count, 0, DType.FLOAT32));
  }
}
