package dev.sconce.runtime.internal.operator.aten;

import dev.sconce.base.DType;
import dev.sconce.runtime.internal.operator.element.Elements;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * A matrix inside a tensor. Products of matrices meet here whatever operator asks for them: a
 * faster kernel plugs in at {@link #multiply}.
 *
 * @param elements the tensor's elements
 * @param type their type
 * @param offset where the matrix starts
 * @param rowStride what a step to the next row adds
 * @param columnStride what a step to the next column adds
 */
record Matrix(Elements elements, DType type, long offset, long rowStride, long columnStride) {

  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  /** Takes the finished rows of a product. */
  @FunctionalInterface
  interface Rows {
    void store(int row, double[] values);
  }

  /** Takes the finished rows of a product of integers. */
  @FunctionalInterface
  interface IntegerRows {
    void store(int row, long[] values);
  }

  /** Computes {@code left · right} with double sums, row by row; the row given is reused. */
  static void multiply(Matrix left, Matrix right, int m, int k, int n, Rows rows) {
    double[] sums = new double[n];
    boolean floats = left.type == DType.FLOAT32 && right.type == DType.FLOAT32;
    for (int row = 0; row < m; row++) {
      if (floats && right.rowStride == 1) {
        dotFloats(left, right, row, k, sums);
      } else if (floats && right.columnStride == 1) {
        addFloats(left, right, row, k, sums);
      } else {
        dot(left, right, row, k, sums);
      }
      rows.store(row, sums);
    }
  }

  private static void dot(Matrix left, Matrix right, int row, int k, double[] sums) {
    long start = left.offset + row * left.rowStride;
    for (int column = 0; column < sums.length; column++) {
      long l = start;
      long r = right.offset + column * right.columnStride;
      double sum = 0;
      for (int i = 0; i < k; i++) {
        sum += left.elements.getDouble(l) * right.elements.getDouble(r);
        l += left.columnStride;
        r += right.rowStride;
      }
      sums[column] = sum;
    }
  }

  private static void dotFloats(Matrix left, Matrix right, int row, int k, double[] sums) {
    MemorySegment a = left.elements.memory();
    MemorySegment b = right.elements.memory();
    long step = left.columnStride;
    for (int column = 0; column < sums.length; column++) {
      long l = left.offset + row * left.rowStride;
      long r = right.offset + column * right.columnStride;
      double sum = 0;
      for (int i = 0; i < k; i++) {
        sum += (double) a.get(FLOAT, (l + i * step) << 2) * b.get(FLOAT, (r + i) << 2);
      }
      sums[column] = sum;
    }
  }

  private static void addFloats(Matrix left, Matrix right, int row, int k, double[] sums) {
    MemorySegment a = left.elements.memory();
    MemorySegment b = right.elements.memory();
    Arrays.fill(sums, 0);
    long l = left.offset + row * left.rowStride;
    for (int i = 0; i < k; i++) {
      double factor = a.get(FLOAT, (l + i * left.columnStride) << 2);
      long r = right.offset + i * right.rowStride;
      for (int column = 0; column < sums.length; column++) {
        sums[column] += factor * b.get(FLOAT, (r + column) << 2);
      }
    }
  }

  /** Computes {@code left · right} of integers, row by row; the row given is reused. */
  static void multiplyIntegers(Matrix left, Matrix right, int m, int k, int n, IntegerRows rows) {
    long[] sums = new long[n];
    for (int row = 0; row < m; row++) {
      for (int column = 0; column < n; column++) {
        long l = left.offset + row * left.rowStride;
        long r = right.offset + column * right.columnStride;
        long sum = 0;
        for (int i = 0; i < k; i++) {
          sum += left.elements.getLong(l) * right.elements.getLong(r);
          l += left.columnStride;
          r += right.rowStride;
        }
        sums[column] = sum;
      }
      rows.store(row, sums);
    }
  }
}
