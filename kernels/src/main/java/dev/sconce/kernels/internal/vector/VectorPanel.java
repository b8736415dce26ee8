package dev.sconce.kernels.internal.vector;

import dev.sconce.kernels.internal.PanelKernel;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Register tiles of 8, 4, 2 or 1 rows and two vectors of columns.
 *
 * <p>Eight rows fill the 32 registers of AVX-512 and NEON, four the 16 registers of AVX2. The tiles
 * are written out because the compiler keeps vectors in registers only as local variables, and
 * apart because a method with many more vector operations is no longer inlined completely.
 */
final class VectorPanel implements PanelKernel {

  private static final VectorSpecies<Float> F = VectorUnit.FLOAT;
  private static final int LANES = F.length();
  private static final boolean MANY_REGISTERS = F.vectorBitSize() != 256;

  @Override
  public void multiply(
      float[] x,
      int xOffset,
      int xStride,
      float[] panel,
      int panelOffset,
      int inputs,
      int rows,
      float[] sums) {
    for (int column = 0; column < COLUMNS; column += 2 * LANES) {
      int row = 0;
      if (MANY_REGISTERS && rows == 8) {
        tile8(x, xOffset, xStride, panel, panelOffset + column, inputs, sums, column);
        row = 8;
      }
      for (; row + 4 <= rows; row += 4) {
        int s = row * COLUMNS + column;
        tile4(x, xOffset + row * xStride, xStride, panel, panelOffset + column, inputs, sums, s);
      }
      for (; row + 2 <= rows; row += 2) {
        int s = row * COLUMNS + column;
        tile2(x, xOffset + row * xStride, xStride, panel, panelOffset + column, inputs, sums, s);
      }
      if (row < rows) {
        tile1(
            x,
            xOffset + row * xStride,
            panel,
            panelOffset + column,
            inputs,
            sums,
            row * COLUMNS + column);
      }
    }
  }

  private static void tile1(
      float[] x, int xOffset, float[] panel, int panelOffset, int inputs, float[] sums, int s) {
    FloatVector a0 = FloatVector.zero(F);
    FloatVector a1 = a0;
    int x0 = xOffset;
    int p = panelOffset;
    for (int k = 0; k < inputs; k++, p += COLUMNS) {
      FloatVector w0 = FloatVector.fromArray(F, panel, p);
      FloatVector w1 = FloatVector.fromArray(F, panel, p + LANES);
      FloatVector v = FloatVector.broadcast(F, x[x0 + k]);
      a0 = v.fma(w0, a0);
      a1 = v.fma(w1, a1);
    }
    a0.intoArray(sums, s + 0 * COLUMNS);
    a1.intoArray(sums, s + 0 * COLUMNS + LANES);
  }

  private static void tile2(
      float[] x,
      int xOffset,
      int xStride,
      float[] panel,
      int panelOffset,
      int inputs,
      float[] sums,
      int s) {
    FloatVector a0 = FloatVector.zero(F);
    FloatVector a1 = a0;
    FloatVector b0 = a0;
    FloatVector b1 = a0;
    int x0 = xOffset;
    int x1 = x0 + xStride;
    int p = panelOffset;
    for (int k = 0; k < inputs; k++, p += COLUMNS) {
      FloatVector w0 = FloatVector.fromArray(F, panel, p);
      FloatVector w1 = FloatVector.fromArray(F, panel, p + LANES);
      FloatVector v = FloatVector.broadcast(F, x[x0 + k]);
      a0 = v.fma(w0, a0);
      a1 = v.fma(w1, a1);
      v = FloatVector.broadcast(F, x[x1 + k]);
      b0 = v.fma(w0, b0);
      b1 = v.fma(w1, b1);
    }
    a0.intoArray(sums, s + 0 * COLUMNS);
    a1.intoArray(sums, s + 0 * COLUMNS + LANES);
    b0.intoArray(sums, s + 1 * COLUMNS);
    b1.intoArray(sums, s + 1 * COLUMNS + LANES);
  }

  private static void tile4(
      float[] x,
      int xOffset,
      int xStride,
      float[] panel,
      int panelOffset,
      int inputs,
      float[] sums,
      int s) {
    FloatVector a0 = FloatVector.zero(F);
    FloatVector a1 = a0;
    FloatVector b0 = a0;
    FloatVector b1 = a0;
    FloatVector c0 = a0;
    FloatVector c1 = a0;
    FloatVector d0 = a0;
    FloatVector d1 = a0;
    int x0 = xOffset;
    int x1 = x0 + xStride;
    int x2 = x1 + xStride;
    int x3 = x2 + xStride;
    int p = panelOffset;
    for (int k = 0; k < inputs; k++, p += COLUMNS) {
      FloatVector w0 = FloatVector.fromArray(F, panel, p);
      FloatVector w1 = FloatVector.fromArray(F, panel, p + LANES);
      FloatVector v = FloatVector.broadcast(F, x[x0 + k]);
      a0 = v.fma(w0, a0);
      a1 = v.fma(w1, a1);
      v = FloatVector.broadcast(F, x[x1 + k]);
      b0 = v.fma(w0, b0);
      b1 = v.fma(w1, b1);
      v = FloatVector.broadcast(F, x[x2 + k]);
      c0 = v.fma(w0, c0);
      c1 = v.fma(w1, c1);
      v = FloatVector.broadcast(F, x[x3 + k]);
      d0 = v.fma(w0, d0);
      d1 = v.fma(w1, d1);
    }
    a0.intoArray(sums, s + 0 * COLUMNS);
    a1.intoArray(sums, s + 0 * COLUMNS + LANES);
    b0.intoArray(sums, s + 1 * COLUMNS);
    b1.intoArray(sums, s + 1 * COLUMNS + LANES);
    c0.intoArray(sums, s + 2 * COLUMNS);
    c1.intoArray(sums, s + 2 * COLUMNS + LANES);
    d0.intoArray(sums, s + 3 * COLUMNS);
    d1.intoArray(sums, s + 3 * COLUMNS + LANES);
  }

  private static void tile8(
      float[] x,
      int xOffset,
      int xStride,
      float[] panel,
      int panelOffset,
      int inputs,
      float[] sums,
      int s) {
    FloatVector a0 = FloatVector.zero(F);
    FloatVector a1 = a0;
    FloatVector b0 = a0;
    FloatVector b1 = a0;
    FloatVector c0 = a0;
    FloatVector c1 = a0;
    FloatVector d0 = a0;
    FloatVector d1 = a0;
    FloatVector e0 = a0;
    FloatVector e1 = a0;
    FloatVector f0 = a0;
    FloatVector f1 = a0;
    FloatVector g0 = a0;
    FloatVector g1 = a0;
    FloatVector h0 = a0;
    FloatVector h1 = a0;
    int x0 = xOffset;
    int x1 = x0 + xStride;
    int x2 = x1 + xStride;
    int x3 = x2 + xStride;
    int x4 = x3 + xStride;
    int x5 = x4 + xStride;
    int x6 = x5 + xStride;
    int x7 = x6 + xStride;
    int p = panelOffset;
    for (int k = 0; k < inputs; k++, p += COLUMNS) {
      FloatVector w0 = FloatVector.fromArray(F, panel, p);
      FloatVector w1 = FloatVector.fromArray(F, panel, p + LANES);
      FloatVector v = FloatVector.broadcast(F, x[x0 + k]);
      a0 = v.fma(w0, a0);
      a1 = v.fma(w1, a1);
      v = FloatVector.broadcast(F, x[x1 + k]);
      b0 = v.fma(w0, b0);
      b1 = v.fma(w1, b1);
      v = FloatVector.broadcast(F, x[x2 + k]);
      c0 = v.fma(w0, c0);
      c1 = v.fma(w1, c1);
      v = FloatVector.broadcast(F, x[x3 + k]);
      d0 = v.fma(w0, d0);
      d1 = v.fma(w1, d1);
      v = FloatVector.broadcast(F, x[x4 + k]);
      e0 = v.fma(w0, e0);
      e1 = v.fma(w1, e1);
      v = FloatVector.broadcast(F, x[x5 + k]);
      f0 = v.fma(w0, f0);
      f1 = v.fma(w1, f1);
      v = FloatVector.broadcast(F, x[x6 + k]);
      g0 = v.fma(w0, g0);
      g1 = v.fma(w1, g1);
      v = FloatVector.broadcast(F, x[x7 + k]);
      h0 = v.fma(w0, h0);
      h1 = v.fma(w1, h1);
    }
    a0.intoArray(sums, s + 0 * COLUMNS);
    a1.intoArray(sums, s + 0 * COLUMNS + LANES);
    b0.intoArray(sums, s + 1 * COLUMNS);
    b1.intoArray(sums, s + 1 * COLUMNS + LANES);
    c0.intoArray(sums, s + 2 * COLUMNS);
    c1.intoArray(sums, s + 2 * COLUMNS + LANES);
    d0.intoArray(sums, s + 3 * COLUMNS);
    d1.intoArray(sums, s + 3 * COLUMNS + LANES);
    e0.intoArray(sums, s + 4 * COLUMNS);
    e1.intoArray(sums, s + 4 * COLUMNS + LANES);
    f0.intoArray(sums, s + 5 * COLUMNS);
    f1.intoArray(sums, s + 5 * COLUMNS + LANES);
    g0.intoArray(sums, s + 6 * COLUMNS);
    g1.intoArray(sums, s + 6 * COLUMNS + LANES);
    h0.intoArray(sums, s + 7 * COLUMNS);
    h1.intoArray(sums, s + 7 * COLUMNS + LANES);
  }
}
