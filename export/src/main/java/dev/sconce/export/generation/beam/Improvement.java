package dev.sconce.export.generation.beam;

import dev.sconce.base.DType;
import dev.sconce.export.generation.ScoreMath;
import dev.sconce.export.generation.Settings;
import dev.sconce.generate.EmbeddedSetting;
import dev.sconce.graph.Author;
import dev.sconce.graph.Dim;
import dev.sconce.graph.GraphBuilder;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Type;
import dev.sconce.graph.Value;
import java.util.List;

/**
 * Whether running beams can still improve on finished ones.
 *
 * <pre>
 * possible = best running score / n^penalty
 *   n: the greatest length where early_stopping is "never" and penalty &gt; 0, else the present one
 * closed  |= not any(possible &gt; (taken ? worst finished score : DEAD))
 * </pre>
 */
final class Improvement {

  private static final int EARLY = 1;
  private static final int NEVER = 2;

  private final BeamMath math;
  private final BeamRows rows;
  private final Value closed;
  private final Value stopsEarly;
  private final Value hopes;
  private final Value powers;

  /**
   * Declares the state and writes what does not change from round to round.
   *
   * @param longest how many tokens rows may have
   */
  Improvement(BeamMath math, BeamRows rows, Settings settings, int longest) {
    this.math = math;
    this.rows = rows;
    this.closed = math.buffer("closed", DType.BOOL, rows.prompts(), Dim.ONE);
    this.stopsEarly = math.bool("stops_early");
    this.hopes = math.bool("hopes");
    GraphBuilder builder = math.builder();
    Value early = settings.number(EmbeddedSetting.EARLY_STOPPING);
    Value penalty = settings.number(EmbeddedSetting.LENGTH_PENALTY);
    builder.assign(stopsEarly, Operand.of(false));
    math.setIf(stopsEarly, math.compare("eq", early, Operand.of((double) EARLY)));
    builder.assign(hopes, Operand.of(false));
    math.setIf(
        hopes,
        math.compare("eq", early, Operand.of((double) NEVER)),
        math.compare("gt", penalty, Operand.of(0.0)));
    // In double, then rounded, as Python computes it and torch divides by it.
    Dim count = Dim.of(longest + 1L);
    Value lengths =
        builder.callTyped(
            "aten::arange.out",
            List.of(math.author().operand(count)),
            new Type.TensorType(DType.FLOAT64, List.of(count)));
    Value exact =
        builder.call("aten::pow.Tensor_Scalar_out", Operand.of(lengths), Operand.of(penalty));
    this.powers = math.author().to(exact, DType.FLOAT32);
  }

  /** Writes the beginning. */
  void begin() {
    math.fill(closed, Operand.of(false));
  }

  /** Returns the prompts whose results stand, {@code bool[B, 1]}. */
  Value closed() {
    return closed;
  }

  /** Returns whether a prompt is done as soon as enough beams finished. */
  Value stopsEarly() {
    return stopsEarly;
  }

  /** Returns the power of a length, {@code float32[1]}. */
  Value power(Value length) {
    Value next = math.plus(length, Operand.of(1));
    return math.builder()
        .callTyped(
            "aten::slice_copy.Tensor_out",
            List.of(
                Operand.of(powers),
                Operand.of(0),
                Operand.of(length),
                Operand.of(next),
                Operand.of(1)),
            Type.TensorType.of(DType.FLOAT32, 1));
  }

  /**
   * Writes the judgement after a round.
   *
   * @param made how many tokens rows have behind the prompt
   * @param most how many they may have
   */
  void judge(RunningBeams running, FinishedBeams finished, Value made, Value most) {
    Author a = math.author();
    GraphBuilder builder = math.builder();
    Value length = math.integer("hypothetical");
    builder.assign(length, Operand.of(made));
    a.when(hopes, () -> builder.assign(length, Operand.of(most)));
    Value sums = a.view(running.scores(), rows.prompts(), rows.each());
    Value best = math.columns(sums, Operand.of(0), Operand.of(1), Dim.ONE);
    Value possible = a.div(best, power(length));
    Value worst =
        builder.callTyped(
            "aten::amin.out",
            List.of(Operand.of(finished.scores()), Operand.ints(1), Operand.of(true)),
            best.tensorType());
    Value dead = new ScoreMath(math.blocks()).scalar(BeamMath.DEAD, DType.FLOAT32);
    Value bound =
        builder.callTyped(
            "aten::where.self_out",
            List.of(Operand.of(finished.taken()), Operand.of(worst), Operand.of(dead)),
            finished.scores().type());
    Value better =
        builder.callTyped(
            "aten::gt.Tensor_out",
            List.of(Operand.of(possible), Operand.of(bound)),
            finished.taken().type());
    Value hopeless = math.not(math.any(better));
    builder.callInto(closed, "aten::logical_or.out", Operand.of(closed), Operand.of(hopeless));
  }

  /**
   * Writes whether the search is over.
   *
   * @param done the variable that becomes true or false
   */
  void end(Value done, Candidates candidates, FinishedBeams finished) {
    math.builder().assign(done, Operand.of(false));
    math.setIf(done, closed);
    math.setIf(done, candidates.ends());
    math.setIf(done, stopsEarly, finished.taken());
  }
}
