package dev.sconce.export.block;

import dev.sconce.graph.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The encoder of an encoder-decoder model.
 *
 * @param embedding makes vectors of tokens
 * @param layers the layers
 * @param finalNorm the norm after the last layer, or null
 */
public record SourceEncoder(
    SequenceEmbedding embedding, List<SourceLayer> layers, @Nullable Norm finalNorm) {

  /** Creates an encoder. */
  public SourceEncoder {
    layers = List.copyOf(layers);
  }

  /** Writes the encoder: {@code [C, S, width]}. */
  Value apply(Blocks blocks, SourceInput input) {
    Value x = embedding.ofSource(blocks, input);
    for (SourceLayer layer : layers) {
      x = layer.apply(blocks, input, x);
    }
    return finalNorm == null ? x : finalNorm.apply(blocks, x);
  }
}
