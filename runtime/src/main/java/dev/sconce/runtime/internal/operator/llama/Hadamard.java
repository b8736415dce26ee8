package dev.sconce.runtime.internal.operator.llama;

import dev.sconce.runtime.internal.execution.OperatorFailure;

/** The orthonormal Walsh–Hadamard transform of vectors whose length is a power of two. */
final class Hadamard {

  private Hadamard() {}

  static void transform(double[] row) {
    int size = row.length;
    if (Integer.bitCount(size) > 1) {
      throw OperatorFailure.of("mat: expected rows of 2^n elements, found %d", size);
    }
    for (int half = 1; half < size; half *= 2) {
      for (int start = 0; start < size; start += 2 * half) {
        for (int i = start; i < start + half; i++) {
          double a = row[i];
          double b = row[i + half];
          row[i] = a + b;
          row[i + half] = a - b;
        }
      }
    }
    double norm = 1 / Math.sqrt(size);
    for (int i = 0; i < size; i++) {
      row[i] *= norm;
    }
  }
}
