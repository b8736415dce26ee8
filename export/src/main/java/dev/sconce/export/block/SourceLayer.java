package dev.sconce.export.block;

import dev.sconce.graph.Value;
import org.jspecify.annotations.Nullable;

/**
 * One layer of the encoder of an encoder-decoder model.
 *
 * @param layer the layer
 * @param bias a bias on scores by distance, or null; layers that share one share the instance
 */
public record SourceLayer(EncoderLayer layer, @Nullable RelativeBias bias) {

  /** Writes the layer. */
  Value apply(Blocks blocks, SourceInput input, Value x) {
    return layer.apply(blocks, x, input.addend(layer.attention().heads(), bias));
  }
}
