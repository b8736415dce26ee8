package dev.sconce.export.block;

import dev.sconce.base.DType;
import dev.sconce.graph.quantize.WeightScheme;
import java.util.Optional;

/**
 * The choices of an export that blocks heed.
 *
 * @param dtype the element type of weights and activations
 * @param customAttention whether attention may use {@code llama::custom_sdpa}
 * @param customCache whether caches may use {@code llama::update_cache}
 * @param quantization which weights become integers
 */
public record BlockOptions(
    DType dtype, boolean customAttention, boolean customCache, Quantization quantization) {

  /** Says for every weight by name whether and how it is quantised. */
  public interface Quantization {

    /** Returns the scheme of a linear layer with dynamically quantised activations. */
    Optional<WeightScheme> linear(String name, int inputs);

    /** Returns the scheme of an embedding. */
    Optional<WeightScheme> embedding(String name, int width);

    /** Returns the choice to quantise nothing. */
    static Quantization none() {
      return new Quantization() {
        @Override
        public Optional<WeightScheme> linear(String name, int inputs) {
          return Optional.empty();
        }

        @Override
        public Optional<WeightScheme> embedding(String name, int width) {
          return Optional.empty();
        }
      };
    }
  }

  /** Returns plain float32 without custom operators. */
  public static BlockOptions plain() {
    return new BlockOptions(DType.FLOAT32, false, false, Quantization.none());
  }
}
