package dev.sconce.export.block;

import dev.sconce.base.DType;
import dev.sconce.graph.Author;
import dev.sconce.graph.Dim;
import dev.sconce.graph.Value;
import org.jspecify.annotations.Nullable;

/**
 * Attention of several heads over a batch of sequences, in ATen operators.
 *
 * <p>Products are made for all rows and heads at once, as {@code [rows · heads, …]}. With one row,
 * the number of rows is no dimension at all: shapes then vary in one dimension only, which XNNPACK
 * can reshape.
 *
 * @param query the query projection
 * @param key the key projection
 * @param value the value projection
 * @param output the output projection
 * @param heads the number of heads
 * @param headDim the size of a head
 * @param scale what scores are multiplied by
 */
public record HeadedAttention(
    Linear query, Linear key, Linear value, Linear output, int heads, int headDim, double scale) {

  /** Returns the queries of {@code x [B, n, width]}: {@code [rows · heads, length, d]}. */
  Value queries(Blocks blocks, Value x, Dim rows, Dim length) {
    Value projected = blocks.author().mul(query.apply(blocks, x), scale);
    return heads(blocks, projected, rows, length);
  }

  /** Returns the values of {@code x [B, n, width]}: {@code [B · heads, n, d]}. */
  Value values(Blocks blocks, Value x) {
    return heads(blocks, value.apply(blocks, x), x.tensorType().dim(0), x.tensorType().dim(1));
  }

  /** Returns the keys of {@code x [B, n, width]} as columns: {@code [B · heads, d, n]}. */
  Value keyColumns(Blocks blocks, Value x) {
    return columns(blocks, key.apply(blocks, x), x.tensorType().dim(0), x.tensorType().dim(1));
  }

  /**
   * Returns {@code [rows, length, heads, d]}, flat or not, as {@code [rows · heads, length, d]}.
   */
  Value heads(Blocks blocks, Value projected, Dim rows, Dim length) {
    Author a = blocks.author();
    Dim h = Dim.of(heads);
    Dim d = Dim.of(headDim);
    if (rows.equals(Dim.ONE)) {
      return a.permute(a.view(projected, length, h, d), 1, 0, 2);
    }
    Value turned = a.permute(a.view(projected, rows, length, h, d), 0, 2, 1, 3);
    a.size(turned, 2);
    return a.view(turned, rows.times(h), length, d);
  }

  /**
   * Returns {@code [rows, length, heads, d]}, flat or not, as {@code [rows · heads, d, length]}.
   */
  Value columns(Blocks blocks, Value projected, Dim rows, Dim length) {
    Author a = blocks.author();
    Dim h = Dim.of(heads);
    Dim d = Dim.of(headDim);
    if (rows.equals(Dim.ONE)) {
      return a.permute(a.view(projected, length, h, d), 1, 2, 0);
    }
    Value turned = a.permute(a.view(projected, rows, length, h, d), 0, 2, 3, 1);
    a.size(turned, 3);
    return a.view(turned, rows.times(h), d, length);
  }

  /**
   * Writes the attention of sequences to themselves: every position sees every other, unless an
   * addend hides it.
   *
   * @param x {@code [B, n, width]}
   * @param addend what is added to scores, float32, of a shape that broadcasts to {@code [B ·
   *     heads, n, n]}; or null
   * @return {@code [B, n, width]}
   */
  Value among(Blocks blocks, Value x, @Nullable Value addend) {
    Dim rows = x.tensorType().dim(0);
    Dim length = x.tensorType().dim(1);
    Value mixed =
        mix(
            blocks,
            queries(blocks, x, rows, length),
            keyColumns(blocks, x),
            values(blocks, x),
            addend);
    return join(blocks, mixed, rows, rows, length);
  }

  /**
   * Writes the mixing of values.
   *
   * <pre>
   * softmax(queries[b, n, d] · columns[b, d, m] + addend) · values[b, m, d]       b = rows · heads
   * </pre>
   *
   * @param addend what is added to scores, float32, of a shape that broadcasts to {@code [b, n,
   *     m]}; or null
   * @return {@code [b, n, d]}
   */
  Value mix(Blocks blocks, Value queries, Value columns, Value values, @Nullable Value addend) {
    Author a = blocks.author();
    DType dtype = queries.tensorType().dtype();
    Value scores = a.to(a.bmm(queries, columns), DType.FLOAT32);
    Value shares = a.softmax(addend == null ? scores : a.add(scores, addend));
    return a.bmm(a.to(shares, dtype), values);
  }

  /**
   * Writes the output projection of mixed values.
   *
   * @param mixed {@code [groups · heads, m, d]}, where groups · m = rows · length
   * @return {@code [rows, length, width]}
   */
  Value join(Blocks blocks, Value mixed, Dim groups, Dim rows, Dim length) {
    Author a = blocks.author();
    Dim h = Dim.of(heads);
    Dim d = Dim.of(headDim);
    Value turned =
        groups.equals(Dim.ONE)
            ? a.permute(mixed, 1, 0, 2)
            : a.permute(a.view(mixed, groups, h, mixed.tensorType().dim(1), d), 0, 2, 1, 3);
    return output.apply(blocks, a.view(turned, rows, length, h.times(d)));
  }
}
