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

  /**
   * How a linear layer is quantised.
   *
   * @param weights how its weights become integers
   * @param quantizedInput whether its input is quantised, too, row by row at run time
   */
  public record LinearQuantization(WeightScheme weights, boolean quantizedInput) {}

  /** Says for every weight by name whether and how it is quantised. */
  public interface Quantization {

    /** Returns how a linear layer is quantised. */
    Optional<LinearQuantization> linear(String name, int inputs);

    /** Returns the scheme of an embedding. */
    Optional<WeightScheme> embedding(String name, int width);

    /** Returns the choice to quantise nothing. */
    static Quantization none() {
      return new Quantization() {
        @Override
        public Optional<LinearQuantization> linear(String name, int inputs) {
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
