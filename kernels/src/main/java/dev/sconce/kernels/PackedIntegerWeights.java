package dev.sconce.kernels;

/** Packed weights of a statically quantized layer; made by {@link IntegerProducts#pack}. */
public final class PackedIntegerWeights {

  private final PackedWeights weights;
  private final int zeroPoint;
  private final float[] scales;
  private final int[] bias;

  PackedIntegerWeights(PackedWeights weights, int zeroPoint, float[] scales, int[] bias) {
    this.weights = weights;
    this.zeroPoint = zeroPoint;
    this.scales = scales;
    this.bias = bias;
  }

  /** Returns N, the number of outputs. */
  public int outputs() {
    return weights.outputs();
  }

  /** Returns K, the number of inputs. */
  public int inputs() {
    return weights.inputs();
  }

  /** Returns how much memory this takes, in bytes. */
  public long byteSize() {
    return weights.byteSize() + 4L * scales.length + 4L * bias.length;
  }

  PackedWeights weights() {
    return weights;
  }

  /** Returns what is subtracted from the packed values, which are int8 in any case. */
  int zeroPoint() {
    return zeroPoint;
  }

  Requantization requantization(QuantizedType x, QuantizedType y, int min, int max) {
    return new Requantization(x, y, scales, bias, min, max);
  }
}
