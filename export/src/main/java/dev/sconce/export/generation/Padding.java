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
 * What is padding in the prompts of a decoder alone, where it stands left: of a single row it is
 * cut off before the model runs; in a file for several rows, columns are hidden row by row.
 *
 * @param blocks where it is written
 * @param capacity how many tokens the model's state holds
 */
public record Padding(Blocks blocks, int capacity) {

  /**
   * Writes how many columns of a single row are padding, a number of the program. One token is left
   * where all are.
   *
   * @param mask {@code int64[1, S]}
   * @param length S, a number of the program
   */
  public Value cut(Value mask, Operand length) {
    Author a = blocks.author();
    Value marked = new ScoreMath(blocks).count(mask);
    Value sum = a.builder().call("aten::_local_scalar_dense", Operand.of(marked));
    Value real = a.number("sym_max", Operand.of(sum), Operand.of(1));
    return a.number("sub", length, Operand.of(real));
  }

  /**
   * Returns new tokens of a single row as the model takes them.
   *
   * @param ids {@code int64[1, n]}, columns from {@code from} on
   * @param skipped how many columns before them were cut off, a number of the program
   */
  public StepGraph.StepInput unmasked(Value ids, Value from, Value skipped) {
    Author a = blocks.author();
    Value start =
        a.number(
            "sub",
            a.builder().freshSymbol("start", 0, capacity - 1L),
            Operand.of(from),
            Operand.of(skipped));
    return visible(ids, start);
  }

  /** Returns new tokens as the model takes them where no column is padding. */
  public StepGraph.StepInput visible(Value ids, Value from) {
    Value columns = GenerationState.columns(blocks, from, ids.tensorType().dim(1));
    return new StepGraph.StepInput(ids, columns, from, null, null);
  }

  /**
   * Returns new tokens of several rows as the model takes them.
   *
   * @param ids {@code int64[rows, n]}, columns {@code from} to {@code to}
   * @param visible {@code bool[rows, capacity + 1]}, false where a column is padding
   */
  public StepGraph.StepInput masked(Value ids, Value from, Value to, Value visible) {
    Value columns = GenerationState.columns(blocks, from, ids.tensorType().dim(1));
    Value positions = positions(ids, from, to, visible);
    return new StepGraph.StepInput(ids, columns, from, positions, visible);
  }

  /** Writes how many visible tokens of its row come before each new one. */
  private Value positions(Value ids, Value from, Value to, Value visible) {
    Author a = blocks.author();
    Value known = a.slice(visible, 1, Operand.of(0), Operand.of(to));
    Value seen =
        a.builder()
            .callTyped(
                "aten::cumsum.out",
                List.of(Operand.of(known), Operand.of(1), Operand.of(DType.INT64.code())),
                new Type.TensorType(DType.INT64, known.tensorType().shape()));
    Dim rows = ids.tensorType().dim(0);
    Dim count = ids.tensorType().dim(1);
    Value ofNew =
        a.builder()
            .callTyped(
                "aten::slice_copy.Tensor_out",
                List.of(
                    Operand.of(seen),
                    Operand.of(1),
                    Operand.of(from),
                    Operand.of(to),
                    Operand.of(1)),
                new Type.TensorType(DType.INT64, List.of(rows, count)));
    return a.builder()
        .call("aten::clamp.out", Operand.of(a.add(ofNew, -1)), Operand.of(0), Operand.none());
  }
}
