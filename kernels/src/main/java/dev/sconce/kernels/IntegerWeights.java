package dev.sconce.kernels;

import dev.sconce.base.InvalidInputException;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Weights of a statically quantized layer as a file stores them.
 *
 * @param outputs N
 * @param inputs K
 * @param transposed whether values are stored as [K, N] rather than [N, K]
 * @param values int8, or uint8 if {@code signed} is false
 * @param signed whether values are int8
 * @param zeroPoint the zero point of all values
 * @param scales one scale, or one an output
 * @param bias int32 [N] in units of input scale · weight scale, or null
 */
@SuppressWarnings("ArrayRecordComponent") // A parameter object; never compared.
public record IntegerWeights(
    int outputs,
    int inputs,
    boolean transposed,
    MemorySegment values,
    boolean signed,
    int zeroPoint,
    float[] scales,
    @Nullable MemorySegment bias) {

  /** Checks sizes. */
  public IntegerWeights {
    long count = (long) outputs * inputs;
    if (outputs < 1 || inputs < 1 || values.byteSize() < count) {
      throw new InvalidInputException(
          "IntegerWeights",
          "values",
          "[%d, %d]".formatted(outputs, inputs),
          values.byteSize() + " bytes");
    }
    if (scales.length != 1 && scales.length != outputs) {
      throw new InvalidInputException(
          "IntegerWeights", "scales", "1 or " + outputs, "" + scales.length);
    }
    if (bias != null) {
      MatrixProducts.requireBytes("IntegerWeights", "bias", bias, 4L * outputs);
    }
  }

  float scale(int output) {
    return scales.length == 1 ? scales[0] : scales[output];
  }
}
