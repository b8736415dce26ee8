package dev.sconce.runtime.internal.operator.quantized;

import dev.sconce.runtime.internal.operator.element.Elements;

/**
 * The affine map between numbers and quantized integers: {@code real = (q - zero point) · scale}.
 *
 * <p>Everything is computed in float, as the official kernels do, down to multiplying by the
 * rounded inverse of the scale: ties fall as they fall there.
 *
 * @param scale the distance between two neighbours
 * @param zeroPoint the integer that stands for 0
 * @param min the smallest integer
 * @param max the largest integer
 */
record Affine(float scale, int zeroPoint, long min, long max) {

  /** Stores the integer nearest to a number, ties to even, bounded. */
  void quantize(Elements from, long index, Elements to, long target) {
    to.setLong(target, quantize(from.getDouble(index)));
  }

  /** Returns the integer nearest to a number, ties to even, bounded; NaN gives the smallest. */
  long quantize(double value) {
    float inverse = 1.0f / scale;
    float nearest = (float) Math.rint((float) (inverse * value));
    // The sum is one of floats; NaN and what is out of range become the smallest long.
    float shifted = zeroPoint + nearest;
    long integer = shifted >= -0x1p63f && shifted < 0x1p63f ? (long) shifted : Long.MIN_VALUE;
    return Math.min(Math.max(integer, min), max);
  }

  /** Returns the number that an integer stands for. */
  float dequantize(long integer) {
    return (float) ((int) integer - zeroPoint) * scale;
  }
}
