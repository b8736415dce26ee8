package dev.sconce.export.block;

import dev.sconce.graph.Author;
import dev.sconce.graph.Value;
import org.jspecify.annotations.Nullable;

/**
 * One layer of an encoder: attention and feed-forward, each added to what came in.
 *
 * <pre>
 * norms first:  x + f(norm(x))        as ViT
 * norms last:   norm(x + f(x))        as BERT
 * </pre>
 *
 * @param attention the attention
 * @param attentionNorm its norm
 * @param feedForward the feed-forward
 * @param feedForwardNorm its norm
 * @param normsFirst whether norms stand before or after
 */
public record EncoderLayer(
    EncoderAttention attention,
    Norm attentionNorm,
    FeedForward feedForward,
    Norm feedForwardNorm,
    boolean normsFirst) {

  /** Writes the layer. */
  Value apply(Blocks blocks, Value x, @Nullable Value mask) {
    Author a = blocks.author();
    if (normsFirst) {
      Value middle = a.add(x, attention.apply(blocks, attentionNorm.apply(blocks, x), mask));
      return a.add(middle, feedForward.apply(blocks, feedForwardNorm.apply(blocks, middle)));
    }
    Value middle = attentionNorm.apply(blocks, a.add(x, attention.apply(blocks, x, mask)));
    return feedForwardNorm.apply(blocks, a.add(middle, feedForward.apply(blocks, middle)));
  }
}
