package dev.sconce.export.block;

import dev.sconce.graph.Value;
import java.util.List;

/**
 * An encoder-decoder model of text: the encoder reads a source once, the decoder writes the target
 * token by token and looks at the source through keys and values that are made once.
 *
 * <p>All sizes may vary: C sources of S tokens, K rows (beams) for each source, T new tokens a row.
 *
 * @param encoder the encoder
 * @param decoder the decoder
 */
public record EncoderDecoder(SourceEncoder encoder, TargetDecoder decoder) implements Model {

  /** Writes the encoder: hidden states {@code [C, S, width]}. */
  public Value encode(Blocks blocks, SourceInput input) {
    return encoder.apply(blocks, input);
  }

  /** Writes the keys and values of a source, one pair a layer. */
  public List<CrossAttention.KeysValues> crossKeysValues(Blocks blocks, Value hidden) {
    return decoder.layers().stream()
        .map(layer -> layer.cross().keysValues(blocks, hidden))
        .toList();
  }

  /**
   * Writes the decoder.
   *
   * @param sources keys and values of the sources, one pair a layer
   * @param allLogits whether logits of every new token are wanted, or those of the last alone
   * @return {@code float32[C · K, T or 1, vocabulary]}
   */
  public Value decode(
      Blocks blocks,
      TargetInput input,
      List<CrossAttention.KeysValues> sources,
      boolean allLogits) {
    return decoder.apply(blocks, input, sources, allLogits);
  }
}
