package dev.sconce.export.block;

import dev.sconce.graph.Value;

/**
 * One layer of a decoder of an encoder-decoder model.
 *
 * @param self attention to the target so far
 * @param selfNorm its norm
 * @param cross attention to the source
 * @param crossNorm its norm
 * @param feedForward the feed-forward
 * @param feedForwardNorm its norm
 * @param order whether norms stand before or after
 */
public record TargetLayer(
    TargetAttention self,
    Norm selfNorm,
    CrossAttention cross,
    Norm crossNorm,
    FeedForward feedForward,
    Norm feedForwardNorm,
    NormOrder order) {

  /** Writes the layer. */
  Value apply(
      Blocks blocks, TargetInput input, CrossAttention.KeysValues source, String name, Value x) {
    Value own = order.residual(blocks, selfNorm, x, read -> self.apply(blocks, input, name, read));
    Value both =
        order.residual(blocks, crossNorm, own, read -> cross.apply(blocks, input, source, read));
    return order.residual(blocks, feedForwardNorm, both, read -> feedForward.apply(blocks, read));
  }
}
