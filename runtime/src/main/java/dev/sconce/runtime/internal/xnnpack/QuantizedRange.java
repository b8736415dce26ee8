package dev.sconce.runtime.internal.xnnpack;

import dev.sconce.kernels.Clamp;
import dev.sconce.kernels.QuantizedType;

/** Bounds of results as quantized values. */
final class QuantizedRange {

  private QuantizedRange() {}

  static int min(QuantizedType type, Clamp clamp) {
    return quantize(type, clamp.min());
  }

  static int max(QuantizedType type, Clamp clamp) {
    return quantize(type, clamp.max());
  }

  private static int quantize(QuantizedType type, float value) {
    float scaled = value / type.scale() + type.zeroPoint();
    return (int) Math.rint(Math.clamp(scaled, (float) type.min(), (float) type.max()));
  }
}
