package dev.sconce.export.block;

import dev.sconce.graph.Author;
import dev.sconce.graph.Dim;
import dev.sconce.graph.Value;

/**
 * Attention of a decoder to what the encoder made of the source.
 *
 * @param attention the projections
 */
public record CrossAttention(HeadedAttention attention) {

  /**
   * Keys and values of a source: made once, read by every step.
   *
   * @param keys {@code [C, heads, d, S]}, as columns, so that no step turns them; or the same as
   *     {@code [C · heads, d, S]}
   * @param values {@code [C, heads, S, d]}, or {@code [C · heads, S, d]}
   */
  public record KeysValues(Value keys, Value values) {}

  /** Writes keys and values of {@code hidden [C, S, width]}. */
  public KeysValues keysValues(Blocks blocks, Value hidden) {
    Author a = blocks.author();
    Dim rows = hidden.tensorType().dim(0);
    Dim length = hidden.tensorType().dim(1);
    Dim h = Dim.of(attention.heads());
    Dim d = Dim.of(attention.headDim());
    return new KeysValues(
        a.view(attention.keyColumns(blocks, hidden), rows, h, d, length),
        a.view(attention.values(blocks, hidden), rows, h, length, d));
  }

  /**
   * Writes the attention of new tokens. Rows that share a source are more queries to the same keys,
   * so nothing is repeated for beams:
   *
   * <pre>
   * scores[C · heads, K · T, S] = queries[C · heads, K · T, d] · keys[C · heads, d, S]
   * </pre>
   *
   * @param x {@code [C · K, T, width]}
   */
  Value apply(Blocks blocks, TargetInput input, KeysValues source, Value x) {
    Author a = blocks.author();
    Dim sources = input.sources();
    Dim queries = input.beams().times(input.length());
    Dim all = sources.times(Dim.of(attention.heads()));
    Dim d = Dim.of(attention.headDim());
    Dim length = source.keys().tensorType().shape().getLast();
    Value mixed =
        attention.mix(
            blocks,
            attention.queries(blocks, x, sources, queries),
            a.view(source.keys(), all, d, length),
            a.view(source.values(), all, length, d),
            input.sourceAddend(attention.heads()));
    return attention.join(blocks, mixed, sources, input.rows(), input.length());
  }
}
