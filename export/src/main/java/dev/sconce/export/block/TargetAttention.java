package dev.sconce.export.block;

import dev.sconce.graph.Author;
import dev.sconce.graph.Dim;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Value;
import org.jspecify.annotations.Nullable;

/**
 * Causal self-attention of a decoder over a batch, with a cache whose rows can be reordered.
 *
 * @param attention the projections
 * @param bias a bias on scores by distance, or null; layers that share one share the instance
 */
public record TargetAttention(HeadedAttention attention, @Nullable RelativeBias bias) {

  /**
   * Writes the attention of one layer.
   *
   * @param name tells this layer's cache from others
   * @param x {@code [R, T, width]}
   */
  Value apply(Blocks blocks, TargetInput input, String name, Value x) {
    Author a = blocks.author();
    Dim h = Dim.of(attention.heads());
    Dim d = Dim.of(attention.headDim());
    Dim rows = input.rows();
    Dim length = input.length();
    Value keys = attention.key().apply(blocks, x);
    Value values = attention.value().apply(blocks, x);
    RowCache cache = RowCache.create(blocks, input, name, attention.heads(), attention.headDim());
    cache.store(blocks, input, keys, values);
    if (bias == null && blocks.options().customAttention()) {
      Value queries = a.view(attention.query().apply(blocks, x), rows, length, h, d);
      Value mixed = sdpa(blocks, input, queries, cache);
      return attention.output().apply(blocks, a.view(mixed, rows, length, h.times(d)));
    }
    Value mixed =
        attention.mix(
            blocks,
            attention.queries(blocks, x, rows, length),
            attention.columns(blocks, cache.keysSeen(blocks, input), rows, input.seen()),
            attention.heads(blocks, cache.valuesSeen(blocks, input), rows, input.seen()),
            input.addend(attention.heads(), bias));
    return attention.join(blocks, mixed, rows, rows, length);
  }

  private Value sdpa(Blocks blocks, TargetInput input, Value queries, RowCache cache) {
    boolean whole = input.maxRows() == 1;
    return CustomAttention.mix(
        blocks,
        queries,
        whole ? cache.keys() : cache.keysSeen(blocks, input),
        whole ? cache.values() : cache.valuesSeen(blocks, input),
        Operand.of(input.start()),
        Operand.none(),
        true,
        attention.scale());
  }
}
