package dev.sconce.export.block;

import dev.sconce.base.DType;
import dev.sconce.graph.Author;
import dev.sconce.graph.Dim;
import dev.sconce.graph.Value;
import org.jspecify.annotations.Nullable;

/**
 * Self-attention of an encoder: every position sees every other, unless a mask hides it.
 *
 * @param query the query projection
 * @param key the key projection
 * @param value the value projection
 * @param output the output projection
 * @param heads the number of heads
 * @param headDim the size of a head
 */
public record EncoderAttention(
    Linear query, Linear key, Linear value, Linear output, int heads, int headDim) {

  /**
   * Writes the attention of one layer.
   *
   * <pre>
   * scores[h, S, S] = queries[h, S, d] · keys[h, d, S] / √d + mask[1, 1, S]
   * </pre>
   *
   * @param x {@code [1, S, width]}
   * @param mask what is added to scores, {@code float32[1, 1, S]}, or null
   */
  Value apply(Blocks blocks, Value x, @Nullable Value mask) {
    Author a = blocks.author();
    Dim length = x.tensorType().dim(1);
    Value queries = heads(blocks, a.mul(query.apply(blocks, x), 1 / Math.sqrt(headDim)), 1, 0, 2);
    Value keys = heads(blocks, key.apply(blocks, x), 1, 2, 0);
    Value values = heads(blocks, value.apply(blocks, x), 1, 0, 2);
    Value scores = a.to(a.bmm(queries, keys), DType.FLOAT32);
    Value shares = a.softmax(mask == null ? scores : a.add(scores, mask));
    Value mixed = a.bmm(a.to(shares, x.tensorType().dtype()), values);
    Dim width = Dim.of((long) heads * headDim);
    Value joined = a.view(a.permute(mixed, 1, 0, 2), Dim.ONE, length, width);
    return output.apply(blocks, joined);
  }

  /** Splits {@code [1, S, heads · d]} to {@code [S, heads, d]} in the given order. */
  private Value heads(Blocks blocks, Value projected, long... order) {
    Author a = blocks.author();
    Dim length = projected.tensorType().dim(1);
    return a.permute(a.view(projected, length, Dim.of(heads), Dim.of(headDim)), order);
  }
}
