package dev.sconce.export.block;

import dev.sconce.graph.Dim;
import dev.sconce.graph.Value;
import org.jspecify.annotations.Nullable;

/**
 * One layer of an encoder of an encoder-decoder model.
 *
 * @param attention the attention
 * @param attentionNorm its norm
 * @param bias a bias on scores by distance, or null; layers that share one share the instance
 * @param feedForward the feed-forward
 * @param feedForwardNorm its norm
 * @param order whether norms stand before or after
 */
public record SourceLayer(
    HeadedAttention attention,
    Norm attentionNorm,
    @Nullable RelativeBias bias,
    FeedForward feedForward,
    Norm feedForwardNorm,
    NormOrder order) {

  /** Writes the layer. */
  Value apply(Blocks blocks, SourceInput input, Value x) {
    Value middle = order.residual(blocks, attentionNorm, x, read -> attend(blocks, input, read));
    return order.residual(blocks, feedForwardNorm, middle, read -> feedForward.apply(blocks, read));
  }

  private Value attend(Blocks blocks, SourceInput input, Value x) {
    Dim rows = input.rows();
    Dim length = input.length();
    Value mixed =
        attention.mix(
            blocks,
            attention.queries(blocks, x, rows, length),
            attention.keyColumns(blocks, x),
            attention.values(blocks, x),
            input.addend(attention.heads(), bias));
    return attention.join(blocks, mixed, rows, rows, length);
  }
}
