package dev.sconce.kernels;

import dev.sconce.base.InvalidInputException;

/**
 * How the bytes of a statically quantized tensor are read: {@code (byte - zeroPoint) · scale}.
 *
 * @param signed whether bytes are int8 rather than uint8
 * @param scale the scale
 * @param zeroPoint the zero point
 */
public record QuantizedType(boolean signed, float scale, int zeroPoint) {

  /** Checks that the zero point is a value of the type and the scale positive. */
  public QuantizedType {
    int min = signed ? -128 : 0;
    if (!(scale > 0) || zeroPoint < min || zeroPoint > min + 255) {
      throw new InvalidInputException(
          "quantized tensor",
          "scale, zeroPoint",
          "a positive scale and a zero point of %d … %d".formatted(min, min + 255),
          scale + ", " + zeroPoint);
    }
  }

  /** Returns the least value. */
  public int min() {
    return signed ? -128 : 0;
  }

  /** Returns the greatest value. */
  public int max() {
    return signed ? 127 : 255;
  }

  /** Returns the value of a byte, before the zero point is subtracted. */
  int value(byte bits) {
    return signed ? bits : bits & 0xFF;
  }
}
