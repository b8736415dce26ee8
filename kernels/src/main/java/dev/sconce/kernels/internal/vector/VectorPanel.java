package dev.sconce.kernels.internal.vector;

import dev.sconce.kernels.internal.PanelKernel;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Register tiles of 12, 4, 2 or 1 rows and two vectors of columns.
 *
 * <p>Twelve rows fill the 32 registers of AVX-512 and NEON, four the 16 registers of AVX2. The
 * tiles are written out because the compiler keeps vectors in registers only as local variables.
 */
final class VectorPanel implements PanelKernel {

  private static final VectorSpecies<Float> F = VectorUnit.FLOAT;
  private static final int LANES = F.length();
  private static final boolean MANY_REGISTERS = F.vectorBitSize() != 256;

  @Override
  public int tile(int rows) {
    if (MANY_REGISTERS && rows >= ROWS) {
      return ROWS;
    }
    return Math.min(4, Integer.highestOneBit(rows));
  }

  @Override
  public void multiply(
      float[] x, int xOffset, float[] panel, int panelOffset, int inputs, int rows, float[] sums) {
    for (int column = 0; column < COLUMNS; column += 2 * LANES) {
      int p = panelOffset + column;
      switch (rows) {
        case ROWS -> tile12(x, xOffset, panel, p, inputs, sums, column);
        case 4 -> tile4(x, xOffset, panel, p, inputs, sums, column);
        case 2 -> tile2(x, xOffset, panel, p, inputs, sums, column);
        case 1 -> tile1(x, xOffset, panel, p, inputs, sums, column);
        default -> throw new IllegalArgumentException("no tile of " + rows + " rows");
      }
    }
  }

  private static void tile1(
      float[] x, int xOffset, float[] panel, int panelOffset, int inputs, float[] sums, int s) {
    FloatVector a0 = FloatVector.zero(F);
    FloatVector a1 = a0;
    int q = xOffset;
    int p = panelOffset;
    for (int k = 0; k < inputs; k++, q++, p += COLUMNS) {
      FloatVector w0 = FloatVector.fromArray(F, panel, p);
      FloatVector w1 = FloatVector.fromArray(F, panel, p + LANES);
      FloatVector v = FloatVector.broadcast(F, x[q]);
      a0 = v.fma(w0, a0);
      a1 = v.fma(w1, a1);
    }
    a0.intoArray(sums, s + 0 * COLUMNS);
    a1.intoArray(sums, s + 0 * COLUMNS + LANES);
  }

  private static void tile2(
      float[] x, int xOffset, float[] panel, int panelOffset, int inputs, float[] sums, int s) {
    FloatVector a0 = FloatVector.zero(F);
    FloatVector a1 = a0;
    FloatVector b0 = a0;
    FloatVector b1 = a0;
    int q = xOffset;
    int p = panelOffset;
    for (int k = 0; k < inputs; k++, q += 2, p += COLUMNS) {
      FloatVector w0 = FloatVector.fromArray(F, panel, p);
      FloatVector w1 = FloatVector.fromArray(F, panel, p + LANES);
      FloatVector v = FloatVector.broadcast(F, x[q]);
      a0 = v.fma(w0, a0);
      a1 = v.fma(w1, a1);
      v = FloatVector.broadcast(F, x[q + 1]);
      b0 = v.fma(w0, b0);
      b1 = v.fma(w1, b1);
    }
    a0.intoArray(sums, s + 0 * COLUMNS);
    a1.intoArray(sums, s + 0 * COLUMNS + LANES);
    b0.intoArray(sums, s + 1 * COLUMNS);
    b1.intoArray(sums, s + 1 * COLUMNS + LANES);
  }

  private static void tile4(
      float[] x, int xOffset, float[] panel, int panelOffset, int inputs, float[] sums, int s) {
    FloatVector a0 = FloatVector.zero(F);
    FloatVector a1 = a0;
    FloatVector b0 = a0;
    FloatVector b1 = a0;
    FloatVector c0 = a0;
    FloatVector c1 = a0;
    FloatVector d0 = a0;
    FloatVector d1 = a0;
    int q = xOffset;
    int p = panelOffset;
    for (int k = 0; k < inputs; k++, q += 4, p += COLUMNS) {
      FloatVector w0 = FloatVector.fromArray(F, panel, p);
      FloatVector w1 = FloatVector.fromArray(F, panel, p + LANES);
      FloatVector v = FloatVector.broadcast(F, x[q]);
      a0 = v.fma(w0, a0);
      a1 = v.fma(w1, a1);
      v = FloatVector.broadcast(F, x[q + 1]);
      b0 = v.fma(w0, b0);
      b1 = v.fma(w1, b1);
      v = FloatVector.broadcast(F, x[q + 2]);
      c0 = v.fma(w0, c0);
      c1 = v.fma(w1, c1);
      v = FloatVector.broadcast(F, x[q + 3]);
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

  private static void tile12(
      float[] x, int xOffset, float[] panel, int panelOffset, int inputs, float[] sums, int s) {
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
    FloatVector i0 = a0;
    FloatVector i1 = a0;
    FloatVector j0 = a0;
    FloatVector j1 = a0;
    FloatVector k0 = a0;
    FloatVector k1 = a0;
    FloatVector l0 = a0;
    FloatVector l1 = a0;
    int q = xOffset;
    int p = panelOffset;
    for (int k = 0; k < inputs; k++, q += 12, p += COLUMNS) {
      FloatVector w0 = FloatVector.fromArray(F, panel, p);
      FloatVector w1 = FloatVector.fromArray(F, panel, p + LANES);
      FloatVector v = FloatVector.broadcast(F, x[q]);
      a0 = v.fma(w0, a0);
      a1 = v.fma(w1, a1);
      v = FloatVector.broadcast(F, x[q + 1]);
      b0 = v.fma(w0, b0);
      b1 = v.fma(w1, b1);
      v = FloatVector.broadcast(F, x[q + 2]);
      c0 = v.fma(w0, c0);
      c1 = v.fma(w1, c1);
      v = FloatVector.broadcast(F, x[q + 3]);
      d0 = v.fma(w0, d0);
      d1 = v.fma(w1, d1);
      v = FloatVector.broadcast(F, x[q + 4]);
      e0 = v.fma(w0, e0);
      e1 = v.fma(w1, e1);
      v = FloatVector.broadcast(F, x[q + 5]);
      f0 = v.fma(w0, f0);
      f1 = v.fma(w1, f1);
      v = FloatVector.broadcast(F, x[q + 6]);
      g0 = v.fma(w0, g0);
      g1 = v.fma(w1, g1);
      v = FloatVector.broadcast(F, x[q + 7]);
      h0 = v.fma(w0, h0);
      h1 = v.fma(w1, h1);
      v = FloatVector.broadcast(F, x[q + 8]);
      i0 = v.fma(w0, i0);
      i1 = v.fma(w1, i1);
      v = FloatVector.broadcast(F, x[q + 9]);
      j0 = v.fma(w0, j0);
      j1 = v.fma(w1, j1);
      v = FloatVector.broadcast(F, x[q + 10]);
      k0 = v.fma(w0, k0);
      k1 = v.fma(w1, k1);
      v = FloatVector.broadcast(F, x[q + 11]);
      l0 = v.fma(w0, l0);
      l1 = v.fma(w1, l1);
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
    i0.intoArray(sums, s + 8 * COLUMNS);
    i1.intoArray(sums, s + 8 * COLUMNS + LANES);
    j0.intoArray(sums, s + 9 * COLUMNS);
    j1.intoArray(sums, s + 9 * COLUMNS + LANES);
    k0.intoArray(sums, s + 10 * COLUMNS);
    k1.intoArray(sums, s + 10 * COLUMNS + LANES);
    l0.intoArray(sums, s + 11 * COLUMNS);
    l1.intoArray(sums, s + 11 * COLUMNS + LANES);
  }
}
