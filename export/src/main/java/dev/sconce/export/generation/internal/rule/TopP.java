package dev.sconce.export.generation.internal.rule;

import dev.sconce.base.DType;
import dev.sconce.export.generation.RuleContext;
import dev.sconce.export.generation.ScoreMath;
import dev.sconce.export.generation.ScoreRule;
import dev.sconce.generate.EmbeddedSetting;
import dev.sconce.graph.Author;
import dev.sconce.graph.Dim;
import dev.sconce.graph.GraphBuilder;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Type;
import dev.sconce.graph.Value;
import java.util.List;

/**
 * Keeps the most likely tokens whose probabilities reach a sum.
 *
 * <p>A token stays if the mass of those before it in descending order is less than what is wanted.
 * Sorting a whole vocabulary costs several decoding steps, so the place where the mass is reached
 * is first looked for by halving an interval of scores; of what is then in doubt the 256 largest
 * are sorted, and only if these do not settle it all are.
 *
 * <pre>
 * d = score - max,  w = exp(d),  mass(x) = sum of the w with d &gt; x
 * low  = log((1 - p) · mass / V): what is not above it weighs no more than what is not wanted
 * high = 0
 * 11 times: middle of both becomes low if mass(middle) reaches what is wanted, else high
 * d &gt; high stay; the next ones stay as long as the mass before them is less than what is wanted
 * </pre>
 */
public record TopP() implements ScoreRule {

  /** How often the interval is halved. */
  public static final int ROUNDS = 11;

  /** How many scores are sorted at first. */
  private static final int FEW = 256;

  /** Larger than any factor by which scores can differ from one. */
  private static final double HUGE = 1e30;

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
      return sorted(context, scores, max, wanted(context, scores, max));
    }
    Author a = context.author();
    Value below = a.sub(scores, max);
    Value weights = a.unary("exp", below);
    Value total = math.sum(weights);
    Value wanted = wanted(context, total);
    Value high = halved(context, below, weights, total, wanted);
    return upTo(context, scores, max, below, weights, wanted, high);
  }

  /** Writes what the probabilities must reach, but for the factor that all weights have. */
  public static Value wanted(RuleContext context, Value scores, Value max) {
    return wanted(context, context.math().mass(scores, max));
  }

  private static Value wanted(RuleContext context, Value total) {
    return context
        .author()
        .builder()
        .call(
            "aten::mul.Scalar_out",
            Operand.of(total),
            Operand.of(context.settings().number(EmbeddedSetting.TOP_P)));
  }

  /** Writes the upper end of a small interval in which the mass is reached, {@code [rows, 1]}. */
  private static Value halved(
      RuleContext context, Value below, Value weights, Value total, Value wanted) {
    Author a = context.author();
    GraphBuilder builder = a.builder();
    Value p = context.settings().number(EmbeddedSetting.TOP_P);
    Value rest = a.number("sub", Operand.of(1.0), Operand.of(p));
    Value each = a.number("mul", Operand.of(rest), Operand.of(1.0 / context.vocabulary()));
    Value least = builder.call("aten::mul.Scalar_out", Operand.of(total), Operand.of(each));
    Value low = ends(context, "low", a.to(a.unary("log", least), DType.FLOAT32));
    Value high = ends(context, "high", context.math().full(context.rows(), 1, 0, DType.FLOAT32));
    Value round =
        builder.variable(
            "top_p.round", new Type.IntType(Dim.of(builder.freshSymbol("halved", 0, ROUNDS))));
    builder.assign(round, Operand.of(0));
    a.loop(
        () -> {
          Value middle = a.mul(a.add(low, high), 0.5);
          Value mass = context.math().sum(a.mul(above(a, below, middle), weights));
          Value reached = a.compare("ge", mass, wanted);
          Value nextLow = a.where(reached, middle, low);
          Value nextHigh = a.where(reached, high, middle);
          builder.callInto(low, "aten::alias_copy.out", Operand.of(nextLow));
          builder.callInto(high, "aten::alias_copy.out", Operand.of(nextHigh));
          builder.assign(round, Operand.of(a.number("add", Operand.of(round), Operand.of(1))));
          return a.number("ge", Operand.of(round), Operand.of(ROUNDS));
        });
    return high;
  }

  private static Value ends(RuleContext context, String name, Value first) {
    GraphBuilder builder = context.author().builder();
    Value buffer =
        builder.buffer(
            "top_p." + name, new Type.TensorType(DType.FLOAT32, List.of(context.rows(), Dim.ONE)));
    builder.callInto(buffer, "aten::alias_copy.out", Operand.of(first));
    return buffer;
  }

  /** Writes 1 where numbers are above a bound, 0 elsewhere: in operators that delegates have. */
  private static Value above(Author a, Value numbers, Value bound) {
    return a.clamp(a.mul(a.sub(numbers, bound), HUGE), 0, 1);
  }

  /** Writes negative infinity where flags are 1, 0 where they are 0. */
  private static Value infinite(Author a, Value flags) {
    return a.mul(a.mul(flags, -HUGE), HUGE);
  }

  private static Value upTo(
      RuleContext context,
      Value scores,
      Value max,
      Value below,
      Value weights,
      Value wanted,
      Value high) {
    Author a = context.author();
    ScoreMath math = context.math();
    Value above = above(a, below, high);
    Value sure = math.sum(a.mul(above, weights));
    ScoreMath.Top top = math.top(a.add(below, infinite(a, above)), FEW);
    Value next = a.unary("exp", math.doubles(top.values()));
    Value sums = a.add(math.cumulative(next), sure);
    return a.builder()
        .branch(
            a.compare("ge", math.last(sums), wanted),
            () -> {
              // 1 - above, negated: what is not above is banned, until it is put back.
              Value kept = a.add(scores, infinite(a, a.mul(a.add(above, -1), -1)));
              Value stay = a.compare("lt", a.sub(sums, next), wanted);
              Value values =
                  a.where(stay, math.gather(scores, top.places()), math.gather(kept, top.places()));
              return List.of(Operand.of(math.scatter(kept, top.places(), values)));
            },
            () -> List.of(Operand.of(sorted(context, scores, max, wanted))))
        .getFirst();
  }

  /** Sorts all scores. */
  private static Value sorted(RuleContext context, Value scores, Value max, Value wanted) {
    Author a = context.author();
    ScoreMath math = context.math();
    ScoreMath.Top top = math.top(scores, context.vocabulary());
    Value weights = math.weights(top.values(), max);
    Value before = a.sub(math.cumulative(weights), weights);
    Value values = stays(context, top.values(), before, wanted);
    return math.scatter(math.bannedLike(scores), top.places(), values);
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
}
