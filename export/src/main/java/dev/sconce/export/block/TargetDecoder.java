package dev.sconce.export.block;

import dev.sconce.base.DType;
import dev.sconce.graph.Author;
import dev.sconce.graph.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The decoder of an encoder-decoder model.
 *
 * @param embedding makes vectors of tokens
 * @param layers the layers
 * @param finalNorm the norm after the last layer, or null
 * @param headFactor what vectors are multiplied by before the head
 * @param head from vectors to logits
 */
public record TargetDecoder(
    SequenceEmbedding embedding,
    List<TargetLayer> layers,
    @Nullable Norm finalNorm,
    double headFactor,
    Linear head) {

  /** Creates a decoder. */
  public TargetDecoder {
    layers = List.copyOf(layers);
  }

  /** Writes the decoder: {@code float32[R, T or 1, vocabulary]}. */
  Value apply(
      Blocks blocks,
      TargetInput input,
      List<CrossAttention.KeysValues> sources,
      boolean allLogits) {
    Author a = blocks.author();
    Value x = embedding.ofTarget(blocks, input);
    for (int i = 0; i < layers.size(); i++) {
      x = layers.get(i).apply(blocks, input, sources.get(i), "layers." + i, x);
    }
    Value wanted = allLogits ? x : a.last(x, 1);
    Value normal = finalNorm == null ? wanted : finalNorm.apply(blocks, wanted);
    return a.to(head.apply(blocks, a.mul(normal, headFactor)), DType.FLOAT32);
  }
}
