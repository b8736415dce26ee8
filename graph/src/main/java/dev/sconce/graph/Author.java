package dev.sconce.graph;

import dev.sconce.base.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Writes operator calls by their everyday names.
 *
 * <p>A thin layer over {@link GraphBuilder}: every method adds one or a few calls and returns the
 * result. Sizes are given as {@link Dim}; where an operator needs a size at run time, the author
 * finds a number that was derived from an input before ({@link #size}).
 */
public final class Author {

  private static final long TO_THE_END = Long.MAX_VALUE;

  private final GraphBuilder builder;
  private final Map<Dim, Value> numbers = new HashMap<>();

  /** Creates an author who writes to a builder. */
  public Author(GraphBuilder builder) {
    this.builder = builder;
  }

  /** Returns the builder, for what has no method here. */
  public GraphBuilder builder() {
    return builder;
  }

  /** Returns the size of a dimension as a number of the program, which later sizes may use. */
  public Value size(Value tensor, int dim) {
    Dim known = tensor.tensorType().dim(dim);
    return numbers.computeIfAbsent(
        known,
        _ ->
            builder.call(
                "aten::sym_size.int", Operand.of(tensor), Operand.of(absolute(tensor, dim))));
  }

  /**
   * Returns the only element of an integer tensor as a number of the program.
   *
   * @param symbol stands for the number in shapes; its bounds are a promise of the author's
   */
  public Value item(Value tensor, Symbol symbol) {
    Value number =
        builder.callTyped(
            "aten::_local_scalar_dense",
            List.of(Operand.of(tensor)),
            new Type.IntType(Dim.of(symbol)));
    numbers.put(Dim.of(symbol), number);
    return number;
  }

  /**
   * Returns an operand that stands for a size: a number that is known to be it, or one that is
   * computed from numbers that are known.
   *
   * @throws IllegalArgumentException if the number of a symbol is not known
   */
  public Operand operand(Dim dim) {
    if (dim.isFixed()) {
      return Operand.of(dim.value());
    }
    Value known = numbers.get(dim);
    return Operand.of(known == null ? derive(dim) : known);
  }

  private Value derive(Dim dim) {
    if (dim.terms().size() == 1 && dim.factors().size() == 1) {
      throw new IllegalArgumentException("no number of the program is known to be " + dim);
    }
    Value derived =
        dim.terms().size() > 1 ? combined("add", dim.terms()) : combined("mul", dim.factors());
    numbers.put(dim, derived);
    return derived;
  }

  private Value combined(String operation, List<Dim> parts) {
    Operand first = operand(parts.getFirst());
    Value result = number(operation, first, operand(parts.get(1)));
    for (Dim part : parts.subList(2, parts.size())) {
      result = number(operation, Operand.of(result), operand(part));
    }
    return result;
  }

  /** Returns the sum of two numbers of the program. */
  public Value sum(Value a, Operand b) {
    Value sum = builder.call("executorch_prim::add.Scalar", Operand.of(a), b);
    if (sum.type() instanceof Type.IntType(Dim dim)) {
      numbers.putIfAbsent(dim, sum);
    }
    return sum;
  }

  // ------------------------------------------------------------------ control

  /**
   * Adds a choice between two regions that only change buffers and variables. Numbers that a region
   * derives are not known after it.
   */
  public void branch(Value condition, Runnable then, Runnable otherwise) {
    builder.branch(condition, () -> scoped(then), () -> scoped(otherwise));
  }

  /** Adds a region that runs if a condition holds; it only changes buffers and variables. */
  public void when(Value condition, Runnable then) {
    branch(condition, then, () -> {});
  }

  private List<Operand> scoped(Runnable body) {
    inScope(body);
    return List.of();
  }

  /**
   * Adds a loop, which runs its body until the condition holds that the body returns; at least
   * once. Numbers that the body derives are not known after it.
   */
  public void loop(Supplier<Value> body) {
    builder.loop(
        () -> {
          List<Value> done = new ArrayList<>();
          inScope(() -> done.add(body.get()));
          return done.getFirst();
        });
  }

  /** Returns what a body writes, to be added elsewhere; its numbers are known nowhere else. */
  public Region region(Runnable body) {
    return builder.region(() -> scoped(body));
  }

  private void inScope(Runnable body) {
    Map<Dim, Value> before = Map.copyOf(numbers);
    body.run();
    numbers.clear();
    numbers.putAll(before);
  }

  // ------------------------------------------------------------------ numbers

  /**
   * Returns the present value of an integer variable under a name of its own, which shapes may use.
   *
   * @param symbol stands for the number in shapes; its bounds are a promise of the author's
   */
  public Value snapshot(Value variable, Symbol symbol) {
    Value number =
        builder.callTyped(
            "executorch_prim::add.Scalar",
            List.of(Operand.of(variable), Operand.of(0)),
            new Type.IntType(Dim.of(symbol)));
    // What was derived from an earlier value of the variable is no longer it.
    numbers.keySet().removeIf(dim -> dim.symbols().contains(symbol));
    numbers.put(Dim.of(symbol), number);
    return number;
  }

  /** Returns the result of an operator on numbers: add, sub, mul, eq, lt, sym_min, sym_not … */
  public Value number(String function, Operand... operands) {
    return builder.call("executorch_prim::" + function + ".Scalar", operands);
  }

  /** Returns an integer result of an operator on numbers, as a size that shapes may use. */
  public Value number(String function, Symbol symbol, Operand... operands) {
    Value number =
        builder.callTyped(
            "executorch_prim::" + function + ".Scalar",
            List.of(operands),
            new Type.IntType(Dim.of(symbol)));
    numbers.put(Dim.of(symbol), number);
    return number;
  }

  /** Makes a number of the program known as a size that shapes may use. */
  public Value known(Value number) {
    if (number.type() instanceof Type.IntType(Dim dim)) {
      numbers.put(dim, number);
      return number;
    }
    throw new IllegalArgumentException("expected an integer, found " + number.type());
  }

  // ------------------------------------------------------------------ elementwise

  /** Returns a + b. */
  public Value add(Value a, Value b) {
    return builder.call("aten::add.out", Operand.of(a), Operand.of(b), Operand.of(1));
  }

  /** Returns a + b. */
  public Value add(Value a, double b) {
    return builder.call("aten::add.Scalar_out", Operand.of(a), scalar(a, b), Operand.of(1));
  }

  /** Returns a - b. */
  public Value sub(Value a, Value b) {
    return builder.call("aten::sub.out", Operand.of(a), Operand.of(b), Operand.of(1));
  }

  /** Returns a * b. */
  public Value mul(Value a, Value b) {
    return builder.call("aten::mul.out", Operand.of(a), Operand.of(b));
  }

  /** Returns a * b; a itself if b is 1. */
  public Value mul(Value a, double b) {
    return b == 1 ? a : builder.call("aten::mul.Scalar_out", Operand.of(a), scalar(a, b));
  }

  /** Returns a / b. */
  public Value div(Value a, Value b) {
    return builder.call("aten::div.out", Operand.of(a), Operand.of(b));
  }

  /** Returns the remainder of integers with the sign of the dividend. */
  public Value remainder(Value a, long b) {
    return builder.call("aten::remainder.Scalar_out", Operand.of(a), Operand.of(b));
  }

  /** Returns one of the functions of one tensor, by its name in ATen: neg, exp, cos, rsqrt … */
  public Value unary(String function, Value x) {
    return builder.call("aten::" + function + ".out", Operand.of(x));
  }

  /** Returns x · sigmoid(x). */
  public Value silu(Value x) {
    return mul(x, unary("sigmoid", x));
  }

  /** Returns GELU, exact or with tanh. */
  public Value gelu(Value x, boolean tanh) {
    return builder.call(
        "aten::gelu.out", Operand.of(x), new Operand.StringConstant(tanh ? "tanh" : "none"));
  }

  /** Returns cap · tanh(x / cap). */
  public Value softcap(Value x, double cap) {
    return mul(unary("tanh", mul(x, 1 / cap)), cap);
  }

  /** Returns x limited to an interval. */
  public Value clamp(Value x, double min, double max) {
    return builder.call("aten::clamp.out", Operand.of(x), Operand.of(min), Operand.of(max));
  }

  /** Returns a comparison of two tensors: eq, ne, lt, le, gt, ge. */
  public Value compare(String comparison, Value a, Value b) {
    return builder.call("aten::" + comparison + ".Tensor_out", Operand.of(a), Operand.of(b));
  }

  /** Returns a comparison of integers with a constant: eq, ne, lt, le, gt, ge. */
  public Value compare(String comparison, Value a, long b) {
    return builder.call("aten::" + comparison + ".Scalar_out", Operand.of(a), Operand.of(b));
  }

  /** Returns whether both hold. */
  public Value and(Value a, Value b) {
    return builder.call("aten::logical_and.out", Operand.of(a), Operand.of(b));
  }

  /** Returns whether one of both holds. */
  public Value or(Value a, Value b) {
    return builder.call("aten::logical_or.out", Operand.of(a), Operand.of(b));
  }

  /** Returns the smaller of a and b. */
  public Value minimum(Value a, Value b) {
    return builder.call("aten::minimum.out", Operand.of(a), Operand.of(b));
  }

  /** Returns the larger of a and b. */
  public Value maximum(Value a, Value b) {
    return builder.call("aten::maximum.out", Operand.of(a), Operand.of(b));
  }

  /** Returns a where the condition holds, b elsewhere. */
  public Value where(Value condition, Value a, Value b) {
    return builder.call(
        "aten::where.self_out", Operand.of(condition), Operand.of(a), Operand.of(b));
  }

  /** Returns x as another element type; x itself if it has it. */
  public Value to(Value x, DType dtype) {
    if (x.tensorType().dtype() == dtype) {
      return x;
    }
    return builder.callTyped(
        "aten::_to_copy.out",
        List.of(Operand.of(x), Operand.of(false), Operand.none()),
        new Type.TensorType(dtype, x.tensorType().shape()));
  }

  // ------------------------------------------------------------------ reductions and products

  /** Returns the mean over the last dimension, which stays with size 1. */
  public Value meanOfLast(Value x) {
    return builder.call(
        "aten::mean.out", Operand.of(x), Operand.ints(-1), Operand.of(true), Operand.none());
  }

  /** Returns the sum over one dimension, which stays with size 1. */
  public Value sum(Value x, int dim) {
    return builder.call(
        "aten::sum.IntList_out",
        Operand.of(x),
        Operand.ints(dim),
        Operand.of(true),
        Operand.none());
  }

  /** Returns softmax over the last dimension. */
  public Value softmax(Value x) {
    return builder.call("aten::_softmax.out", Operand.of(x), Operand.of(-1), Operand.of(false));
  }

  /** Returns the products of two batches of matrices. */
  public Value bmm(Value a, Value b) {
    return builder.call("aten::bmm.out", Operand.of(a), Operand.of(b));
  }

  // ------------------------------------------------------------------ shapes

  /** Returns x with another shape of as many elements; x itself if it has it. */
  public Value view(Value x, List<Dim> shape) {
    if (x.tensorType().shape().equals(shape)) {
      return x;
    }
    List<Operand> sizes = new ArrayList<>();
    boolean inferred = false;
    for (Dim dim : shape) {
      // One unknown size may be left to the operator.
      if (!dim.isFixed() && !inferred && !numbers.containsKey(dim)) {
        inferred = true;
        sizes.add(Operand.of(-1));
      } else {
        sizes.add(operand(dim));
      }
    }
    if (!x.tensorType().elements().equals(new Type.TensorType(DType.BOOL, shape).elements())) {
      throw new IllegalArgumentException("cannot view %s as %s".formatted(x.type(), shape));
    }
    return builder.callTyped(
        "aten::view_copy.out",
        List.of(Operand.of(x), new Operand.ListOf(sizes)),
        new Type.TensorType(x.tensorType().dtype(), shape));
  }

  /** Returns x with another shape of as many elements; x itself if it has it. */
  public Value view(Value x, Dim... shape) {
    return view(x, Arrays.asList(shape));
  }

  /**
   * Returns x with a fixed shape where its own has a size that is 1 here, or the other way round:
   * that there are as many elements is a promise of the author's.
   */
  public Value reshaped(Value x, List<Dim> sizes, Type.TensorType type) {
    return builder.callTyped(
        "aten::view_copy.out",
        List.of(Operand.of(x), new Operand.ListOf(sizes.stream().map(this::operand).toList())),
        type);
  }

  /** Returns x with its dimensions in another order. */
  public Value permute(Value x, long... order) {
    return builder.call("aten::permute_copy.out", Operand.of(x), Operand.ints(order));
  }

  /** Returns x with one more dimension of size 1. */
  public Value unsqueeze(Value x, int dim) {
    return builder.call("aten::unsqueeze_copy.out", Operand.of(x), Operand.of(dim));
  }

  /**
   * Returns elements {@code start} to {@code end} of a dimension. That bounds computed at run time
   * lie inside it is a promise of the author's.
   */
  public Value slice(Value x, int dim, Operand start, Operand end) {
    List<Operand> operands = List.of(Operand.of(x), Operand.of(dim), start, end, Operand.of(1));
    if (!(end instanceof Operand.Of(Value last))
        || !(last.type() instanceof Type.IntType(Dim to))) {
      return builder.call("aten::slice_copy.Tensor_out", operands.toArray(Operand[]::new));
    }
    Dim from =
        switch (start) {
          case Operand.IntConstant(long number) when number >= 0 -> Dim.of(number);
          case Operand.Of(Value first) when first.type() instanceof Type.IntType(Dim known) ->
              known;
          case Operand other ->
              throw new IllegalArgumentException("a slice from " + other + " to " + end);
        };
    List<Dim> shape = new ArrayList<>(x.tensorType().shape());
    shape.set(absolute(x, dim), to.minus(from));
    return builder.callTyped(
        "aten::slice_copy.Tensor_out",
        operands,
        new Type.TensorType(x.tensorType().dtype(), shape));
  }

  /** Returns elements {@code start} to {@code end} of a dimension. */
  public Value slice(Value x, int dim, long start, long end) {
    return slice(x, dim, Operand.of(start), Operand.of(end));
  }

  /** Returns the last element of a dimension, which stays with size 1. */
  public Value last(Value x, int dim) {
    return slice(x, dim, Operand.of(-1), Operand.of(TO_THE_END));
  }

  /**
   * Returns the last elements of a dimension: as many as there are, and not more than a limit.
   *
   * @param count the number of elements it will be, at most the limit
   */
  public Value lastUpTo(Value x, int dim, long limit, Symbol count) {
    List<Dim> shape = new ArrayList<>(x.tensorType().shape());
    shape.set(absolute(x, dim), Dim.of(count));
    return builder.callTyped(
        "aten::slice_copy.Tensor_out",
        List.of(
            Operand.of(x),
            Operand.of(dim),
            Operand.of(-limit),
            Operand.of(TO_THE_END),
            Operand.of(1)),
        new Type.TensorType(x.tensorType().dtype(), shape));
  }

  /** Returns one element of a dimension, which goes. */
  public Value select(Value x, int dim, long index) {
    return builder.call(
        "aten::select_copy.int_out", Operand.of(x), Operand.of(dim), Operand.of(index));
  }

  /** Returns tensors joined along a dimension. */
  public Value cat(List<Value> tensors, int dim) {
    return builder.call("aten::cat.out", Operand.list(tensors), Operand.of(dim));
  }

  /** Returns x repeated along dimensions of size 1. */
  public Value expand(Value x, List<Dim> shape) {
    return builder.callTyped(
        "aten::expand_copy.out",
        List.of(
            Operand.of(x),
            new Operand.ListOf(shape.stream().map(this::operand).toList()),
            Operand.of(false)),
        new Type.TensorType(x.tensorType().dtype(), shape));
  }

  private static int absolute(Value x, int dim) {
    return dim < 0 ? dim + x.tensorType().rank() : dim;
  }

  private static Operand scalar(Value tensor, double value) {
    boolean integer = tensor.tensorType().dtype().isInteger();
    if (integer && value != Math.rint(value)) {
      throw new IllegalArgumentException("integers and " + value + " do not mix");
    }
    return integer ? Operand.of((long) value) : Operand.of(value);
  }
}
