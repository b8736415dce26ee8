package dev.sconce.export.block;

import dev.sconce.base.DType;
import dev.sconce.graph.Author;
import dev.sconce.graph.Value;
import org.jspecify.annotations.Nullable;

/**
 * From the vectors of an encoder to logits: output(norm(activation(dense(x)))).
 *
 * @param firstOnly whether logits are made of the first position alone ({@code [B, L]}) or of every
 *     one ({@code [B, S, L]})
 * @param dense a linear layer before, or null
 * @param activation the function after it, or null
 * @param norm a norm after that, or null
 * @param output the last layer
 */
public record EncoderHead(
    boolean firstOnly,
    @Nullable Linear dense,
    @Nullable Activation activation,
    @Nullable Norm norm,
    Linear output) {

  /** Writes the head. */
  Value apply(Blocks blocks, Value x) {
    Author a = blocks.author();
    Value y = x;
    if (firstOnly) {
      y = a.view(a.slice(x, 1, 0, 1), x.tensorType().dim(0), x.tensorType().dim(2));
    }
    y = dense == null ? y : dense.apply(blocks, y);
    y = activation == null ? y : activation.apply(a, y);
    y = norm == null ? y : norm.apply(blocks, y);
    return a.to(output.apply(blocks, y), DType.FLOAT32);
  }
}
