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
 * the mass almost reaches what is wanted, and of what is not above it the 48 largest are sorted.
 *
 * <pre>
 * d = score - max,  w = exp(d),  mass(x) = sum of the w with d &gt; x,  wanted = p · mass(-∞)
 * x = 0 if the rest of some tokens but the largest suggests that 48 are enough,
 *     else what {@link NucleusSearch} finds: mass(x) is less than wanted
 * d &gt; x stay
 * of the 48 next ones: those stay before which the mass is less than wanted
 * if equals of the last one of these are left out, or 48 are not enough:
 *   of all that are equal to it as many stay as are wanted, the first ones of the vocabulary
 * if they are not enough either: the search goes on, and after three times all are sorted
 * </pre>
 *
 * <p>What the search finds decides only how long it takes.
 *
 * <p>What is done to all scores is made of operators that delegates have: a difference, enlarged so
 * far that no weight is above it, and limited, serves for a comparison.
 *
 * @param context what rules look at
 * @param below d, {@code float32[rows, size]}, where the size is that of the vocabulary or the next
 *     multiple of 256
 * @param weights w
 * @param total mass(-∞), {@code float64[rows, 1]}
 * @param wanted what the weights of those that stay must reach, {@code float64[rows, 1]}
 */
public record Nucleus(RuleContext context, Value below, Value weights, Value total, Value wanted) {

  /** How often it is searched at most before all are sorted. */
  public static final int SEARCHES = 4;

  /** Larger than any factor by which scores can differ from a weight or the least of all scores. */
  private static final double HUGE = 0x1p120;

  /**
   * How many tokens are sorted after the search. The official runtime's topk keeps a heap, which is
   * fast, if it looks at 64 times as many numbers as it returns.
   */
  static final int FEW = 48;

  /** A float32 times this is one or two steps larger; beside it for 0. */
  private static final double STEP = 1 + 9e-8;

  private static final double STEP_FROM_ZERO = 1e-30;

  /** Scores below it have no weight. */
  private static final double LOWEST = -1000;

  /** Less than the weight of any token that is drawn. */
  private static final double TINY = 1e-30;

  /** The size becomes a multiple of this. */
  private static final int MULTIPLE = 256;

  /** More than a vocabulary has. */
  private static final double MANY = 1e9;

  /**
   * Writes weights and what is wanted of them.
   *
   * @param max the largest score of every row
   */
  public static Nucleus of(RuleContext context, Value scores, Value max) {
    Author a = context.author();
    Value below = a.sub(context.math().padded(scores, MULTIPLE, Double.NEGATIVE_INFINITY), max);
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
    Author a = context.author();
    GraphBuilder builder = a.builder();
    Value kept = builder.buffer("nucleus.kept", weights.tensorType());
    Value settled = builder.variable("nucleus.settled", Type.BoolType.BOOL);
    Value searches = builder.buffer("nucleus.searches", Type.TensorType.of(DType.INT64, 1, 1));
    NucleusSearch search = NucleusSearch.begin(this);
    builder.assign(settled, Operand.of(false));
    builder.copyInto(searches, context.math().full(Dim.ONE, 1, 0, DType.INT64));
    a.loop(
        () -> {
          a.branch(search.likelyFew(), () -> {}, search::write);
          builder.copyInto(search.likelyFew(), a.compare("ne", search.high(), search.high()));
          builder.copyInto(searches, a.add(searches, 1));
          after(search, kept, () -> builder.assign(settled, Operand.of(true)));
          a.branch(
              settled,
              () -> {},
              () ->
                  a.when(
                      a.compare("ge", searches, SEARCHES),
                      () -> {
                        sortAll(kept);
                        builder.assign(settled, Operand.of(true));
                      }));
          return settled;
        });
    return kept;
  }

  /** Writes the weights of those above a bound, else 0: {@code float32[rows, size]}. */
  Value above(Value bound) {
    return context.author().minimum(over(bound), weights);
  }

  /** Writes 0 for those that are not above a bound, and much for others. */
  private Value over(Value bound) {
    Author a = context.author();
    Value differences = a.sub(below, a.to(bound, DType.FLOAT32));
    return a.clamp(a.mul(differences, HUGE), 0, Double.POSITIVE_INFINITY);
  }

  /** Writes 1 for those that are above a bound, else 0. */
  private Value isOver(Value bound) {
    return context.author().clamp(over(bound), 0, 1);
  }

  /** Writes the weights of those that stay, if they are found where the search ended. */
  private void after(NucleusSearch search, Value kept, Runnable found) {
    Author a = context.author();
    ScoreMath math = context.math();
    Value bound = a.to(search.high(), DType.FLOAT32);
    Value over = over(bound);
    Value sure = a.minimum(over, weights);
    Value near = math.likely(a.sub(below, over), FEW);
    Value distances = math.gather(below, near);
    // Those that stay are left over at the end.
    ScoreMath.Top next = math.top(math.ban(distances, a.compare("gt", distances, bound)), FEW);
    Value places = math.gather(near, next.places());
    Value masses = a.unary("exp", math.doubles(next.values()));
    Value sums = a.add(math.cumulative(masses), search.massAbove());
    Value stays = a.compare("lt", a.sub(sums, masses), wanted);
    Value reached = a.compare("ge", math.last(sums), wanted);
    Value count = math.count(stays);
    Value last = math.gather(next.values(), inside(a.add(count, -1)));
    Value first = math.gather(next.values(), inside(count));
    Value clear = a.and(reached, a.compare("lt", first, last));
    a.branch(
        clear,
        () -> {
          Value values = a.where(stays, math.gather(weights, places), math.gather(sure, places));
          a.builder()
              .callInto(
                  kept,
                  "aten::scatter.src_out",
                  Operand.of(sure),
                  Operand.of(1),
                  Operand.of(places),
                  Operand.of(values));
          found.run();
        },
        () -> {
          Value before = math.gather(next.values(), inside(a.add(count, -2)));
          Value larger = a.to(a.compare("gt", next.values(), last), DType.FLOAT64);
          Value mass = a.add(math.sum(a.mul(masses, larger)), search.massAbove());
          a.when(
              a.or(reached, a.compare("eq", before, last)),
              () -> withEquals(last, mass, search, kept, found));
        });
  }

  private Value inside(Value place) {
    return context
        .author()
        .builder()
        .call("aten::clamp.out", Operand.of(place), Operand.of(0), Operand.of(FEW - 1));
  }

  /**
   * Writes the weights of those above a difference, and of as many equal to it as are wanted, if
   * there are so many.
   *
   * @param mass what those above it weigh
   */
  private void withEquals(
      Value difference, Value mass, NucleusSearch search, Value kept, Runnable found) {
    Author a = context.author();
    ScoreMath math = context.math();
    Value value = math.doubles(a.clamp(difference, LOWEST, 0));
    Value under = a.add(a.mul(value, STEP), -STEP_FROM_ZERO);
    Value equal = a.sub(isOver(under), isOver(value));
    Value weight = a.unary("exp", value);
    Value number = a.unary("ceil", a.div(a.sub(wanted, mass), weight));
    Value all = math.total(equal);
    Value enough = a.compare("ge", all, number);
    a.branch(
        enough,
        () -> {
          // Exact: numbers below 2^24.
          Value counts =
              a.builder()
                  .callTyped(
                      "aten::cumsum.out",
                      List.of(Operand.of(equal), Operand.of(1), Operand.of(DType.FLOAT32.code())),
                      equal.type());
          Value limit = a.to(a.clamp(a.add(number, 1), 1, MANY), DType.FLOAT32);
          Value chosen = a.mul(equal, a.clamp(a.sub(limit, counts), 0, 1));
          a.builder().copyInto(kept, a.add(above(value), a.mul(chosen, weights)));
          found.run();
        },
        () -> search.narrow(enough, under, a.add(mass, a.mul(all, weight))));
  }

  /** Sorts all. */
  private void sortAll(Value kept) {
    Author a = context.author();
    ScoreMath math = context.math();
    ScoreMath.Top top = math.top(below, below.tensorType().dim(1).value());
    Value masses = a.unary("exp", math.doubles(top.values()));
    Value stays = a.compare("lt", a.sub(math.cumulative(masses), masses), wanted);
    Value values = a.mul(math.gather(weights, top.places()), a.to(stays, DType.FLOAT32));
    a.builder().copyInto(kept, math.scatter(weights, top.places(), values));
  }

  /** Declares a buffer of one number a row. */
  Value column(String name, DType dtype) {
    return context
        .author()
        .builder()
        .buffer("nucleus." + name, new Type.TensorType(dtype, List.of(context.rows(), Dim.ONE)));
  }
}
