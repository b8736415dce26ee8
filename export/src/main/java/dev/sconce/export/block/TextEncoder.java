package dev.sconce.export.block;

import dev.sconce.base.DType;
import dev.sconce.graph.Author;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An encoder of text with learned positions: from token numbers to logits.
 *
 * @param tokens the token embedding
 * @param positions the position embedding
 * @param positionsAfterPadding the padding token whose number positions start after and which has
 *     no position itself (RoBERTa), or -1 where positions count from 0
 * @param types the embedding of token types, or null
 * @param norm the norm of the summed embeddings
 * @param layers the layers
 * @param head the head
 */
public record TextEncoder(
    Embedding tokens,
    Embedding positions,
    int positionsAfterPadding,
    @Nullable Embedding types,
    Norm norm,
    List<EncoderLayer> layers,
    EncoderHead head)
    implements Model {

  /** Creates an encoder. */
  public TextEncoder {
    layers = List.copyOf(layers);
  }

  /** Returns whether tokens may be of different types. */
  public boolean hasTokenTypes() {
    return types != null && types.table().rows() > 1;
  }

  /**
   * Writes the model.
   *
   * @param ids {@code int64[B, S]}
   * @param mask {@code int64[B, S]}, 0 where a token is padding
   * @param tokenTypes {@code int64[B, S]}, or null for type 0 everywhere
   * @return logits as {@link EncoderHead} says
   */
  public Value apply(Blocks blocks, Value ids, Value mask, @Nullable Value tokenTypes) {
    Author a = blocks.author();
    Value x = a.add(tokens.apply(blocks, ids), positionVectors(blocks, ids));
    if (types != null) {
      x = a.add(x, typeVectors(blocks, types, tokenTypes));
    }
    x = norm.apply(blocks, x);
    SourceMask hidden = new SourceMask(blocks, mask);
    for (EncoderLayer layer : layers) {
      x = layer.apply(blocks, x, hidden.hidden(layer.attention().heads()));
    }
    return head.apply(blocks, x);
  }

  private Value positionVectors(Blocks blocks, Value ids) {
    Author a = blocks.author();
    if (positionsAfterPadding < 0) {
      Value table = blocks.constant(positions.table());
      a.size(ids, 1);
      return a.slice(table, 0, Operand.of(0), a.operand(ids.tensorType().dim(1)));
    }
    // cumsum(id ≠ pad) · (id ≠ pad) + pad, as create_position_ids_from_input_ids does it.
    Value real = a.to(a.compare("ne", ids, positionsAfterPadding), DType.INT64);
    Value count =
        blocks.builder().call("aten::cumsum.out", Operand.of(real), Operand.of(1), Operand.none());
    return positions.apply(blocks, a.add(a.mul(count, real), positionsAfterPadding));
  }

  private static Value typeVectors(Blocks blocks, Embedding types, @Nullable Value tokenTypes) {
    return tokenTypes == null
        ? blocks.constant(types.table().rows(0, 1))
        : types.apply(blocks, tokenTypes);
  }
}
