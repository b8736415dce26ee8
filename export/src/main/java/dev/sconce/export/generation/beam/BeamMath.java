package dev.sconce.export.generation.beam;

import dev.sconce.base.DType;
import dev.sconce.export.block.Blocks;
import dev.sconce.graph.Author;
import dev.sconce.graph.Dim;
import dev.sconce.graph.GraphBuilder;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Type;
import dev.sconce.graph.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Operators that the parts of a beam search share.
 *
 * @param blocks where they are written
 */
record BeamMath(Blocks blocks) {

  /** What transformers adds to the scores of beams that are out of the race. */
  static final double DEAD = -1.0e9;

  Author author() {
    return blocks.author();
  }

  GraphBuilder builder() {
    return blocks.builder();
  }

  /** Declares a buffer. */
  Value buffer(String name, DType dtype, Dim... shape) {
    return builder().buffer("beam." + name, new Type.TensorType(dtype, List.of(shape)));
  }

  /** Declares an integer that rounds hand on. */
  Value integer(String name) {
    Dim unknown = Dim.of(builder().freshSymbol(name, 0, Integer.MAX_VALUE));
    return builder().variable("beam." + name, new Type.IntType(unknown));
  }

  /** Declares a boolean that rounds hand on. */
  Value bool(String name) {
    return builder().variable("beam." + name, Type.BoolType.BOOL);
  }

  /** Writes a tensor into a buffer, which takes its sizes. */
  void set(Value buffer, Value tensor) {
    builder().copyInto(buffer, tensor);
  }

  /** Writes a tensor of as many elements into a buffer, in the buffer's shape. */
  void setView(Value buffer, Value tensor) {
    builder()
        .callInto(
            buffer, "aten::view_copy.out", Operand.of(tensor), sizes(buffer.tensorType().shape()));
  }

  /** Writes one number into all of a buffer. */
  void fill(Value buffer, Operand number) {
    builder().callInto(buffer, "aten::full.out", sizes(buffer.tensorType().shape()), number);
  }

  /** Returns a tensor filled with a number. */
  Value full(DType dtype, Operand number, Dim... shape) {
    return builder()
        .callTyped(
            "aten::full.out",
            List.of(sizes(List.of(shape)), number),
            new Type.TensorType(dtype, List.of(shape)));
  }

  private Operand sizes(List<Dim> shape) {
    List<Operand> sizes = new ArrayList<>();
    shape.forEach(dim -> sizes.add(author().operand(dim)));
    return new Operand.ListOf(sizes);
  }

  /** Returns the integers from 0, {@code int64[count]}. */
  Value range(Dim count) {
    return builder()
        .callTyped(
            "aten::arange.out",
            List.of(author().operand(count)),
            new Type.TensorType(DType.INT64, List.of(count)));
  }

  /** Returns rows of a matrix by their numbers, of which there are as many as {@code count}. */
  Value pick(Value matrix, Value numbers, Dim count) {
    Dim columns = matrix.tensorType().dim(1);
    return builder()
        .callTyped(
            "aten::index_select.out",
            List.of(Operand.of(matrix), Operand.of(0), Operand.of(numbers)),
            new Type.TensorType(matrix.tensorType().dtype(), List.of(count, columns)));
  }

  /** Returns columns of a matrix. */
  Value columns(Value matrix, Operand from, Operand to, Dim count) {
    Dim rows = matrix.tensorType().dim(0);
    return builder()
        .callTyped(
            "aten::slice_copy.Tensor_out",
            List.of(Operand.of(matrix), Operand.of(1), from, to, Operand.of(1)),
            new Type.TensorType(matrix.tensorType().dtype(), List.of(rows, count)));
  }

  /** Returns two matrices side by side. */
  Value beside(Value left, Value right) {
    Dim columns = left.tensorType().dim(1).plus(right.tensorType().dim(1));
    return builder()
        .callTyped(
            "aten::cat.out",
            List.of(Operand.list(List.of(left, right)), Operand.of(1)),
            new Type.TensorType(
                left.tensorType().dtype(), List.of(left.tensorType().dim(0), columns)));
  }

  /** Returns two matrices, the second below the first. */
  Value below(Value upper, Value lower) {
    Dim rows = upper.tensorType().dim(0).plus(lower.tensorType().dim(0));
    return builder()
        .callTyped(
            "aten::cat.out",
            List.of(Operand.list(List.of(upper, lower)), Operand.of(0)),
            new Type.TensorType(
                upper.tensorType().dtype(), List.of(rows, upper.tensorType().dim(1))));
  }

  /**
   * Writes one column of a matrix of tokens.
   *
   * @param at the column's number, a number of the program
   * @param tokens {@code int64[rows, 1]}
   */
  void putColumn(Value matrix, Value at, Value tokens) {
    Value place = full(DType.INT64, Operand.of(at), Dim.ONE);
    builder()
        .callInPlace(
            "aten::index_put_",
            Operand.of(matrix),
            new Operand.ListOf(List.of(Operand.none(), Operand.of(place))),
            Operand.of(tokens),
            Operand.of(false));
  }

  /** Returns scores, lowered out of the race where flags are set: {@code scores + flags · DEAD}. */
  Value lowered(Value scores, Value flags) {
    return builder()
        .callTyped(
            "aten::add.out",
            List.of(Operand.of(scores), Operand.of(flags), Operand.of(DEAD)),
            scores.type());
  }

  /** Returns whether any element of each row is true, {@code bool[rows, 1]}. */
  Value any(Value flags) {
    return builder()
        .callTyped(
            "aten::any.out",
            List.of(Operand.of(flags), Operand.of(1), Operand.of(true)),
            new Type.TensorType(DType.BOOL, List.of(flags.tensorType().dim(0), Dim.ONE)));
  }

  Value not(Value flags) {
    return author().unary("logical_not", flags);
  }

  Value or(Value one, Value other) {
    return author().or(one, other);
  }

  /** Returns whether a number of the program compares to another: eq, lt, le, gt, ge. */
  Value compare(String comparison, Value number, Operand other) {
    return author().number(comparison, Operand.of(number), other);
  }

  /** Returns the sum of two numbers of the program. */
  Value plus(Value number, Operand other) {
    return author().number("add", Operand.of(number), other);
  }

  /** Writes that a variable becomes true if all conditions hold, in this order. */
  void setIf(Value variable, Value... conditions) {
    if (conditions.length == 0) {
      builder().assign(variable, Operand.of(true));
      return;
    }
    author()
        .when(
            conditions[0],
            () -> setIf(variable, Arrays.copyOfRange(conditions, 1, conditions.length)));
  }
}
