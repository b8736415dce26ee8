package dev.sconce.runtime.internal.operator.aten;

/**
 * Discrete Fourier transforms of one length, in place, in double: radix 2 for powers of two,
 * Bluestein's convolution with a chirp for all others, so that every length takes O(n log n).
 *
 * <p>{@code X[k] = Σ x[j] exp(∓2πi jk / n)}, not scaled; forward is minus.
 */
final class FourierTransform {

  private final int length;
  // Of exp(∓2πi k / length) for powers of two; of exp(∓πi k² / length) for others.
  private final double[] cosines;
  private final double[] sines;
  private final FourierTransform[] inner;
  private final double[][] filter;

  FourierTransform(int length, boolean inverse) {
    this.length = length;
    boolean powerOfTwo = Integer.bitCount(length) == 1;
    int count = powerOfTwo ? length / 2 : length;
    this.cosines = new double[count];
    this.sines = new double[count];
    for (int k = 0; k < count; k++) {
      // k² mod 2n keeps the angle exact where k² itself would not be.
      double turns =
          powerOfTwo ? (double) k / length : (double) ((long) k * k % (2L * length)) / length / 2;
      double angle = 2 * Math.PI * turns;
      cosines[k] = Math.cos(angle);
      sines[k] = inverse ? Math.sin(angle) : -Math.sin(angle);
    }
    if (powerOfTwo) {
      this.inner = new FourierTransform[0];
      this.filter = new double[0][];
    } else {
      int padded = Math.max(1, Integer.highestOneBit(Math.multiplyExact(4, length) - 4));
      this.inner =
          new FourierTransform[] {
            new FourierTransform(padded, false), new FourierTransform(padded, true)
          };
      this.filter = new double[][] {new double[padded], new double[padded]};
      for (int k = 0; k < length; k++) {
        int mirrored = k == 0 ? 0 : padded - k;
        filter[0][k] = cosines[k];
        filter[0][mirrored] = cosines[k];
        filter[1][k] = -sines[k];
        filter[1][mirrored] = -sines[k];
      }
      inner[0].run(filter[0], filter[1]);
    }
  }

  /** Transforms the first {@code length} numbers. */
  void run(double[] re, double[] im) {
    if (inner.length == 0) {
      radix2(re, im);
    } else {
      bluestein(re, im);
    }
  }

  private void radix2(double[] re, double[] im) {
    for (int i = 1, j = 0; i < length; i++) {
      int bit = length >> 1;
      for (; (j & bit) != 0; bit >>= 1) {
        j ^= bit;
      }
      j ^= bit;
      if (i < j) {
        swap(re, i, j);
        swap(im, i, j);
      }
    }
    for (int half = 1; half < length; half <<= 1) {
      int step = length / (2 * half);
      for (int start = 0; start < length; start += 2 * half) {
        for (int k = 0; k < half; k++) {
          butterfly(re, im, start + k, start + k + half, k * step);
        }
      }
    }
  }

  private void butterfly(double[] re, double[] im, int a, int b, int root) {
    double x = re[b] * cosines[root] - im[b] * sines[root];
    double y = re[b] * sines[root] + im[b] * cosines[root];
    re[b] = re[a] - x;
    im[b] = im[a] - y;
    re[a] += x;
    im[a] += y;
  }

  private static void swap(double[] values, int i, int j) {
    double value = values[i];
    values[i] = values[j];
    values[j] = value;
  }

  // jk = (j² + k² - (k - j)²) / 2: the transform is a convolution between two products with chirps.
  private void bluestein(double[] re, double[] im) {
    int padded = filter[0].length;
    double[] x = new double[padded];
    double[] y = new double[padded];
    for (int k = 0; k < length; k++) {
      x[k] = re[k] * cosines[k] - im[k] * sines[k];
      y[k] = re[k] * sines[k] + im[k] * cosines[k];
    }
    inner[0].run(x, y);
    for (int k = 0; k < padded; k++) {
      double product = x[k] * filter[0][k] - y[k] * filter[1][k];
      y[k] = x[k] * filter[1][k] + y[k] * filter[0][k];
      x[k] = product;
    }
    inner[1].run(x, y);
    for (int k = 0; k < length; k++) {
      double real = x[k] / padded;
      double imaginary = y[k] / padded;
      re[k] = real * cosines[k] - imaginary * sines[k];
      im[k] = real * sines[k] + imaginary * cosines[k];
    }
  }
}
