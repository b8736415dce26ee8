package dev.sconce.export.block;

import dev.sconce.graph.Author;
import dev.sconce.graph.Value;
import org.jspecify.annotations.Nullable;

/**
 * From token numbers to the vectors that the first layer of an encoder or decoder reads.
 *
 * @param tokens the token embedding
 * @param factor what token vectors are multiplied by
 * @param positions what is added for positions, or null
 * @param norm normalises the sum, or null
 */
public record SequenceEmbedding(
    Embedding tokens, double factor, @Nullable Positions positions, @Nullable Norm norm) {

  /** Writes the vectors of an encoder's tokens, {@code [B, S, width]}. */
  Value ofSource(Blocks blocks, SourceInput input) {
    Value vectors =
        positions == null
            ? null
            : positions.ofSource(blocks, input.ids(), input.positions(), input.capacity());
    return finish(blocks, input.ids(), vectors);
  }

  /** Writes the vectors of a decoder's new tokens, {@code [R, T, width]}. */
  Value ofTarget(Blocks blocks, TargetInput input) {
    Value vectors =
        positions == null
            ? null
            : positions.ofTarget(blocks, input.ids(), input.positions(), input.capacity());
    return finish(blocks, input.ids(), vectors);
  }

  private Value finish(Blocks blocks, Value ids, @Nullable Value vectors) {
    Author a = blocks.author();
    Value x = a.mul(tokens.apply(blocks, ids), factor);
    x = vectors == null ? x : a.add(x, vectors);
    return norm == null ? x : norm.apply(blocks, x);
  }
}
