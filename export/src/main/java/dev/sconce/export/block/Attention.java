package dev.sconce.export.block;

import dev.sconce.base.DType;
import dev.sconce.graph.Author;
import dev.sconce.graph.Dim;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Causal self-attention with a cache: every query sees its own token and those before it, or the
 * latest {@code window} of them.
 *
 * @param query the query projection
 * @param key the key projection
 * @param value the value projection
 * @param output the output projection
 * @param heads the number of query heads
 * @param groups the number of key and value heads; a divisor of {@code heads}
 * @param headDim the size of a head
 * @param scale what scores are multiplied by
 * @param softcap the bound of scores, or 0 for none
 * @param window how many tokens a query sees, or 0 for all
 * @param queryNorm a norm of queries before they are turned, or null
 * @param keyNorm a norm of keys before they are turned, or null
 * @param rotary the position embedding, or null
 */
public record Attention(
    Linear query,
    Linear key,
    Linear value,
    Linear output,
    int heads,
    int groups,
    int headDim,
    double scale,
    double softcap,
    int window,
    @Nullable Norm queryNorm,
    @Nullable Norm keyNorm,
    @Nullable Rotary rotary) {

  /** Creates an attention. */
  public Attention {
    if (groups <= 0 || heads % groups != 0) {
      throw new IllegalArgumentException(
          "expected key heads to divide %d query heads, found %d".formatted(heads, groups));
    }
  }

  /**
   * Writes the attention of one layer.
   *
   * @param name tells this layer's cache from others
   * @param x {@code [rows, S, width]}
   */
  public Value apply(Blocks blocks, DecoderInput input, String name, Value x) {
    AttentionHeads fresh = AttentionHeads.of(this, blocks, input, x);
    boolean ring = window > 0 && window < input.capacity();
    Value mixed =
        ring
            ? overRing(blocks, input, name, fresh)
            : GroupedAttention.suits(this, blocks, input)
                ? GroupedAttention.apply(this, blocks, input, name, fresh)
                : overAll(blocks, input, name, fresh);
    Dim width = Dim.of((long) heads * headDim);
    Value joined = blocks.author().view(mixed, input.rows(), input.length(), width);
    return output.apply(blocks, joined);
  }

  private Value overAll(Blocks blocks, DecoderInput input, String name, AttentionHeads fresh) {
    Value queries = fresh.queries();
    KvCache cache =
        input.noted(KvCache.create(blocks, name, input.rows(), input.capacity(), groups, headDim));
    cache.store(blocks, input, fresh.keys(), fresh.values());
    Value turnedKeys = cache.keys();
    if (rotary != null && rotary.lengthDependent()) {
      turnedKeys = rotary.turn(blocks, turnedKeys, input.cacheAngles(rotary));
    }
    if (isCustom(blocks, input)) {
      return CustomAttention.mix(
          blocks,
          queries,
          turnedKeys,
          cache.values(),
          Operand.of(input.start()),
          Operand.none(),
          true,
          scale);
    }
    return plain(blocks, queries, turnedKeys, cache.values(), input.causalMask());
  }

  /**
   * Attention over the ring as it was before this call and the new tokens beside it; then the ring
   * takes the new tokens. So no key is overwritten before the last query that needs it, however
   * many tokens a call brings.
   */
  private Value overRing(Blocks blocks, DecoderInput input, String name, AttentionHeads fresh) {
    Author a = blocks.author();
    Value queries = fresh.queries();
    Value keys = fresh.keys();
    Value values = fresh.values();
    KvCache cache =
        input.noted(KvCache.create(blocks, name, input.rows(), window, groups, headDim));
    Value allKeys = a.cat(List.of(cache.keys(), keys), 1);
    Value allValues = a.cat(List.of(cache.values(), values), 1);
    if (rotary != null && rotary.lengthDependent()) {
      allKeys = rotary.turn(blocks, allKeys, input.ringAngles(rotary, window));
    }
    Value mask = input.ringMask(window);
    Value mixed =
        isCustom(blocks, input)
            ? CustomAttention.mix(
                blocks, queries, allKeys, allValues, Operand.of(0), Operand.of(mask), false, scale)
            : plain(blocks, queries, allKeys, allValues, mask);
    cache.storeInRing(blocks, input, window, keys, values);
    return mixed;
  }

  /** The custom operator takes one mask for all rows. */
  private boolean isCustom(Blocks blocks, DecoderInput input) {
    return blocks.options().customAttention() && softcap == 0 && !input.masksRows();
  }

  /**
   * Attention in ATen operators. Query heads that share a key head are rows of one matrix:
   *
   * <pre>
   * scores[g, h·S, L] = queries[g, h·S, d] · keys[g, d, L]     h = heads / groups, g for every row
   * </pre>
   *
   * @param mask {@code [S, L]} or {@code [rows, 1, S, L]}
   */
  private Value plain(Blocks blocks, Value queries, Value keys, Value values, Value mask) {
    Author a = blocks.author();
    Dim batch = queries.tensorType().dim(0);
    Dim length = queries.tensorType().dim(1);
    Dim all = keys.tensorType().dim(1);
    Dim rows = length.times(Dim.of(heads / groups));
    Dim d = Dim.of(headDim);
    Dim g = batch.times(Dim.of(groups));
    Dim h = Dim.of(heads);
    boolean ofRows = mask.tensorType().rank() > 2;
    Value rowsOfQueries = a.view(a.permute(a.mul(queries, scale), 0, 2, 1, 3), g, rows, d);
    Value columnsOfKeys = a.view(a.permute(keys, 0, 2, 3, 1), g, d, all);
    Value products = a.bmm(rowsOfQueries, columnsOfKeys);
    Value scores =
        ofRows
            ? a.view(products, batch, h, length, all)
            : a.view(products, batch.times(h), length, all);
    if (softcap > 0) {
      scores = a.softcap(scores, softcap);
    }
    Value shares = a.softmax(a.add(a.to(scores, DType.FLOAT32), mask));
    Value rowsOfShares = a.view(a.to(shares, queries.tensorType().dtype()), g, rows, all);
    Value rowsOfValues = a.view(a.permute(values, 0, 2, 1, 3), g, all, d);
    Value mixed = a.view(a.bmm(rowsOfShares, rowsOfValues), batch, h, length, d);
    return a.permute(mixed, 0, 2, 1, 3);
  }
}
