package dev.sconce.export.block;

import dev.sconce.graph.Value;
import org.jspecify.annotations.Nullable;

/**
 * One layer of an encoder: attention and feed-forward, each added to what came in.
 *
 * @param attention the attention
 * @param attentionNorm its norm
 * @param feedForward the feed-forward
 * @param feedForwardNorm its norm
 * @param order whether norms stand before, as in ViT, or after, as in BERT
 */
public record EncoderLayer(
    HeadedAttention attention,
    Norm attentionNorm,
    FeedForward feedForward,
    Norm feedForwardNorm,
    NormOrder order) {

  /**
   * Writes the layer.
   *
   * @param addend what is added to scores, or null
   */
  Value apply(Blocks blocks, Value x, @Nullable Value addend) {
    Value middle =
        order.residual(blocks, attentionNorm, x, read -> attention.among(blocks, read, addend));
    return order.residual(blocks, feedForwardNorm, middle, read -> feedForward.apply(blocks, read));
  }
}
