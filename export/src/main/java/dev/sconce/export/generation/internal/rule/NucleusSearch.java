package dev.sconce.export.generation.internal.rule;

import dev.sconce.base.DType;
import dev.sconce.export.generation.RuleContext;
import dev.sconce.export.generation.ScoreMath;
import dev.sconce.generate.EmbeddedSetting;
import dev.sconce.graph.Author;
import dev.sconce.graph.Dim;
import dev.sconce.graph.GraphBuilder;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Type;
import dev.sconce.graph.Value;
import java.util.List;

/**
 * The search for a bound above which the mass is a little less than what is wanted.
 *
 * <pre>
 * low  = log((1 - p) · mass(-∞) / V): what is not above it weighs no more than what is not wanted
 * high = 0
 * x    = below which some 256 tokens have as much of the mass as shall be left over;
 *        a line through log(mass / rest) where they have half of it and 1.6 times as much
 * until mass(x) is less than wanted by at most 40 · exp(x), and the line below reaches it within 0.5,
 * or from the fourth round on (of the second search: the seventh …) mass(x) is mass(low) or
 * mass(high), so that few different scores are left:
 *   x becomes low if mass(x) reaches what is wanted, else high
 *   x = where the line through log(mass / rest) at the last two x reaches it, 24 tokens early;
 *       the middle of low and high if that is not between them, or mass(x) was one of theirs
 * </pre>
 *
 * <p>What is left over is the larger number of tokens, whose sample is good also where a few tokens
 * have most of the mass. Scores take two or three rounds, whether they are flat or peaked.
 */
public final class NucleusSearch {

  /** After how many rounds the search ends. */
  public static final int ROUNDS = 12;

  /** The first round in which no change ends the search; later by as much in every other search. */
  private static final int STALLS_FROM = 3;

  /**
   * So many tokens at the bound may be missing when the search ends, if the line has them within
   * this span: even then a token weighs more than 40/48 of one at the bound on average.
   */
  private static final int MISSING = 40;

  private static final double SPAN = 0.5;

  /** How many tokens are looked at first, at least; all if there are fewer. */
  private static final int SAMPLE = 256;

  /** At which parts of the rest the first line is laid through. */
  private static final double LESS = 0.5;

  private static final double MORE = 1.6;

  private final Nucleus nucleus;
  private final RuleContext context;
  private final Author a;
  private final GraphBuilder builder;
  private final ScoreMath math;
  private final Value goal;
  private final Value low;
  private final Value high;
  private final Value massAtLow;
  private final Value massAtHigh;
  private final Value x;
  private final Value lastX;
  private final Value lastOdds;
  private final Value done;
  private final Value round;
  private final Value stallsFrom;
  private final Value likelyFew;

  private NucleusSearch(Nucleus nucleus) {
    this.nucleus = nucleus;
    this.context = nucleus.context();
    this.a = context.author();
    this.builder = a.builder();
    this.math = context.math();
    this.low = nucleus.column("low", DType.FLOAT64);
    this.high = nucleus.column("high", DType.FLOAT64);
    this.massAtLow = nucleus.column("mass_at_low", DType.FLOAT64);
    this.massAtHigh = nucleus.column("mass_at_high", DType.FLOAT64);
    this.x = nucleus.column("bound", DType.FLOAT64);
    this.lastX = nucleus.column("last_bound", DType.FLOAT64);
    this.lastOdds = nucleus.column("last_odds", DType.FLOAT64);
    this.done = nucleus.column("done", DType.BOOL);
    this.round = builder.buffer("nucleus.round", Type.TensorType.of(DType.INT64, 1, 1));
    this.stallsFrom = builder.buffer("nucleus.stalls_from", Type.TensorType.of(DType.INT64, 1, 1));
    this.goal = odds(nucleus.wanted());
    builder.copyInto(low, lowest());
    builder.copyInto(high, math.full(context.rows(), 1, 0, DType.FLOAT64));
    builder.copyInto(
        massAtLow, math.full(context.rows(), 1, Double.POSITIVE_INFINITY, DType.FLOAT64));
    builder.copyInto(massAtHigh, math.full(context.rows(), 1, 0, DType.FLOAT64));
    builder.copyInto(stallsFrom, math.full(Dim.ONE, 1, 0, DType.INT64));
    this.likelyFew = nucleus.column("likely_few", DType.BOOL);
    builder.copyInto(likelyFew, guess());
  }

  /** Writes what the search begins with. */
  static NucleusSearch begin(Nucleus nucleus) {
    return new NucleusSearch(nucleus);
  }

  /** Returns a buffer: whether it is likely that a few tokens reach what is wanted. */
  Value likelyFew() {
    return likelyFew;
  }

  /** Returns the least bound known above which there is less than is wanted; 0 at first. */
  Value high() {
    return high;
  }

  /** Returns what there is above it. */
  Value massAbove() {
    return massAtHigh;
  }

  /** Writes the search, or that it goes on from where it was. */
  void write() {
    builder.copyInto(round, math.full(Dim.ONE, 1, 0, DType.INT64));
    builder.copyInto(done, a.compare("ne", high, high));
    builder.copyInto(stallsFrom, a.add(stallsFrom, STALLS_FROM));
    a.loop(this::round);
  }

  /**
   * Writes what was found out elsewhere.
   *
   * @param known {@code bool[rows, 1]}, true in rows of which nothing was found out
   * @param bound above which there is less than is wanted
   * @param mass what there is above it
   */
  void narrow(Value known, Value bound, Value mass) {
    builder.copyInto(high, a.where(known, high, float32(bound)));
    builder.copyInto(massAtHigh, a.where(known, massAtHigh, mass));
    builder.copyInto(x, between(x));
  }

  private Value round() {
    Value wanted = nucleus.wanted();
    Value reached = math.total(nucleus.above(x));
    Value enough = a.compare("ge", reached, wanted);
    Value odds = odds(reached);
    Value slope = a.div(a.sub(odds, lastOdds), a.sub(x, lastX));
    Value weight = a.unary("exp", x);
    Value few = a.compare("le", a.sub(wanted, reached), a.mul(weight, MISSING));
    Value near = math.compare("ge", a.div(a.sub(goal, odds), slope), -SPAN);
    Value found = a.and(a.and(few, near), a.compare("lt", reached, wanted));
    // Sums of the same weights are the same; what is above high may have been added up otherwise.
    Value more = a.sub(reached, massAtHigh);
    Value same =
        a.or(a.compare("eq", reached, massAtLow), a.compare("lt", more, a.mul(weight, 0.5)));
    Value stalled = a.and(same, a.compare("ge", round, stallsFrom));
    builder.copyInto(low, a.where(enough, x, low));
    builder.copyInto(high, a.where(enough, high, x));
    builder.copyInto(massAtLow, a.where(enough, reached, massAtLow));
    builder.copyInto(massAtHigh, a.where(enough, massAtHigh, reached));
    Value early = odds(a.sub(wanted, a.mul(weight, Nucleus.FEW / 2)));
    Value next = between(a.add(x, a.div(a.sub(early, odds), slope)));
    builder.copyInto(lastX, x);
    builder.copyInto(lastOdds, odds);
    builder.copyInto(x, a.where(same, middle(), next));
    builder.copyInto(done, a.or(done, a.or(found, stalled)));
    builder.copyInto(round, a.add(round, 1));
    return a.or(done, a.compare("ge", round, ROUNDS));
  }

  private Value lowest() {
    Value p = context.settings().number(EmbeddedSetting.TOP_P);
    Value rest = a.number("sub", Operand.of(1.0), Operand.of(p));
    Value each = a.number("mul", Operand.of(rest), Operand.of(1.0 / context.vocabulary()));
    Value least =
        builder.call("aten::mul.Scalar_out", Operand.of(nucleus.total()), Operand.of(each));
    return float32(a.unary("log", least));
  }

  /** Writes the first bound and line; returns whether few tokens are likely to be enough. */
  private Value guess() {
    Value distances = sample(nucleus.below());
    long count = distances.tensorType().dim(1).value();
    double share = (double) count / nucleus.below().tensorType().dim(1).value();
    ScoreMath.Top ordered = math.top(distances, count);
    Value weights = math.doubles(math.gather(sample(nucleus.weights()), ordered.places()));
    Value sums = math.cumulative(weights);
    Value all = math.last(sums);
    // What each has together with those after it.
    Value tails = a.add(a.sub(all, sums), weights);
    Value rest = a.sub(nucleus.total(), nucleus.wanted());
    Value part = a.mul(rest, share);
    Value less = a.mul(part, LESS);
    Value more = a.minimum(a.mul(part, MORE), a.mul(a.add(part, all), 0.5));
    Value x1 = at(ordered, tails, less);
    Value x2 = at(ordered, tails, more);
    Value odds1 = odds(a.sub(nucleus.total(), a.mul(less, 1 / share)));
    Value odds2 = odds(a.sub(nucleus.total(), a.mul(more, 1 / share)));
    Value slope = a.div(a.sub(odds2, odds1), a.sub(x2, x1));
    builder.copyInto(x, between(at(ordered, tails, part)));
    builder.copyInto(lastX, a.add(x, 1));
    builder.copyInto(lastOdds, a.add(goal, slope));
    return a.compare("le", a.sub(all, a.slice(sums, 1, 0, 1)), part);
  }

  /** Writes the difference of the first from the end that has a mass with those after it. */
  private Value at(ScoreMath.Top ordered, Value tails, Value mass) {
    long count = tails.tensorType().dim(1).value();
    Value place = a.add(math.count(a.compare("ge", tails, mass)), -1);
    Value inside =
        builder.call("aten::clamp.out", Operand.of(place), Operand.of(0), Operand.of(count - 1));
    return math.doubles(math.gather(ordered.values(), inside));
  }

  /** Writes some numbers of every row. */
  private Value sample(Value numbers) {
    long size = numbers.tensorType().dim(1).value();
    long step = Math.max(1, size / SAMPLE);
    return builder.callTyped(
        "aten::slice_copy.Tensor_out",
        List.of(
            Operand.of(numbers), Operand.of(1), Operand.of(0), Operand.of(size), Operand.of(step)),
        new Type.TensorType(
            DType.FLOAT32, List.of(context.rows(), Dim.of(Math.ceilDiv(size, step)))));
  }

  /** Writes log(mass / rest); no number where there is no rest. */
  private Value odds(Value mass) {
    return a.unary("log", a.div(mass, a.sub(nucleus.total(), mass)));
  }

  /** Writes a number rounded to float32, or the middle of both ends if it is not between them. */
  private Value between(Value number) {
    Value rounded = float32(number);
    Value inside = a.and(a.compare("gt", rounded, low), a.compare("lt", rounded, high));
    return a.where(inside, rounded, middle());
  }

  private Value middle() {
    return float32(a.mul(a.add(low, high), 0.5));
  }

  private Value float32(Value numbers) {
    return math.doubles(a.to(numbers, DType.FLOAT32));
  }
}
