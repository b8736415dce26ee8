package dev.sconce.export.generation.beam;

import dev.sconce.base.DType;
import dev.sconce.export.generation.ScoreMath;
import dev.sconce.graph.Author;
import dev.sconce.graph.Dim;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Value;

/**
 * The best finished beams of every prompt, best first. Places that no beam took yet have the score
 * of a dead one.
 *
 * @param tokens {@code int64[rows, capacity + 1]}, filled up behind the end
 * @param scores {@code float32[B, K]}, divided by a power of the length
 * @param taken {@code bool[B, K]}, whether a beam finished there
 * @param lengths {@code int64[B, K]}, prompt and end token included
 * @param merged {@code float32[B, C]}, the scores of candidates while they are merged
 */
record FinishedBeams(Value tokens, Value scores, Value taken, Value lengths, Value merged) {

  static FinishedBeams declare(BeamMath math, BeamRows rows, int capacity) {
    Dim prompts = rows.prompts();
    Dim each = rows.each();
    return new FinishedBeams(
        math.buffer("finished.tokens", DType.INT64, rows.all(), Dim.of(capacity + 1L)),
        math.buffer("finished.scores", DType.FLOAT32, prompts, each),
        math.buffer("finished.taken", DType.BOOL, prompts, each),
        math.buffer("finished.lengths", DType.INT64, prompts, each),
        math.buffer("finished.merged", DType.FLOAT32, prompts, rows.candidates()));
  }

  /**
   * Writes the beginning.
   *
   * @param prompts {@code int64[rows, capacity + 1]}, filled up behind the prompts
   * @param length the length of prompts, a number of the program
   */
  void begin(BeamMath math, Value prompts, Value length) {
    math.set(tokens, prompts);
    math.fill(scores, Operand.of(BeamMath.DEAD));
    math.fill(taken, Operand.of(false));
    math.fill(lengths, Operand.of(length));
  }

  /** Writes whether every place of each prompt is taken, {@code bool[B, 1]}. */
  Value full(BeamMath math) {
    return math.not(math.any(math.not(taken)));
  }

  /**
   * Writes the merging of candidates that end; of those only that stand among the first K.
   *
   * @param history the tokens of the beams that candidates continue
   * @param ended {@code bool[B, C]}, the candidates that end and count
   * @param round what the round knows
   */
  void merge(
      BeamMath math,
      BeamRows rows,
      Candidates candidates,
      Value history,
      Value ended,
      Round round) {
    Author a = math.author();
    ScoreMath scoreMath = new ScoreMath(math.blocks());
    // The order of these sums is transformers': it decides among beams that are out of the race.
    math.set(merged, a.div(candidates.scores(), round.power()));
    a.when(round.stopsEarly(), () -> math.set(merged, math.lowered(merged, full(math))));
    math.set(merged, math.lowered(merged, round.closed()));
    Value all = math.beside(scores, math.lowered(merged, math.not(ended)));
    ScoreMath.Top best = scoreMath.top(all, a.operand(rows.each()), rows.each(), true);
    Value from =
        math.beside(
            a.view(math.range(rows.all()), rows.prompts(), rows.each()),
            math.builder()
                .callTyped(
                    "aten::add.Scalar_out",
                    java.util.List.of(
                        Operand.of(candidates.parents()), a.operand(rows.all()), Operand.of(1)),
                    candidates.parents().type()));
    Value sources = a.view(scoreMath.gather(from, best.places()), rows.all());
    math.set(tokens, math.pick(math.below(tokens, history), sources, rows.all()));
    // Rows that were there have their filling in this column already.
    Value fill = math.full(DType.INT64, Operand.of(round.fill()), rows.prompts(), rows.each());
    Value column = scoreMath.gather(math.beside(fill, candidates.tokens()), best.places());
    math.putColumn(tokens, round.length(), a.view(column, rows.all(), Dim.ONE));
    Value grown =
        math.full(
            DType.INT64,
            Operand.of(math.plus(round.length(), Operand.of(1))),
            rows.prompts(),
            rows.candidates());
    math.set(lengths, scoreMath.gather(math.beside(lengths, grown), best.places()));
    math.set(taken, scoreMath.gather(math.beside(taken, ended), best.places()));
    math.set(scores, best.values());
  }

  /**
   * What a round knows.
   *
   * @param length how many tokens rows had before
   * @param power what scores of beams that end now are divided by, {@code float32[1]}
   * @param fill the token behind the end, a number of the program
   * @param stopsEarly whether a prompt is done as soon as all its places are taken
   * @param closed {@code bool[B, 1]}, the prompts whose results stand
   */
  record Round(Value length, Value power, Value fill, Value stopsEarly, Value closed) {}
}
