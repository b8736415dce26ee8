package dev.sconce.export.block;

import dev.sconce.base.DType;
import dev.sconce.graph.Author;
import dev.sconce.graph.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A decoder-only language model: from token numbers to logits.
 *
 * @param tokens the token embedding
 * @param embeddingFactor what token vectors are multiplied by
 * @param positions learned position vectors, or null
 * @param layers the layers
 * @param finalNorm the norm after the last layer, or null
 * @param head from vectors to logits
 * @param logitsFactor what logits are multiplied by
 * @param logitsSoftcap the bound of logits, or 0 for none
 */
public record Decoder(
    Embedding tokens,
    double embeddingFactor,
    @Nullable Embedding positions,
    List<DecoderLayer> layers,
    @Nullable Norm finalNorm,
    Linear head,
    double logitsFactor,
    double logitsSoftcap)
    implements Model {

  /** Creates a decoder. */
  public Decoder {
    layers = List.copyOf(layers);
  }

  /**
   * Writes the model.
   *
   * @param ids {@code int64[rows, S]}
   * @param allLogits whether logits of every position are wanted, or those of the last alone
   * @return {@code float32[rows, S or 1, vocabulary]}
   */
  public Value apply(Blocks blocks, DecoderInput input, Value ids, boolean allLogits) {
    Value x = hidden(blocks, input, ids);
    return logits(blocks, allLogits ? x : blocks.author().last(x, 1));
  }

  /** Writes the layers: {@code [rows, S, width]}. */
  public Value hidden(Blocks blocks, DecoderInput input, Value ids) {
    Author a = blocks.author();
    Value x = a.mul(tokens.apply(blocks, ids), embeddingFactor);
    if (positions != null) {
      x = a.add(x, positions.apply(blocks, input.positions()));
    }
    for (int i = 0; i < layers.size(); i++) {
      x = layers.get(i).apply(blocks, input, "layers." + i, x);
    }
    return x;
  }

  /** Writes what follows the last layer, for the positions whose logits are wanted. */
  public Value logits(Blocks blocks, Value x) {
    Author a = blocks.author();
    Value normal = finalNorm == null ? x : finalNorm.apply(blocks, x);
    Value logits = a.mul(head.apply(blocks, normal), logitsFactor);
    Value capped = logitsSoftcap > 0 ? a.softcap(logits, logitsSoftcap) : logits;
    return a.to(capped, DType.FLOAT32);
  }
}
