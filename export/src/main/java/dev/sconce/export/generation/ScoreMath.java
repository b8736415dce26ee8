package dev.sconce.export.generation;

import dev.sconce.base.DType;
import dev.sconce.export.block.Blocks;
import dev.sconce.export.checkpoint.Weight;
import dev.sconce.graph.Author;
import dev.sconce.graph.Dim;
import dev.sconce.graph.GraphBuilder;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Type;
import dev.sconce.graph.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Arithmetic on rows of scores. Sums on which a threshold or a draw depends are in double: the
 * official runtime's float32 softmax and cumsum err by 1e-4 at large vocabularies.
 *
 * @param blocks where it is written
 */
public record ScoreMath(Blocks blocks) {

  private static final double BANNED = Double.NEGATIVE_INFINITY;

  /** The size of rows in which the order of additions makes a difference in time. */
  private static final long LARGE = 1024;

  /** In how many parts large rows are cut, at most. */
  private static final long FOLD = 16;

  private Author author() {
    return blocks.author();
  }

  private GraphBuilder builder() {
    return blocks.builder();
  }

  /** Returns the largest number of every row, {@code [rows, 1]}. */
  public Value max(Value scores) {
    // By its place: the official runtime's amax takes more than twice as long.
    return gather(
        scores,
        builder().call("aten::argmax.out", Operand.of(scores), Operand.of(-1), Operand.of(true)));
  }

  /**
   * Returns the sum of every row, {@code float64[rows, 1]}. That of doubles is the last of their
   * running sums: the official runtime (1.5.1) adds up floats in double where the result is one,
   * but doubles in float32, and its error of 1e-7 decides which of two tokens of almost one
   * probability is typical.
   */
  public Value sum(Value numbers) {
    if (numbers.tensorType().dtype() == DType.FLOAT64) {
      return last(cumulative(numbers));
    }
    return builder()
        .callTyped(
            "aten::sum.IntList_out",
            List.of(
                Operand.of(numbers),
                Operand.ints(-1),
                Operand.of(true),
                Operand.of(DType.FLOAT64.code())),
            column(numbers, DType.FLOAT64));
  }

  /**
   * Returns the sum of every row of floats, {@code float64[rows, 1]}. In large vocabularies columns
   * of some terms are added up in float first, which takes the official runtime a third of the
   * time; their errors are independent, so that of the sum is below 1e-9 of it.
   */
  public Value total(Value numbers) {
    long size = numbers.tensorType().dim(1).value();
    long fold = size < LARGE ? 1 : fold(size, FOLD);
    if (fold == 1) {
      return sum(numbers);
    }
    Dim rows = numbers.tensorType().dim(0);
    Value folded = author().view(numbers, rows, Dim.of(fold), Dim.of(size / fold));
    Value columns =
        builder()
            .callTyped(
                "aten::sum.IntList_out",
                List.of(
                    Operand.of(folded),
                    Operand.ints(1),
                    Operand.of(false),
                    Operand.of(DType.FLOAT32.code())),
                new Type.TensorType(DType.FLOAT32, List.of(rows, Dim.of(size / fold))));
    return sum(columns);
  }

  /** Returns how many elements of every row are true, {@code int64[rows, 1]}. */
  public Value count(Value flags) {
    return builder()
        .callTyped(
            "aten::sum.IntList_out",
            List.of(
                Operand.of(flags),
                Operand.ints(-1),
                Operand.of(true),
                Operand.of(DType.INT64.code())),
            column(flags, DType.INT64));
  }

  /** Returns the running sums of rows in double. */
  public Value cumulative(Value numbers) {
    return builder()
        .callTyped(
            "aten::cumsum.out",
            List.of(Operand.of(numbers), Operand.of(1), Operand.of(DType.FLOAT64.code())),
            new Type.TensorType(DType.FLOAT64, numbers.tensorType().shape()));
  }

  /** Returns the last number of every row, {@code [rows, 1]}. */
  public Value last(Value numbers) {
    return author().last(numbers, 1);
  }

  /** Returns numbers as doubles. */
  public Value doubles(Value numbers) {
    return author().to(numbers, DType.FLOAT64);
  }

  /** Returns exp(score - max) in double: probabilities but for a factor. */
  public Value weights(Value scores, Value max) {
    return author().unary("exp", author().sub(doubles(scores), doubles(max)));
  }

  /** Returns the probabilities in double. */
  public Value probabilities(Value scores) {
    return builder()
        .call("aten::_softmax.out", Operand.of(doubles(scores)), Operand.of(-1), Operand.of(false));
  }

  /**
   * Returns the sum of exp(score - max) in double, of terms in float: their errors, 1e-6 at most,
   * are almost independent, and no threshold but a whole mass depends on them.
   */
  public Value mass(Value scores, Value max) {
    return total(author().unary("exp", author().sub(scores, max)));
  }

  /** Returns -p·log p summed over rows, {@code float64[rows, 1]}. */
  public Value entropy(Value probabilities) {
    Author a = author();
    Value terms = a.mul(probabilities, a.unary("log", probabilities));
    // 0 · log 0 is NaN, and counts as 0.
    Value positive = compare("gt", probabilities, 0);
    return a.mul(sum(a.where(positive, terms, scalar(0, DType.FLOAT64))), -1);
  }

  /** Returns a comparison with a number: eq, ne, lt, le, gt, ge. */
  public Value compare(String comparison, Value numbers, double number) {
    return builder()
        .call("aten::" + comparison + ".Scalar_out", Operand.of(numbers), Operand.of(number));
  }

  /** Returns a comparison with a number of the program: eq, ne, lt, le, gt, ge. */
  public Value compare(String comparison, Value numbers, Value number) {
    return builder()
        .call("aten::" + comparison + ".Scalar_out", Operand.of(numbers), Operand.of(number));
  }

  /** Returns the scores of some tokens of every row: {@code [rows, n]}. */
  public Value gather(Value scores, Value tokens) {
    return builder()
        .callTyped(
            "aten::gather.out",
            List.of(Operand.of(scores), Operand.of(1), Operand.of(tokens), Operand.of(false)),
            new Type.TensorType(scores.tensorType().dtype(), tokens.tensorType().shape()));
  }

  /** Returns numbers with others at some places of every row. */
  public Value scatter(Value numbers, Value places, Value others) {
    return builder()
        .callTyped(
            "aten::scatter.src_out",
            List.of(Operand.of(numbers), Operand.of(1), Operand.of(places), Operand.of(others)),
            numbers.type());
  }

  /** Returns numbers to which others are added at some places of every row. */
  public Value scatterAdd(Value numbers, Value places, Value others) {
    return builder()
        .callTyped(
            "aten::scatter_add.out",
            List.of(Operand.of(numbers), Operand.of(1), Operand.of(places), Operand.of(others)),
            numbers.type());
  }

  /**
   * The largest numbers of every row in order, and where they stand.
   *
   * @param values {@code [rows, k]}
   * @param places {@code int64[rows, k]}
   */
  public record Top(Value values, Value places) {}

  /** Returns the largest numbers of every row in order. */
  public Top top(Value numbers, long k) {
    return top(numbers, Operand.of(k), Dim.of(k), true);
  }

  /**
   * Returns the largest (or smallest) numbers of every row in order.
   *
   * @param k how many, a number of the program
   * @param count the dimension that stands for it
   */
  public Top top(Value numbers, Operand k, Dim count, boolean largest) {
    List<Dim> shape = List.of(numbers.tensorType().dim(0), count);
    List<Value> results =
        builder()
            .callTyped(
                "aten::topk.values",
                List.of(
                    Operand.of(numbers), k, Operand.of(-1), Operand.of(largest), Operand.of(true)),
                List.<Type>of(
                    new Type.TensorType(numbers.tensorType().dtype(), shape),
                    new Type.TensorType(DType.INT64, shape)));
    return new Top(results.getFirst(), results.getLast());
  }

  /**
   * Returns the few largest numbers of every row in order; which of several equal ones is left
   * open. None may be NaN.
   */
  public Top largest(Value numbers, int k) {
    Value places = likely(numbers, k);
    Top top = top(gather(numbers, places), k);
    return new Top(top.values(), gather(places, top.places()));
  }

  /**
   * Returns places among which the few largest numbers of every row are, {@code int64[rows, n]}. In
   * large vocabularies they are those of the groups with the largest numbers: the official
   * runtime's topk builds a list of all that it looks at.
   */
  public Value likely(Value numbers, int k) {
    long size = numbers.tensorType().dim(1).value();
    // As many members as groups are left for each of the k.
    long fold = fold(size, Math.min(FOLD, (long) Math.sqrt((double) size / k)));
    if (fold < 4) {
      return top(numbers, k).places();
    }
    Dim rows = numbers.tensorType().dim(0);
    long groups = size / fold;
    Value chosen = largest(largestOfGroups(numbers, groups), k).places();
    long[] members = LongStream.range(0, fold).map(member -> member * groups).toArray();
    Value places =
        author()
            .add(
                author().view(chosen, rows, Dim.of(k), Dim.ONE),
                Integers.constant(blocks, members, 1, 1, fold));
    return author().view(places, rows, Dim.of(k * fold));
  }

  /**
   * Returns the largest number of every group, {@code [rows, groups]}; the members of a group are
   * as far from each other as there are groups. In operators that delegates have.
   */
  private Value largestOfGroups(Value numbers, long groups) {
    Value largest = numbers;
    long size = numbers.tensorType().dim(1).value();
    while (size > groups) {
      int parts = 2;
      while (size / groups % parts != 0) {
        parts++;
      }
      size /= parts;
      Value whole = largest;
      largest = author().slice(whole, 1, 0, size);
      for (int part = 1; part < parts; part++) {
        Value next = author().slice(whole, 1, part * size, (part + 1) * size);
        largest = author().maximum(largest, next);
      }
    }
    return largest;
  }

  /** Returns rows that are filled up with a number to a multiple of a size. */
  public Value padded(Value numbers, int multiple, double number) {
    long more = Math.floorMod(-numbers.tensorType().dim(1).value(), multiple);
    return more == 0
        ? numbers
        : builder()
            .call(
                "aten::constant_pad_nd.out",
                Operand.of(numbers),
                Operand.ints(0, more),
                Operand.of(number));
  }

  /** Returns a tensor with the shape of another, every element the score of a banned token. */
  public Value bannedLike(Value scores) {
    return builder()
        .callTyped(
            "aten::full_like.out",
            List.of(Operand.of(scores), Operand.of(BANNED), Operand.none()),
            scores.type());
  }

  /** Returns the scores, those where a condition holds banned. */
  public Value ban(Value scores, Value condition) {
    // The official runtime's choice between a single number and many takes six times as long.
    return builder()
        .callTyped(
            "aten::masked_fill.Scalar_out",
            List.of(Operand.of(scores), Operand.of(condition), Operand.of(BANNED)),
            scores.type());
  }

  /** Returns a tensor of one number that broadcasts: {@code [1, 1]}. */
  public Value scalar(double number, DType dtype) {
    if (dtype == DType.FLOAT32) {
      return blocks.constant(
          Weight.of("number." + number, new float[] {(float) number}, 1, 1), DType.FLOAT32);
    }
    return builder()
        .callTyped(
            "aten::full.out",
            List.of(Operand.ints(1, 1), Operand.of(number)),
            Type.TensorType.of(dtype, 1, 1));
  }

  /** Returns a tensor {@code [rows, n]} filled with a number. */
  public Value full(Dim rows, long n, double number, DType dtype) {
    List<Operand> sizes = new ArrayList<>();
    sizes.add(author().operand(rows));
    sizes.add(Operand.of(n));
    return builder()
        .callTyped(
            "aten::full.out",
            List.of(
                new Operand.ListOf(sizes),
                dtype.isInteger() ? Operand.of((long) number) : Operand.of(number)),
            new Type.TensorType(dtype, List.of(rows, Dim.of(n))));
  }

  /** Returns into how many parts of the same size a row can be cut, at most. */
  private static long fold(long size, long most) {
    long fold = most;
    while (fold > 1 && size % fold != 0) {
      fold--;
    }
    return fold;
  }

  private static Type.TensorType column(Value rows, DType dtype) {
    return new Type.TensorType(dtype, List.of(rows.tensorType().dim(0), Dim.ONE));
  }
}
