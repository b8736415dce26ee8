package dev.sconce.export.generation.internal.rule;

import dev.sconce.export.generation.Integers;
import dev.sconce.export.generation.RuleContext;
import dev.sconce.export.generation.ScoreMath;
import dev.sconce.export.generation.ScoreRule;
import dev.sconce.generate.EmbeddedSetting;
import dev.sconce.graph.Author;
import dev.sconce.graph.Dim;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Value;

/**
 * Keeps the tokens whose information is closest to the entropy, up to a probability mass.
 *
 * <pre>
 * distance = |log sum - score - entropy|, sorted;  last = how many running sums are below the mass
 * banned: distance &gt; distance[last]
 * </pre>
 */
public record Typical() implements ScoreRule {

  @Override
  public String name() {
    return "typical_p";
  }

  @Override
  public Value active(RuleContext context) {
    return Conditions.belowOne(context, EmbeddedSetting.TYPICAL_P);
  }

  @Override
  public Value apply(RuleContext context, Value scores) {
    Author a = context.author();
    ScoreMath math = context.math();
    int all = context.vocabulary();
    Value max = math.max(scores);
    Value weights = math.weights(scores, max);
    Value sum = math.sum(weights);
    Value probabilities = a.div(weights, sum);
    Value logSum = a.add(a.unary("log", sum), math.doubles(max));
    Value middle = a.sub(logSum, math.entropy(probabilities));
    Value distances = a.unary("abs", a.sub(middle, math.doubles(scores)));
    ScoreMath.Top sorted = math.top(distances, Operand.of(all), Dim.of(all), false);
    Value sums = math.cumulative(math.gather(probabilities, sorted.places()));
    Value mass = context.settings().number(EmbeddedSetting.TYPICAL_P);
    Value below = math.count(math.compare("lt", sums, mass));
    Value end = Integers.constant(context.blocks(), new long[] {all - 1L}, 1, 1);
    Value last = a.minimum(below, end);
    Value bound = math.gather(sorted.values(), last);
    Value kept = math.ban(scores, a.compare("gt", distances, bound));
    if (context.kept() == 1) {
      return kept;
    }
    int count = Math.min(context.kept(), all);
    Value first = a.slice(sorted.places(), 1, 0, count);
    return math.scatter(kept, first, math.gather(scores, first));
  }
}
