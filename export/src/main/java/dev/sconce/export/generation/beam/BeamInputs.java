package dev.sconce.export.generation.beam;

import dev.sconce.base.DType;
import dev.sconce.export.generation.EndTokens;
import dev.sconce.export.generation.Settings;
import dev.sconce.graph.Dim;
import dev.sconce.graph.GraphBuilder;
import dev.sconce.graph.Type;
import dev.sconce.graph.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The inputs of {@code generate_beam}, in the order of the contract; those of an encoder come
 * before.
 *
 * @param ids {@code int64[B, S]}, the prompts
 * @param mask {@code int64[B, S]}, 0 at padding; null for a decoder with an encoder
 * @param position {@code int64[1]}
 * @param settings {@code float32[n]}
 * @param end {@code int64[e]}
 * @param steps {@code int64[1]}
 */
record BeamInputs(
    Value ids, @Nullable Value mask, Value position, Value settings, Value end, Value steps) {

  static BeamInputs declare(GraphBuilder builder, Dim prompts, int capacity, boolean hasEncoder) {
    Dim length = Dim.of(builder.symbol("S", 1, capacity));
    Type.TensorType ids = new Type.TensorType(DType.INT64, List.of(prompts, length));
    return new BeamInputs(
        builder.input(hasEncoder ? "decoder_input_ids" : "input_ids", ids),
        hasEncoder ? null : builder.input("attention_mask", ids),
        builder.input("position", Type.TensorType.of(DType.INT64, 1)),
        builder.input("settings", vector(builder, DType.FLOAT32, "N", Settings.size())),
        builder.input("eos_token_ids", vector(builder, DType.INT64, "E", EndTokens.LIMIT)),
        builder.input("steps", Type.TensorType.of(DType.INT64, 1)));
  }

  private static Type vector(GraphBuilder builder, DType dtype, String symbol, int longest) {
    return new Type.TensorType(dtype, List.of(Dim.of(builder.symbol(symbol, 0, longest))));
  }

  /** Returns the length of the prompts. */
  Dim length() {
    return ids.tensorType().dim(1);
  }
}
