package dev.sconce.runtime.internal.operator.llama;

import dev.sconce.runtime.internal.execution.OperatorFailure;

/**
 * The Walsh–Hadamard transform of vectors whose length is 2^n, orthonormal, or 28 · 2^n: then 28
 * transforms of 2^n, and across them a product with a Hadamard matrix of order 28, which the
 * official kernel does not normalise.
 */
final class Hadamard {

  private static final int ORDER = 28;

  /** The matrix of order 28, a row an element: bit c is set where column c is -1. */
  private static final int[] NEGATIVE = {
    0xcd69e7e, 0x9ad7c7d, 0x37ab8fb, 0x6d571f7, 0xd8ae3ef, 0xb3587df, 0x66b4f3f,
    0xb467f43, 0x6acbe87, 0xd593d8e, 0xab27b9c, 0x564f7b8, 0xac9aff0, 0x5b31fe1,
    0x87fb325, 0x0ff66ca, 0x1decd95, 0x39ddb2a, 0x71bf654, 0xe17eca9, 0xc2fd9d2,
    0xfcf1299, 0xfbe2532, 0xf7c4ae4, 0xef8d549, 0xdf1ea13, 0xbe3d4a6, 0x7e7a94c
  };

  private Hadamard() {}

  static void transform(double[] row) {
    boolean composed = row.length % ORDER == 0 && row.length > 0;
    int size = composed ? row.length / ORDER : row.length;
    if (Integer.bitCount(size) > 1) {
      throw OperatorFailure.of("mat: expected rows of 2^n or 28 · 2^n elements, found %d", size);
    }
    for (int start = 0; start < row.length; start += size) {
      transform(row, start, size);
    }
    if (composed) {
      for (int i = 0; i < size; i++) {
        mix(row, i, size);
      }
    }
  }

  private static void transform(double[] row, int begin, int size) {
    for (int half = 1; half < size; half *= 2) {
      for (int start = begin; start < begin + size; start += 2 * half) {
        for (int i = start; i < start + half; i++) {
          double a = row[i];
          double b = row[i + half];
          row[i] = a + b;
          row[i + half] = a - b;
        }
      }
    }
    double norm = 1 / Math.sqrt(size);
    for (int i = begin; i < begin + size; i++) {
      row[i] *= norm;
    }
  }

  private static void mix(double[] row, int begin, int step) {
    double[] mixed = new double[ORDER];
    for (int i = 0; i < ORDER; i++) {
      for (int k = 0; k < ORDER; k++) {
        double value = row[begin + k * step];
        mixed[i] += ((NEGATIVE[i] >> k) & 1) == 0 ? value : -value;
      }
    }
    for (int i = 0; i < ORDER; i++) {
      row[begin + i * step] = mixed[i];
    }
  }
}
