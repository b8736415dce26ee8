package dev.sconce.export.generation;

import dev.sconce.base.DType;
import dev.sconce.export.block.Blocks;
import dev.sconce.export.checkpoint.Weight;
import dev.sconce.graph.Author;
import dev.sconce.graph.Dim;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Type;
import dev.sconce.graph.Value;
import java.util.Arrays;
import java.util.List;

/**
 * The smallest language model: {@code scores = A[last token] + B[token before]}, without the second
 * term where there is one token only.
 *
 * <p>It shows that any graph from tokens to scores can be generated from, and tests the loop
 * without the weight of a network.
 */
public final class TableStep implements StepGraph {

  private final Weight current;
  private final Weight before;
  private final int vocabulary;
  private final int capacity;
  private final Dim rows;
  private final Value last;

  private TableStep(
      Blocks blocks, Weight current, Weight before, int vocabulary, int capacity, Dim rows) {
    this.current = current;
    this.before = before;
    this.vocabulary = vocabulary;
    this.capacity = capacity;
    this.rows = rows;
    this.last =
        blocks
            .builder()
            .buffer("table.last", new Type.TensorType(DType.INT64, List.of(rows, Dim.ONE)));
  }

  /**
   * Returns the model of two tables.
   *
   * @param a the scores after each token, row by row
   * @param b what the token before adds, row by row
   * @param capacity how many tokens a row may have
   */
  public static Factory of(float[] a, float[] b, int vocabulary, int capacity) {
    // One row more: what no token adds.
    float[] padded = Arrays.copyOf(b, b.length + vocabulary);
    Weight current = Weight.of("table.a", a.clone(), vocabulary, vocabulary);
    Weight before = Weight.of("table.b", padded, vocabulary + 1, vocabulary);
    return (blocks, rows) -> new TableStep(blocks, current, before, vocabulary, capacity, rows);
  }

  @Override
  public int vocabulary() {
    return vocabulary;
  }

  @Override
  public int capacity() {
    return capacity;
  }

  @Override
  public Value step(Blocks blocks, StepInput input) {
    Author a = blocks.author();
    Value known = a.cat(List.of(last, input.ids()), 1);
    Value newest = a.last(known, 1);
    Value previous = a.slice(known, 1, -2, -1);
    Value scores = a.add(look(blocks, current, newest), look(blocks, before, previous));
    blocks.builder().callInPlace("aten::copy_", Operand.of(last), Operand.of(newest));
    return a.view(scores, rows, Dim.of(vocabulary));
  }

  private static Value look(Blocks blocks, Weight table, Value ids) {
    return blocks
        .builder()
        .call(
            "aten::embedding.out",
            Operand.of(blocks.constant(table)),
            Operand.of(ids),
            Operand.of(-1),
            Operand.of(false),
            Operand.of(false));
  }

  @Override
  public void begin(Blocks blocks) {
    blocks
        .builder()
        .callInto(
            last,
            "aten::full.out",
            new Operand.ListOf(List.of(blocks.author().operand(rows), Operand.of(1))),
            Operand.of(vocabulary));
  }

  @Override
  public void reorder(Blocks blocks, Value order) {
    Value moved =
        blocks
            .builder()
            .call("aten::index_select.out", Operand.of(last), Operand.of(0), Operand.of(order));
    blocks.builder().copyInto(last, moved);
  }
}
