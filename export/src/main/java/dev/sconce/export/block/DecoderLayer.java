package dev.sconce.export.block;

import dev.sconce.graph.Author;
import dev.sconce.graph.Value;
import org.jspecify.annotations.Nullable;

/**
 * One layer of a decoder: attention and feed-forward, each added to what came in.
 *
 * @param attentionNorm normalises what attention reads, or null
 * @param attention the attention
 * @param attentionPostNorm normalises what attention gives, or null
 * @param feedForwardNorm normalises what the feed-forward reads, or null
 * @param feedForward the feed-forward
 * @param feedForwardPostNorm normalises what the feed-forward gives, or null
 * @param residualFactor what both are multiplied by before they are added
 * @param parallel whether the feed-forward reads the layer's input instead of attention's result
 */
public record DecoderLayer(
    @Nullable Norm attentionNorm,
    Attention attention,
    @Nullable Norm attentionPostNorm,
    @Nullable Norm feedForwardNorm,
    FeedForward feedForward,
    @Nullable Norm feedForwardPostNorm,
    double residualFactor,
    boolean parallel) {

  /** Returns the usual layer: both norms before, one after the other. */
  public static DecoderLayer preNorm(
      Norm attentionNorm, Attention attention, Norm feedForwardNorm, FeedForward feedForward) {
    return new DecoderLayer(
        attentionNorm, attention, null, feedForwardNorm, feedForward, null, 1, false);
  }

  /** Writes the layer. */
  Value apply(Blocks blocks, DecoderInput input, String name, Value x) {
    Author a = blocks.author();
    Value attended =
        norm(
            blocks,
            attentionPostNorm,
            attention.apply(blocks, input, name, norm(blocks, attentionNorm, x)));
    Value middle = a.add(x, a.mul(attended, residualFactor));
    Value read = norm(blocks, feedForwardNorm, parallel ? x : middle);
    Value fed = norm(blocks, feedForwardPostNorm, feedForward.apply(blocks, read));
    return a.add(middle, a.mul(fed, residualFactor));
  }

  private static Value norm(Blocks blocks, @Nullable Norm norm, Value x) {
    return norm == null ? x : norm.apply(blocks, x);
  }
}
