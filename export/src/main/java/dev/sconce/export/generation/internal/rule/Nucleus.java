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
 * The most likely tokens of a large vocabulary whose probabilities reach a sum.
 *
 * <p>Sorting a whole vocabulary costs several decoding steps. So a bound is looked for above which
 * the mass almost reaches what is wanted; of what is not above it the 64 largest are sorted, and
 * more only if these do not settle it.
 *
 * <pre>
 * d = score - max,  w = exp(d),  mass(x) = sum of the w with d &gt; x,  wanted = p · mass(-∞)
 * low  = log((1 - p) · mass(-∞) / V): what is not above it weighs no more than what is not wanted
 * high = 0
 * x    = where the mass is reached if it is distributed logistically, with the mean and the
 *        deviation of some tokens
 * until mass(x) is less than wanted by at most 48 · exp(x), and the line below reaches it within 0.5:
 *   x becomes low if mass(x) reaches what is wanted, else high
 *   x = where the line through log(mass / rest) at the last two x reaches it, 32 tokens early;
 *       the middle of low and high if that is not between them; high in the last round of 12
 * d &gt; x stay; the next ones stay as long as the mass before them is less than wanted
 * </pre>
 *
 * <p>Scores of models take two to four rounds. Whatever the search finds, the outcome is the same:
 * it decides only how many are sorted.
 *
 * @param context what rules look at
 * @param below the scores without the largest of their row, {@code float32[rows, vocabulary]}
 * @param weights exp of these
 * @param total the sum of the weights, {@code float64[rows, 1]}
 * @param wanted what the weights of those that stay must reach, {@code float64[rows, 1]}
 */
public record Nucleus(RuleContext context, Value below, Value weights, Value total, Value wanted) {

  /** After how many rounds the search ends. */
  public static final int ROUNDS = 12;

  /** How many weights are sorted at first after the search. */
  private static final int FEW = 64;

  /** How many are sorted if these are not enough. */
  private static final int MORE = 1024;

  /**
   * So many tokens at the bound may be missing when the search ends, if the line has them within
   * this span: even then a token weighs more than 48/64 of one at the bound on average.
   */
  private static final int MISSING = 48;

  private static final double SPAN = 0.5;

  /** Of how many tokens the mean and deviation are taken, at least; all if there are fewer. */
  private static final int SAMPLE = 1024;

  /** A logistic distribution of deviation 1 falls off like a normal one at this rate. */
  private static final double LOGISTIC = 1.7;

  /** Larger than any factor by which scores can differ from one. */
  private static final double HUGE = 1e30;

  /** Less than the weight of any token that is drawn. */
  private static final double TINY = 1e-30;

  private static final double FAR = 1e6;

  /**
   * Writes weights and what is wanted of them.
   *
   * @param max the largest score of every row
   */
  public static Nucleus of(RuleContext context, Value scores, Value max) {
    Author a = context.author();
    Value below = a.sub(scores, max);
    Value weights = a.unary("exp", below);
    Value total = context.math().total(weights);
    Value p = context.settings().number(EmbeddedSetting.TOP_P);
    Value share = a.builder().call("aten::mul.Scalar_out", Operand.of(total), Operand.of(p));
    // The most likely token stays even if nothing is wanted.
    Value wanted = a.clamp(share, TINY, Double.POSITIVE_INFINITY);
    return new Nucleus(context, below, weights, total, wanted);
  }

  /** Writes the weights with those of tokens that do not stay replaced by 0. */
  public Value kept() {
    GraphBuilder builder = context.author().builder();
    Value sure =
        builder.buffer(
            "nucleus.sure", new Type.TensorType(DType.FLOAT32, weights.tensorType().shape()));
    Value mass = column("mass");
    search(sure, mass);
    return with(FEW, sure, mass);
  }

  private Type.TensorType columnOf(DType dtype) {
    return new Type.TensorType(dtype, List.of(context.rows(), Dim.ONE));
  }

  private Value column(String name) {
    return context.author().builder().buffer("nucleus." + name, columnOf(DType.FLOAT64));
  }

  private void assign(Value buffer, Value value) {
    context.author().builder().callInto(buffer, "aten::alias_copy.out", Operand.of(value));
  }

  /** Writes the bound's search. */
  private void search(Value sure, Value mass) {
    Author a = context.author();
    ScoreMath math = context.math();
    Value low = column("low");
    Value high = column("high");
    Value x = column("bound");
    Value lastX = column("last_bound");
    Value lastOdds = column("last_odds");
    Value round = a.builder().buffer("nucleus.round", Type.TensorType.of(DType.INT64, 1, 1));
    assign(low, lowest());
    assign(high, math.full(context.rows(), 1, 0, DType.FLOAT64));
    assign(round, math.full(Dim.ONE, 1, 0, DType.INT64));
    Value goal = odds(wanted);
    guess(goal, x, lastX, lastOdds, low, high);
    a.loop(
        () -> {
          // In operators that delegates have.
          Value above = a.clamp(a.mul(a.sub(below, a.to(x, DType.FLOAT32)), HUGE), 0, 1);
          Value part = a.mul(above, weights);
          Value reached = math.total(part);
          assign(sure, part);
          assign(mass, reached);
          Value enough = a.compare("ge", reached, wanted);
          Value nextLow = a.where(enough, x, low);
          Value nextHigh = a.where(enough, high, x);
          assign(low, nextLow);
          assign(high, nextHigh);
          Value odds = odds(reached);
          Value slope = a.div(a.sub(odds, lastOdds), a.sub(x, lastX));
          Value weight = a.unary("exp", x);
          Value few = a.compare("le", a.sub(wanted, reached), a.mul(weight, MISSING));
          Value near = math.compare("ge", a.div(a.sub(goal, odds), slope), -SPAN);
          Value found = a.and(a.and(few, near), a.compare("lt", reached, wanted));
          Value early = odds(a.sub(wanted, a.mul(weight, FEW / 2)));
          Value step = a.div(a.sub(early, odds), slope);
          Value next = between(a.add(x, step), nextLow, nextHigh);
          assign(round, a.add(round, 1));
          Value last = a.compare("eq", round, ROUNDS - 1);
          assign(lastX, x);
          assign(lastOdds, odds);
          assign(x, a.where(found, x, a.where(last, nextHigh, next)));
          return a.builder()
              .call(
                  "aten::logical_or.out",
                  Operand.of(found),
                  Operand.of(a.compare("ge", round, ROUNDS)));
        });
  }

  private Value lowest() {
    Author a = context.author();
    Value p = context.settings().number(EmbeddedSetting.TOP_P);
    Value rest = a.number("sub", Operand.of(1.0), Operand.of(p));
    Value each = a.number("mul", Operand.of(rest), Operand.of(1.0 / context.vocabulary()));
    Value least = a.builder().call("aten::mul.Scalar_out", Operand.of(total), Operand.of(each));
    return float32(a.unary("log", least));
  }

  /** Writes the first bound, and a point far away on the line that is assumed there. */
  private void guess(Value odds, Value x, Value lastX, Value lastOdds, Value low, Value high) {
    Author a = context.author();
    ScoreMath math = context.math();
    Value some = math.doubles(sample(weights));
    // Banned tokens are infinitely far below, but have no weight.
    Value distances = math.doubles(a.clamp(sample(below), -HUGE, 0));
    Value sum = math.sum(some);
    Value first = a.mul(some, distances);
    Value mean = a.div(math.sum(first), sum);
    Value square = a.div(math.sum(a.mul(first, distances)), sum);
    Value deviation = a.unary("sqrt", a.sub(square, a.mul(mean, mean)));
    Value guessed = a.sub(mean, a.mul(a.mul(deviation, odds), 1 / LOGISTIC));
    Value bound = between(guessed, low, high);
    assign(x, bound);
    assign(lastX, a.add(bound, a.mul(deviation, FAR)));
    assign(lastOdds, a.add(odds, -FAR * LOGISTIC));
  }

  /** Writes some numbers of every row. */
  private Value sample(Value numbers) {
    int step = Math.max(1, context.vocabulary() / SAMPLE);
    long count = Math.ceilDiv(context.vocabulary(), step);
    return context
        .author()
        .builder()
        .callTyped(
            "aten::slice_copy.Tensor_out",
            List.of(
                Operand.of(numbers),
                Operand.of(1),
                Operand.of(0),
                Operand.of(context.vocabulary()),
                Operand.of(step)),
            new Type.TensorType(DType.FLOAT32, List.of(context.rows(), Dim.of(count))));
  }

  /** Writes log(mass / rest); no number where there is no rest. */
  private Value odds(Value mass) {
    Author a = context.author();
    return a.unary("log", a.div(mass, a.sub(total, mass)));
  }

  /** Writes a number rounded to float32, or the middle of both ends if it is not between them. */
  private Value between(Value number, Value low, Value high) {
    Author a = context.author();
    Value rounded = float32(number);
    Value inside = a.and(a.compare("gt", rounded, low), a.compare("lt", rounded, high));
    Value middle = float32(a.mul(a.add(low, high), 0.5));
    return a.where(inside, rounded, middle);
  }

  private Value float32(Value numbers) {
    return context.math().doubles(context.author().to(numbers, DType.FLOAT32));
  }

  /**
   * Writes the weights of those that surely stay and of the next ones that do, if they are among
   * the {@code count} next ones; else with more of these.
   */
  private Value with(int count, Value sure, Value mass) {
    if (count >= context.vocabulary()) {
      return sorted();
    }
    Author a = context.author();
    ScoreMath math = context.math();
    ScoreMath.Top most = math.largest(a.sub(weights, sure), count);
    // Of different scores some weights are equal, so these are put in the order of scores. Those
    // that surely stay are left over at the end.
    Value distances =
        math.ban(math.gather(below, most.places()), math.compare("eq", most.values(), 0));
    ScoreMath.Top ordered = math.top(distances, count);
    Value places = math.gather(most.places(), ordered.places());
    Value next = a.unary("exp", math.doubles(ordered.values()));
    Value sums = a.add(math.cumulative(next), mass);
    return a.builder()
        .branch(
            a.compare("ge", math.last(sums), wanted),
            () -> {
              Value values =
                  a.where(
                      a.compare("lt", a.sub(sums, next), wanted),
                      math.gather(weights, places),
                      math.gather(sure, places));
              return List.of(Operand.of(math.scatter(sure, places, values)));
            },
            () -> List.of(Operand.of(count < MORE ? with(MORE, sure, mass) : sorted())))
        .getFirst();
  }

  /** Sorts all. */
  private Value sorted() {
    Author a = context.author();
    ScoreMath math = context.math();
    ScoreMath.Top top = math.top(below, context.vocabulary());
    Value next = a.unary("exp", math.doubles(top.values()));
    Value stays = a.compare("lt", a.sub(math.cumulative(next), next), wanted);
    Value values = a.mul(a.unary("exp", top.values()), a.to(stays, DType.FLOAT32));
    return math.scatter(weights, top.places(), values);
  }
}
