package dev.sconce.export.generation;

import dev.sconce.base.DType;
import dev.sconce.export.block.Blocks;
import dev.sconce.graph.Author;
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
 */
record TokenChoice(Blocks blocks) {

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
   * Writes the draw.
   *
   * @param max the largest score of every row
   * @param u {@code float64[rows, 1]}, from 0 up to, but without, 1
   * @return the drawn places, {@code int64[rows, 1]}
   */
  Value draw(Value scores, Value max, Value u) {
    Author a = blocks.author();
    Value sums = math().cumulative(math().weights(scores, max));
    Value bound = a.mul(u, math().last(sums));
    return math().count(a.compare("le", sums, bound));
  }

  /**
   * Writes the log-probability of the chosen places into a buffer {@code float32[rows, 1]}.
   *
   * @param max the largest score of every row
   */
  void logProbability(Value scores, Value max, Value place, Value log) {
    Author a = blocks.author();
    Value norm = a.unary("log", math().mass(scores, max));
    Value relative = a.sub(math().doubles(math().gather(scores, place)), math().doubles(max));
    Value exact = a.to(a.sub(relative, norm), DType.FLOAT32);
    blocks.builder().callInto(log, "aten::alias_copy.out", Operand.of(exact));
  }
}
