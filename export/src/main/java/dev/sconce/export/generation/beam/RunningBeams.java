package dev.sconce.export.generation.beam;

import dev.sconce.base.DType;
import dev.sconce.export.generation.ScoreMath;
import dev.sconce.graph.Author;
import dev.sconce.graph.Dim;
import dev.sconce.graph.Value;

/**
 * The beams that go on.
 *
 * @param history {@code int64[rows, capacity + 1]}, their tokens, prompt included
 * @param scores {@code float32[rows, 1]}, the sums of their log-probabilities
 * @param origin {@code int64[rows]}, the row that each continued in the last round
 */
record RunningBeams(Value history, Value scores, Value origin) {

  static RunningBeams declare(BeamMath math, BeamRows rows, int capacity) {
    return new RunningBeams(
        math.buffer("history", DType.INT64, rows.all(), Dim.of(capacity + 1L)),
        math.buffer("running", DType.FLOAT32, rows.all(), Dim.ONE),
        math.buffer("origin", DType.INT64, rows.all()));
  }

  /** Writes the scores at the beginning: only the first beam of a prompt counts, all are equal. */
  void begin(BeamMath math, BeamRows rows) {
    Author a = math.author();
    Value later = a.compare("gt", a.view(math.range(rows.each()), Dim.ONE, rows.each()), 0);
    Value one = a.mul(a.to(later, DType.FLOAT32), BeamMath.DEAD);
    math.setView(scores, a.expand(one, java.util.List.of(rows.prompts(), rows.each())));
  }

  /**
   * Writes the choice of the best candidates that do not end, and their new tokens.
   *
   * @param length how many tokens rows had before
   */
  void advance(BeamMath math, BeamRows rows, Candidates candidates, Value length) {
    Author a = math.author();
    ScoreMath scoreMath = new ScoreMath(math.blocks());
    Value live = math.lowered(candidates.scores(), candidates.ends());
    ScoreMath.Top best = scoreMath.top(live, a.operand(rows.each()), rows.each(), true);
    math.setView(scores, best.values());
    math.setView(origin, scoreMath.gather(candidates.parents(), best.places()));
    math.set(history, math.pick(history, origin, rows.all()));
    Value tokens = scoreMath.gather(candidates.tokens(), best.places());
    math.putColumn(history, length, a.view(tokens, rows.all(), Dim.ONE));
  }
}
