package dev.sconce.export.generation;

import dev.sconce.base.DType;
import dev.sconce.export.block.Blocks;
import dev.sconce.graph.Author;
import dev.sconce.graph.Dim;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Type;
import dev.sconce.graph.Value;
import java.util.Arrays;
import java.util.List;

/**
 * The end tokens of a call: those that it gives, or the file's if it gives -1 alone.
 *
 * <p>They lie in a buffer of fixed size, filled with a number that no token has: so one comparison
 * tests for all of them, and no end token at all needs no case of its own.
 */
public final class EndTokens {

  /** How many end tokens a call may give. */
  public static final int LIMIT = 64;

  private static final long NO_TOKEN = -7;

  private final Value list;
  private final Value mask;

  private EndTokens(Value list, Value mask) {
    this.list = list;
    this.mask = mask;
  }

  /**
   * Writes the reading of the list, which belongs at the beginning of a method.
   *
   * @param given {@code int64[n]}, n at most {@link #LIMIT}
   * @param own the file's end tokens
   */
  public static EndTokens read(Blocks blocks, Value given, int[] own, int vocabulary) {
    Author a = blocks.author();
    Value list = blocks.builder().buffer("end.list", Type.TensorType.of(DType.INT64, 1, LIMIT));
    Value mask = blocks.builder().buffer("end.mask", Type.TensorType.of(DType.BOOL, 1, vocabulary));
    long[] none = new long[LIMIT];
    Arrays.fill(none, NO_TOKEN);
    long[] ofFile = none.clone();
    for (int i = 0; i < own.length; i++) {
      ofFile[i] = own[i];
    }
    Value padding = Integers.constant(blocks, none, LIMIT);
    Value all = a.slice(a.cat(List.of(given, padding), 0), 0, 0, LIMIT);
    blocks.builder().callInto(list, "aten::view_copy.out", Operand.of(all), Operand.ints(1, LIMIT));
    Value first =
        blocks.builder().call("aten::_local_scalar_dense", Operand.of(a.select(all, 0, 0)));
    a.when(
        a.number("eq", Operand.of(first), Operand.of(-1)),
        () -> blocks.builder().copyInto(list, Integers.constant(blocks, ofFile, 1, LIMIT)));
    writeMask(blocks, list, mask, vocabulary);
    return new EndTokens(list, mask);
  }

  /** What is no token goes to one more column, which is cut off. */
  private static void writeMask(Blocks blocks, Value list, Value mask, int vocabulary) {
    Author a = blocks.author();
    Value inside = a.and(a.compare("ge", list, 0), a.compare("lt", list, vocabulary));
    Value places = a.where(inside, list, Integers.constant(blocks, new long[] {vocabulary}, 1, 1));
    Value zeros =
        blocks
            .builder()
            .callTyped(
                "aten::full.out",
                List.of(Operand.ints(1, vocabulary + 1L), Operand.of(0)),
                Type.TensorType.of(DType.INT64, 1, vocabulary + 1L));
    Value ones =
        blocks
            .builder()
            .callTyped(
                "aten::scatter.value_out",
                List.of(Operand.of(zeros), Operand.of(1), Operand.of(places), Operand.of(1)),
                zeros.type());
    Value cut = a.slice(ones, 1, 0, vocabulary);
    blocks.builder().callInto(mask, "aten::gt.Scalar_out", Operand.of(cut), Operand.of(0));
  }

  /** Returns the end tokens, {@code int64[1, LIMIT]}; what is no token fills the rest. */
  public Value list() {
    return list;
  }

  /** Writes how many end tokens there are, a number of the program. */
  public Value count(Blocks blocks) {
    Value given = blocks.author().compare("ne", list, NO_TOKEN);
    Value sum = new ScoreMath(blocks).count(given);
    return blocks.builder().call("aten::_local_scalar_dense", Operand.of(sum));
  }

  /** Returns {@code bool[1, vocabulary]}, true at end tokens. */
  public Value mask() {
    return mask;
  }

  /**
   * Writes the test for end tokens.
   *
   * @param tokens {@code int64[rows, 1]}
   * @return {@code bool[rows, 1]}
   */
  public Value contains(Blocks blocks, Value tokens) {
    Author a = blocks.author();
    Value equal = a.compare("eq", tokens, list);
    return blocks
        .builder()
        .callTyped(
            "aten::any.out",
            List.of(Operand.of(equal), Operand.of(1), Operand.of(true)),
            new Type.TensorType(DType.BOOL, List.of(tokens.tensorType().dim(0), Dim.ONE)));
  }
}
