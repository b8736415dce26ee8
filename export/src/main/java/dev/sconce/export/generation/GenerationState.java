package dev.sconce.export.generation;

import dev.sconce.base.DType;
import dev.sconce.export.block.Blocks;
import dev.sconce.graph.Author;
import dev.sconce.graph.Dim;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Type;
import dev.sconce.graph.Value;
import java.util.ArrayList;
import java.util.List;

/**
 * What the calls of one method share, and what a call has made so far; one entry a row.
 *
 * @param rows the number of rows
 * @param capacity how many tokens of a row the model's state holds
 * @param history {@code int64[rows, capacity + 1]}, the tokens of every row: one more than the
 *     model's state holds, since the last one is not yet in it
 * @param visible {@code bool[rows, capacity + 1]}, false where a column is padding
 * @param finished {@code bool[rows, 1]}
 * @param prompt {@code int64[1]}, the length of the prompt
 * @param next {@code int64[1]}, the position at which the next call goes on if it brings the token
 *     made last; -1 if no token was made last
 * @param padding {@code int64[1]}, how many columns of a single row are padding
 * @param tokens {@code int64[rows, capacity]}, the tokens of this call
 * @param logs {@code float32[rows, capacity]}, their log-probabilities
 * @param scores {@code float32[rows, vocabulary]}
 * @param token {@code int64[rows, 1]}, the token chosen last
 * @param log {@code float32[rows, 1]}, its log-probability
 */
record GenerationState(
    Dim rows,
    int capacity,
    Value history,
    Value visible,
    Value finished,
    Value prompt,
    Value next,
    Value padding,
    Value tokens,
    Value logs,
    Value scores,
    Value token,
    Value log) {

  static GenerationState declare(Blocks blocks, Dim rows, int capacity, int vocabulary) {
    return new GenerationState(
        rows,
        capacity,
        buffer(blocks, "history", DType.INT64, rows, capacity + 1L),
        buffer(blocks, "visible", DType.BOOL, rows, capacity + 1L),
        buffer(blocks, "finished", DType.BOOL, rows, 1),
        blocks.builder().buffer("prompt", Type.TensorType.of(DType.INT64, 1)),
        blocks.builder().buffer("next", Type.TensorType.of(DType.INT64, 1)),
        blocks.builder().buffer("padding", Type.TensorType.of(DType.INT64, 1)),
        buffer(blocks, "tokens", DType.INT64, rows, capacity),
        buffer(blocks, "logs", DType.FLOAT32, rows, capacity),
        buffer(blocks, "scores", DType.FLOAT32, rows, vocabulary),
        buffer(blocks, "token", DType.INT64, rows, 1),
        buffer(blocks, "log", DType.FLOAT32, rows, 1));
  }

  private static Value buffer(Blocks blocks, String name, DType dtype, Dim rows, long columns) {
    return blocks
        .builder()
        .buffer(name, new Type.TensorType(dtype, List.of(rows, Dim.of(columns))));
  }

  /** Writes the beginning of new sequences: buffers take the number of rows of the call. */
  void begin(Blocks blocks) {
    if (!rows.isFixed()) {
      for (Value buffer : List.of(history, visible, tokens, logs, scores)) {
        resize(blocks, buffer);
      }
    }
    setNumber(blocks, padding, Operand.of(0));
    // No call comes before this one: what it brings is a prompt, even if it is one token.
    setNumber(blocks, next, Operand.of(-1));
  }

  /** Writes that a buffer takes the sizes of its type, its contents left as they are. */
  static void resize(Blocks blocks, Value buffer) {
    List<Operand> sizes = new ArrayList<>();
    buffer.tensorType().shape().forEach(dim -> sizes.add(blocks.author().operand(dim)));
    blocks.builder().callInto(buffer, "aten::empty.out", new Operand.ListOf(sizes), Operand.none());
  }

  /** Writes a number into a buffer {@code int64[1]}. */
  static void setNumber(Blocks blocks, Value buffer, Operand number) {
    blocks.builder().callInto(buffer, "aten::full.out", Operand.ints(1), number);
  }

  /** Writes whether every row is finished. */
  void setFinished(Blocks blocks, boolean all) {
    Operand sizes = new Operand.ListOf(List.of(blocks.author().operand(rows), Operand.of(1)));
    blocks.builder().callInto(finished, "aten::full.out", sizes, Operand.of(all));
  }

  /**
   * Writes values into columns of a buffer.
   *
   * @param columns {@code int64[n]}
   * @param values {@code [rows, n]}
   */
  static void put(Blocks blocks, Value buffer, Value columns, Value values) {
    blocks
        .builder()
        .callInPlace(
            "aten::index_put_",
            Operand.of(buffer),
            new Operand.ListOf(List.of(Operand.none(), Operand.of(columns))),
            Operand.of(values),
            Operand.of(false));
  }

  /** Returns the first columns, {@code int64[count]}. */
  static Value columns(Blocks blocks, Dim count) {
    return blocks
        .builder()
        .callTyped(
            "aten::arange.out",
            List.of(blocks.author().operand(count)),
            new Type.TensorType(DType.INT64, List.of(count)));
  }

  /** Returns consecutive columns {@code int64[count]} from a number on. */
  static Value columns(Blocks blocks, Value start, Dim count) {
    Author a = blocks.author();
    Value end = a.number("add", Operand.of(start), a.operand(count));
    return blocks
        .builder()
        .callTyped(
            "aten::arange.start_out",
            List.of(Operand.of(start), Operand.of(end), Operand.of(1)),
            new Type.TensorType(DType.INT64, List.of(count)));
  }
}
