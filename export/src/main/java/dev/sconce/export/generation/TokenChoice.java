package dev.sconce.export.generation;

import dev.sconce.base.DType;
import dev.sconce.export.block.Blocks;
import dev.sconce.export.generation.ScoreMath.Top;
import dev.sconce.graph.Author;
import dev.sconce.graph.Dim;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Value;

/**
 * The choice of the next token of every row from its scores: the most likely one, or a draw.
 *
 * <pre>
 * draw:  c = running sums of exp(score - max) in double, in the order of the vocabulary
 *        token = how many c are at most u · (the last c)
 * </pre>
 *
 * @param blocks where it is written
 * @param rows the number of rows
 * @param vocabulary the number of scores of a row
 */
record TokenChoice(Blocks blocks, Dim rows, int vocabulary) {

  /** So many tokens at most are looked at one by one where filters left only few. */
  private static final int FEW = 256;

  private ScoreMath math() {
    return new ScoreMath(blocks);
  }

  private Author author() {
    return blocks.author();
  }

  /** Writes the choice of the most likely token into a buffer {@code int64[rows, 1]}. */
  void mostLikely(Value scores, Value token) {
    blocks
        .builder()
        .callInto(token, "aten::argmax.out", Operand.of(scores), Operand.of(-1), Operand.of(true));
  }

  /**
   * Writes the draw into a buffer {@code int64[rows, 1]}.
   *
   * @param u {@code float64[rows, 1]}, from 0 up to, but without, 1
   * @param max the largest score of every row
   */
  void draw(Value scores, Value max, Value u, Value token) {
    if (vocabulary <= FEW) {
      drawFromAll(scores, max, u, token);
      return;
    }
    // Running sums over a whole vocabulary are dear, and banned tokens do not change them.
    Top top = math().top(scores, FEW);
    Value few = math().compare("eq", math().last(top.values()), Double.NEGATIVE_INFINITY);
    author()
        .branch(
            few, () -> drawFromFew(top, max, u, token), () -> drawFromAll(scores, max, u, token));
  }

  private void drawFromAll(Value scores, Value max, Value u, Value token) {
    Value sums = math().cumulative(math().weights(scores, max));
    Value bound = author().mul(u, math().last(sums));
    into(token, author().compare("le", sums, bound));
  }

  private void drawFromFew(Top top, Value max, Value u, Value token) {
    ScoreMath math = math();
    Top ordered = math.top(top.places(), Operand.of(FEW), Dim.of(FEW), false);
    Value scores = math.gather(top.values(), ordered.places());
    Value sums = math.cumulative(math.weights(scores, max));
    Value bound = author().mul(u, math.last(sums));
    Value place = math.count(author().compare("le", sums, bound));
    blocks
        .builder()
        .callInto(
            token,
            "aten::gather.out",
            Operand.of(ordered.values()),
            Operand.of(1),
            Operand.of(place),
            Operand.of(false));
  }

  private void into(Value token, Value flags) {
    blocks
        .builder()
        .callInto(
            token,
            "aten::sum.IntList_out",
            Operand.of(flags),
            Operand.ints(-1),
            Operand.of(true),
            Operand.of(DType.INT64.code()));
  }

  /**
   * Writes the log-probability of the chosen tokens.
   *
   * @return {@code float32[rows, 1]}
   */
  Value logProbability(Value scores, Value max, Value token) {
    Author a = author();
    Value norm = a.unary("log", math().mass(scores, max));
    Value relative = a.sub(math().doubles(math().gather(scores, token)), math().doubles(max));
    return a.to(a.sub(relative, norm), DType.FLOAT32);
  }
}
