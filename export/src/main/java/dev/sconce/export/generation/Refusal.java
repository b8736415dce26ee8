package dev.sconce.export.generation;

import dev.sconce.base.DType;
import dev.sconce.graph.Author;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Type;
import dev.sconce.graph.Value;

/**
 * Ends calls that cannot be honoured: with the runtime's error of the operator that writes two
 * numbers to where there is room for one, since no instruction of a program raises an error.
 *
 * @param author who writes
 * @param room {@code int64[1]}
 */
public record Refusal(Author author, Value room) {

  /** Declares what is written to. */
  public static Refusal declare(Author author) {
    Type.TensorType room = Type.TensorType.of(DType.INT64, 1);
    return new Refusal(author, author.builder().buffer("refused", room));
  }

  /**
   * Writes that the call ends unless a condition holds.
   *
   * @param accepted a boolean of the program, or a tensor of booleans that must all be true
   */
  public void unless(Value accepted) {
    author.branch(
        accepted,
        () -> {},
        () -> author.builder().callInto(room, "aten::full.out", Operand.ints(2), Operand.of(0)));
  }
}
