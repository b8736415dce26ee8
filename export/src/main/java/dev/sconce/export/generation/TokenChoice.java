package dev.sconce.export.generation;

import dev.sconce.base.DType;
import dev.sconce.export.block.Blocks;
import dev.sconce.graph.Author;
import dev.sconce.graph.Dim;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Type;
import dev.sconce.graph.Value;
import java.util.List;

/**
 * The choice of the next token of every row from its scores: the most likely one, or a draw.
 *
 * <pre>
 * draw:  c = running sums of exp(score - max) in double, in the order of the vocabulary
 *        token = how many c are at most u · (the last c)
 * </pre>
 *
 * @param blocks where it is written
 */
record TokenChoice(Blocks blocks) {

  /** How many neighbours are summed up at first. */
  private static final int BLOCK = 256;

  /** How many sums of a block are added up side by side. */
  private static final int PART = 16;

  private ScoreMath math() {
    return new ScoreMath(blocks);
  }

  /** Writes the choice of the most likely token into a buffer {@code int64[rows, 1]}. */
  void mostLikely(Value scores, Value token) {
    blocks
        .builder()
        .callInto(token, "aten::argmax.out", Operand.of(scores), Operand.of(-1), Operand.of(true));
  }

  /**
   * A draw.
   *
   * @param place the drawn places, {@code int64[rows, 1]}
   * @param mass the sums of exp(score - max), {@code float64[rows, 1]}
   */
  record Draw(Value place, Value mass) {}

  /**
   * Writes the draw.
   *
   * @param max the largest score of every row
   * @param u {@code float64[rows, 1]}, from 0 up to, but without, 1
   */
  Draw draw(Value scores, Value max, Value u) {
    Author a = blocks.author();
    return draw(
        isLarge(scores) ? a.unary("exp", a.sub(scores, max)) : math().weights(scores, max), u);
  }

  /**
   * Writes the draw.
   *
   * @param weights exp(score - max), or 0 for tokens that are not to be drawn
   * @param u as above
   */
  Draw draw(Value weights, Value u) {
    if (isLarge(weights)) {
      return drawInBlocks(weights, u);
    }
    Value sums = math().cumulative(weights);
    Value mass = math().last(sums);
    return new Draw(
        math().count(blocks.author().compare("le", sums, blocks.author().mul(u, mass))), mass);
  }

  private static boolean isLarge(Value scores) {
    return scores.tensorType().dim(1).value() > 2 * BLOCK;
  }

  /**
   * Draws a block of neighbours by the sums of blocks, then one of them: running sums of a whole
   * vocabulary in double take a fifth of a decoding step.
   */
  private Draw drawInBlocks(Value weights, Value u) {
    Author a = blocks.author();
    Dim rows = weights.tensorType().dim(0);
    Value padded = math().padded(weights, BLOCK, 0);
    Dim count = Dim.of(padded.tensorType().dim(1).value() / BLOCK);
    Value inBlocks = a.view(padded, rows, count, Dim.of(BLOCK));
    Value each = sums(inBlocks, rows, count);
    Value sums = math().cumulative(each);
    Value mass = math().last(sums);
    Value bound = a.mul(u, mass);
    Value block = math().count(a.compare("le", sums, bound));
    Value before = a.sub(math().gather(sums, block), math().gather(each, block));
    Value inner = math().cumulative(chosen(inBlocks, rows, block));
    Value under = math().count(a.compare("le", a.add(inner, before), bound));
    // The block's sum and the last running sum may differ in their last digits; a token without
    // weight is never drawn.
    Value most = math().count(a.compare("lt", inner, math().last(inner)));
    Value place = a.minimum(under, most);
    Value first =
        blocks.builder().call("aten::mul.Scalar_out", Operand.of(block), Operand.of(BLOCK));
    return new Draw(a.add(first, place), mass);
  }

  /** Returns the sums of blocks, {@code float64[rows, count]}, first of every 16th number. */
  private Value sums(Value inBlocks, Dim rows, Dim count) {
    Dim part = Dim.of(PART);
    Value parts = blocks.author().view(inBlocks, rows, count, Dim.of(BLOCK / PART), part);
    return sum(sum(parts, 2, DType.FLOAT32, rows, count, part), 2, DType.FLOAT64, rows, count);
  }

  private Value sum(Value numbers, int dim, DType dtype, Dim... shape) {
    return blocks
        .builder()
        .callTyped(
            "aten::sum.IntList_out",
            List.of(
                Operand.of(numbers),
                Operand.ints(dim),
                Operand.of(false),
                Operand.of(dtype.code())),
            new Type.TensorType(dtype, List.of(shape)));
  }

  /** Writes one block of every row, {@code [rows, 256]}. */
  private Value chosen(Value inBlocks, Dim rows, Value block) {
    Author a = blocks.author();
    List<Dim> shape = List.of(rows, Dim.ONE, Dim.of(BLOCK));
    Value places = a.expand(a.view(block, rows, Dim.ONE, Dim.ONE), shape);
    Value weights =
        blocks
            .builder()
            .callTyped(
                "aten::gather.out",
                List.of(Operand.of(inBlocks), Operand.of(1), Operand.of(places), Operand.of(false)),
                new Type.TensorType(DType.FLOAT32, shape));
    return a.view(weights, rows, Dim.of(BLOCK));
  }

  /**
   * Writes the log-probability of the chosen places into a buffer {@code float32[rows, 1]}.
   *
   * @param max the largest score of every row
   * @param mass the sum of exp(score - max)
   */
  void logProbability(Value scores, Value max, Value mass, Value place, Value log) {
    Author a = blocks.author();
    Value norm = a.unary("log", mass);
    Value relative = a.sub(math().doubles(math().gather(scores, place)), math().doubles(max));
    Value exact = a.to(a.sub(relative, norm), DType.FLOAT32);
    blocks.builder().copyInto(log, exact);
  }
}
