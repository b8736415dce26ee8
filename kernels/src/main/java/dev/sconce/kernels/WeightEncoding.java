package dev.sconce.kernels;

/** How the constant operand of a matrix product is stored, and what it is multiplied with. */
public enum WeightEncoding {
  /** float32 weights, float32 activations. */
  FLOAT32(32, false),
  /** float16 weights, float32 activations. */
  FLOAT16(16, false),
  /** bfloat16 weights, float32 activations. */
  BFLOAT16(16, false),
  /** int8 weights with a scale per output, dynamically quantized activations (qd8 × qc8). */
  INT8_PER_CHANNEL(8, true),
  /** int4 weights with a scale per output, dynamically quantized activations (qd8 × qc4). */
  INT4_PER_CHANNEL(4, true),
  /**
   * int4 weights with a bfloat16 scale per group, dynamically quantized activations (qd8 × qb4).
   */
  INT4_PER_GROUP(4, true);

  private final int bits;
  private final boolean quantized;

  WeightEncoding(int bits, boolean quantized) {
    this.bits = bits;
    this.quantized = quantized;
  }

  /** Returns the size of one weight in bits, scales not counted. */
  public int bits() {
    return bits;
  }

  /** Returns whether the activations are {@link QuantizedRows} rather than floats. */
  public boolean quantized() {
    return quantized;
  }
}
