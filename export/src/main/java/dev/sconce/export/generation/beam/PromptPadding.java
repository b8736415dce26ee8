package dev.sconce.export.generation.beam;

import dev.sconce.base.DType;
import dev.sconce.export.generation.Padding;
import dev.sconce.export.generation.StepGraph;
import dev.sconce.graph.Author;
import dev.sconce.graph.Dim;
import dev.sconce.graph.GraphBuilder;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is padding in the prompts of a decoder alone, for its beams. */
final class PromptPadding {

  private final BeamMath math;
  private final BeamRows rows;
  private final Padding padding;
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
    this.padding = new Padding(math.blocks(), capacity);
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
      builder.assign(skipped, Operand.of(padding.cut(mask, a.operand(inputs.length()))));
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
    Value columns = visible;
    if (columns != null) {
      return padding.masked(ids, from, to, columns);
    }
    return masked ? padding.unmasked(ids, from, skipped) : padding.visible(ids, from);
  }
}
