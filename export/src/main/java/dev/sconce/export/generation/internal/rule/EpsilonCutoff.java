package dev.sconce.export.generation.internal.rule;

import dev.sconce.export.generation.RuleContext;
import dev.sconce.export.generation.ScoreMath;
import dev.sconce.export.generation.ScoreRule;
import dev.sconce.generate.EmbeddedSetting;
import dev.sconce.graph.Value;

/** Bans tokens less likely than a bound. */
public record EpsilonCutoff() implements ScoreRule {

  @Override
  public String name() {
    return "epsilon_cutoff";
  }

  @Override
  public Value active(RuleContext context) {
    return Conditions.fraction(context, EmbeddedSetting.EPSILON_CUTOFF);
  }

  @Override
  public Value apply(RuleContext context, Value scores) {
    ScoreMath math = context.math();
    Value bound = context.settings().number(EmbeddedSetting.EPSILON_CUTOFF);
    return BelowBound.ban(context, scores, math.compare("lt", math.probabilities(scores), bound));
  }
}
