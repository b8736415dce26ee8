package dev.sconce.export.generation.beam;

import dev.sconce.export.generation.EndTokens;
import dev.sconce.export.generation.ScoreMath;
import dev.sconce.graph.Author;
import dev.sconce.graph.Dim;
import dev.sconce.graph.GraphBuilder;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Value;

/**
 * The best continuations of the beams of every prompt, best first.
 *
 * <pre>
 * total[b, k·V + t] = scores[b, k, t] + running[b, k]
 * values, at        = topk(total[b], C)                  C = max(2, 1 + end tokens) · K
 * tokens = at mod V,   parents = at div V + b·K
 * ends   = token is an end token, or the row is as long as it may be
 * </pre>
 *
 * @param scores {@code float32[B, C]}
 * @param tokens {@code int64[B, C]}
 * @param parents {@code int64[B, C]}, the row that each continues
 * @param ends the buffer {@code bool[B, C]}
 */
record Candidates(Value scores, Value tokens, Value parents, Value ends) {

  /**
   * Writes the choice.
   *
   * @param logs {@code float32[rows, V]}, log-probabilities after the rules
   * @param running {@code float32[rows, 1]}, the scores of the beams
   * @param ends the buffer for the result
   * @param longest whether no row may grow beyond this token
   */
  static Candidates choose(
      BeamMath math,
      BeamRows rows,
      Value logs,
      Value running,
      EndTokens end,
      Value ends,
      Value longest) {
    Author a = math.author();
    GraphBuilder builder = math.builder();
    Dim vocabulary = logs.tensorType().dim(1);
    Dim count = rows.candidates();
    Value total = a.view(a.add(logs, running), rows.prompts(), rows.each().times(vocabulary));
    ScoreMath.Top top = new ScoreMath(math.blocks()).top(total, a.operand(count), count, true);
    Value tokens = a.remainder(top.places(), vocabulary.value());
    Value beams =
        builder.call(
            "aten::div.Scalar_mode_out",
            Operand.of(top.places()),
            Operand.of(vocabulary.value()),
            new Operand.StringConstant("floor"));
    Value parents = rows.prompts().isFixed() ? beams : a.add(beams, firstRows(math, rows));
    a.branch(
        longest,
        () -> math.fill(ends, Operand.of(true)),
        () -> {
          Value each = a.view(tokens, rows.prompts().times(count), Dim.ONE);
          math.setView(ends, end.contains(math.blocks(), each));
        });
    return new Candidates(top.values(), tokens, parents, ends);
  }

  /** Returns the first row of every prompt, {@code int64[B, 1]}. */
  private static Value firstRows(BeamMath math, BeamRows rows) {
    Author a = math.author();
    Value numbers = a.view(math.range(rows.prompts()), rows.prompts(), Dim.ONE);
    return math.builder().call("aten::mul.Scalar_out", Operand.of(numbers), a.operand(rows.each()));
  }
}
