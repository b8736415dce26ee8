package dev.sconce.export.generation.beam;

import dev.sconce.base.DType;
import dev.sconce.export.generation.ScoreMath;
import dev.sconce.export.generation.StepGraph;
import dev.sconce.graph.Author;
import dev.sconce.graph.Dim;
import dev.sconce.graph.GraphBuilder;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Type;
import dev.sconce.graph.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is padding in the prompts of a decoder alone: it stands left. Of a single prompt it is cut
 * off; in a batch, columns are hidden row by row.
 */
final class PromptPadding {

  private final BeamMath math;
  private final BeamRows rows;
  private final int capacity;
  private final boolean masked;
  private final Value skipped;
  private final @Nullable Value visible;

  /**
   * Declares the state.
   *
   * @param masked whether there is a mask
   */
  PromptPadding(BeamMath math, BeamRows rows, int capacity, boolean masked) {
    this.math = math;
    this.rows = rows;
    this.capacity = capacity;
    this.masked = masked;
    this.skipped = math.integer("skipped");
    this.visible =
        masked && !rows.prompts().isFixed()
            ? math.buffer("visible", DType.BOOL, rows.all(), Dim.of(capacity + 1L))
            : null;
  }

  /**
   * Writes the reading of the mask.
   *
   * @return the number of the first column that is read, a number of the program
   */
  Value begin(BeamInputs inputs) {
    GraphBuilder builder = math.builder();
    Author a = math.author();
    builder.assign(skipped, Operand.of(0));
    Value mask = inputs.mask();
    Value columns = visible;
    if (mask != null && columns == null) {
      Value sum = new ScoreMath(math.blocks()).count(mask);
      Value real =
          a.number(
              "sym_max",
              Operand.of(builder.call("aten::_local_scalar_dense", Operand.of(sum))),
              Operand.of(1));
      builder.assign(
          skipped, Operand.of(a.number("sub", a.operand(inputs.length()), Operand.of(real))));
    }
    return skipped;
  }

  /** Writes which columns of the rows are visible. */
  void show(BeamInputs inputs) {
    Value columns = visible;
    Value mask = inputs.mask();
    if (columns == null || mask == null) {
      return;
    }
    Author a = math.author();
    math.fill(columns, Operand.of(true));
    math.builder()
        .callInPlace(
            "aten::index_put_",
            Operand.of(columns),
            new Operand.ListOf(List.of(Operand.none(), Operand.of(math.range(inputs.length())))),
            Operand.of(a.compare("gt", mask, 0)),
            Operand.of(false));
  }

  /** Writes that rows take the places of others. */
  void pick(Value numbers) {
    Value columns = visible;
    if (columns != null) {
      math.set(columns, math.pick(columns, numbers, rows.all()));
    }
  }

  /**
   * Returns the new tokens as the model takes them.
   *
   * @param ids {@code int64[rows, n]}, columns {@code from} to {@code to}
   */
  StepGraph.StepInput input(Value ids, Value from, Value to) {
    Author a = math.author();
    Dim count = ids.tensorType().dim(1);
    Value columns = visible;
    if (columns != null) {
      return new StepGraph.StepInput(
          ids, consecutive(from, count), from, positions(columns, from, to, count), columns);
    }
    Value start = from;
    if (masked) {
      start =
          a.number(
              "sub",
              math.builder().freshSymbol("start", 0, capacity - 1L),
              Operand.of(from),
              Operand.of(skipped));
    }
    return new StepGraph.StepInput(ids, consecutive(start, count), start, null, null);
  }

  private Value consecutive(Value start, Dim count) {
    Author a = math.author();
    Value end = a.number("add", Operand.of(start), a.operand(count));
    return math.builder()
        .callTyped(
            "aten::arange.start_out",
            List.of(Operand.of(start), Operand.of(end), Operand.of(1)),
            new Type.TensorType(DType.INT64, List.of(count)));
  }

  /** Returns how many visible tokens of its row come before each new one. */
  private Value positions(Value columns, Value from, Value to, Dim count) {
    Author a = math.author();
    Dim length = ((Type.IntType) to.type()).value();
    Value known = math.columns(columns, Operand.of(0), Operand.of(to), length);
    Value seen =
        math.builder()
            .callTyped(
                "aten::cumsum.out",
                List.of(Operand.of(known), Operand.of(1), Operand.of(DType.INT64.code())),
                new Type.TensorType(DType.INT64, known.tensorType().shape()));
    Value ofNew = math.columns(seen, Operand.of(from), Operand.of(to), count);
    return math.builder()
        .call("aten::clamp.out", Operand.of(a.add(ofNew, -1)), Operand.of(0), Operand.none());
  }
}
