package dev.sconce.kernels.internal;

import dev.sconce.kernels.Clamp;
import dev.sconce.kernels.PackedWeights;
import dev.sconce.kernels.QuantizedRows;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * One product {@code y = clamp(x · Wᵀ + bias)}.
 *
 * @param weights W
 * @param x float32 activations, for float weights
 * @param xStride the distance of two rows of x in bytes
 * @param quantized the activations for quantized weights
 * @param y float32 results
 * @param yStride the distance of two rows of y in bytes
 * @param clamp the bounds
 */
public record LinearJob(
    PackedWeights weights,
    MemorySegment x,
    long xStride,
    @Nullable QuantizedRows quantized,
    MemorySegment y,
    long yStride,
    Clamp clamp) {

  /** Returns the quantized activations, which the caller knows to be there. */
  public QuantizedRows activations() {
    QuantizedRows rows = quantized;
    if (rows == null) {
      throw new IllegalStateException(weights.encoding() + " needs quantized activations");
    }
    return rows;
  }
}
