package dev.sconce.export.generation.internal.rule;

import dev.sconce.export.generation.RuleContext;
import dev.sconce.export.generation.ScoreMath;
import dev.sconce.graph.Author;
import dev.sconce.graph.Value;

/** Bans tokens less likely than a bound, but for the most likely ones. */
final class BelowBound {

  private BelowBound() {}

  /**
   * Writes the ban.
   *
   * @param below where probabilities lie below the bound, {@code bool[rows, vocabulary]}
   */
  static Value ban(RuleContext context, Value scores, Value below) {
    Author a = context.author();
    ScoreMath math = context.math();
    int kept = Math.min(context.kept(), context.vocabulary());
    Value least = kept == 1 ? math.max(scores) : math.last(math.top(scores, kept).values());
    return math.ban(scores, a.and(below, a.compare("lt", scores, least)));
  }
}
