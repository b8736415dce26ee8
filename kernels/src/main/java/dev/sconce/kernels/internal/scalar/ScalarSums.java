package dev.sconce.kernels.internal.scalar;

import dev.sconce.kernels.WeightSums.IntegerRange;
import dev.sconce.kernels.internal.SumKernel;

/** Sums over groups of weights, one weight after the other. */
public final class ScalarSums implements SumKernel {

  @Override
  public float absmax(float[] weights, int start, int length) {
    float max = 0;
    for (int i = start; i < start + length; i++) {
      max = Math.max(max, Math.abs(weights[i]));
    }
    return max;
  }

  @Override
  public void products(
      float[] columns, int length, float[] scales, IntegerRange bounds, float[] sums) {
    float[] products = new float[length];
    float[] squares = new float[length];
    for (int lane = 0; lane < LANES; lane++) {
      for (int k = 0; k < length; k++) {
        float w = columns[k * LANES + lane];
        float q = integer(w / scales[lane], bounds);
        products[k] = w * q;
        squares[k] = q * q;
      }
      sums[lane] = sum(products);
      sums[LANES + lane] = sum(squares);
    }
  }

  private static float integer(float quotient, IntegerRange bounds) {
    float clamped = Math.min(Math.max(quotient, bounds.min()), bounds.max());
    return (clamped + MAGIC) - MAGIC;
  }

  /** Sums as torch does: see {@link dev.sconce.kernels.WeightSums#products}. */
  private static float sum(float[] values) {
    int vector = values.length < TORCH_VECTOR ? 1 : TORCH_VECTOR;
    float sum = 0;
    for (int k = values.length - values.length % vector; k < values.length; k++) {
      sum += values[k];
    }
    for (int lane = 0; lane < vector; lane++) {
      sum += lane(values, lane, vector);
    }
    return sum;
  }

  private static float lane(float[] values, int lane, int vector) {
    int stride = TORCH_ROWS * vector;
    int steps = values.length / stride;
    float sum = 0;
    for (int row = 0; row < TORCH_ROWS; row++) {
      float chain = chain(values, row * vector + lane, stride, steps);
      if (row == 0) {
        int whole = values.length - values.length % vector;
        for (int k = steps * stride + lane; k < whole; k += vector) {
          chain += values[k];
        }
      }
      sum += chain;
    }
    return sum;
  }

  private static float chain(float[] values, int first, int stride, int steps) {
    float sum = 0;
    float aside = 0;
    float furtherAside = 0;
    for (int i = 0; i < steps; i++) {
      sum += values[first + i * stride];
      if ((i + 1) % TORCH_STEP == 0) {
        aside += sum;
        sum = 0;
      }
      if ((i + 1) % TORCH_LEVEL == 0) {
        furtherAside += aside;
        aside = 0;
      }
    }
    return sum + aside + furtherAside;
  }

  @Override
  public void round(
      float[] weights,
      int start,
      int length,
      float scale,
      IntegerRange bounds,
      int[] integers,
      int at,
      float[] chains) {
    roundTail(weights, start, 0, length, scale, bounds, integers, at, chains);
  }

  /** Rounds the elements of a group from a given one on. */
  public static void roundTail(
      float[] weights,
      int start,
      int from,
      int length,
      float scale,
      IntegerRange bounds,
      int[] integers,
      int at,
      float[] chains) {
    for (int i = from; i < length; i++) {
      float w = weights[start + i];
      float q = integer(w / scale, bounds);
      float error = w - q * scale;
      integers[at + i] = (int) q;
      chains[i % LANES] += error * error;
      chains[LANES + i % LANES] += w * w;
    }
  }
}
