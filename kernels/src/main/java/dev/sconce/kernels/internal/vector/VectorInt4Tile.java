package dev.sconce.kernels.internal.vector;

import static dev.sconce.kernels.PackedWeights.BLOCK;
import static dev.sconce.kernels.internal.vector.VectorNibbles.PAIRS;
import static dev.sconce.kernels.internal.vector.VectorNibbles.chunkSum;
import static dev.sconce.kernels.internal.vector.VectorNibbles.pair;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Four rows times a chunk of 32 inputs of a block, and what adds the chunk's sums up.
 *
 * <p>Four rows and two vectors of outputs need eight sums, which all processors have registers for;
 * a larger tile is not compiled to vector instructions as a whole.
 */
final class VectorInt4Tile {

  /** How many rows a tile has. */
  static final int ROWS = 4;

  private static final VectorSpecies<Short> S = VectorUnit.SHORT;
  private static final VectorSpecies<Integer> I = VectorUnit.INT;
  private static final VectorSpecies<Float> F = VectorUnit.FLOAT;
  private static final int LANES = I.length();

  private VectorInt4Tile() {}

  /** Multiplies four rows with a chunk of a panel. */
  static void multiply(
      int[] panel, int panelOffset, int[] x, int xOffset, int xStride, int[] sums, int sumsOffset) {
    for (int lane = 0; lane < BLOCK; lane += 2 * LANES) {
      tile(panel, panelOffset + lane, x, xOffset, xStride, sums, sumsOffset + lane);
    }
  }

  private static void tile(
      int[] panel, int panelOffset, int[] x, int x0, int xStride, int[] sums, int s) {
    ShortVector a0 = ShortVector.zero(S);
    ShortVector a1 = a0;
    ShortVector b0 = a0;
    ShortVector b1 = a0;
    ShortVector c0 = a0;
    ShortVector c1 = a0;
    ShortVector d0 = a0;
    ShortVector d1 = a0;
    int x1 = x0 + xStride;
    int x2 = x1 + xStride;
    int x3 = x2 + xStride;
    for (int k = 0; k < PAIRS; k++) {
      ShortVector w0 = weights(panel, panelOffset + k * BLOCK);
      ShortVector w1 = weights(panel, panelOffset + k * BLOCK + LANES);
      ShortVector v = pair(x, x0 + k);
      a0 = a0.add(v.mul(w0));
      a1 = a1.add(v.mul(w1));
      v = pair(x, x1 + k);
      b0 = b0.add(v.mul(w0));
      b1 = b1.add(v.mul(w1));
      v = pair(x, x2 + k);
      c0 = c0.add(v.mul(w0));
      c1 = c1.add(v.mul(w1));
      v = pair(x, x3 + k);
      d0 = d0.add(v.mul(w0));
      d1 = d1.add(v.mul(w1));
    }
    a0.reinterpretAsInts().intoArray(sums, s);
    a1.reinterpretAsInts().intoArray(sums, s + LANES);
    b0.reinterpretAsInts().intoArray(sums, s + BLOCK);
    b1.reinterpretAsInts().intoArray(sums, s + BLOCK + LANES);
    c0.reinterpretAsInts().intoArray(sums, s + 2 * BLOCK);
    c1.reinterpretAsInts().intoArray(sums, s + 2 * BLOCK + LANES);
    d0.reinterpretAsInts().intoArray(sums, s + 3 * BLOCK);
    d1.reinterpretAsInts().intoArray(sums, s + 3 * BLOCK + LANES);
  }

  private static ShortVector weights(int[] panel, int offset) {
    return IntVector.fromArray(I, panel, offset).reinterpretAsShorts();
  }

  /** Adds the sums of a chunk of so many rows, scaled by output. */
  static void addScaled(int[] chunkSums, int rows, float[] scales, int scalesOffset, float[] sums) {
    for (int lane = 0; lane < BLOCK; lane += LANES) {
      FloatVector scale = FloatVector.fromArray(F, scales, scalesOffset + lane);
      for (int i = lane; i < rows * BLOCK; i += BLOCK) {
        chunkSum(IntVector.fromArray(I, chunkSums, i))
            .fma(scale, FloatVector.fromArray(F, sums, i))
            .intoArray(sums, i);
      }
    }
  }

  /** Adds the sums of a chunk of so many rows. */
  static void add(int[] chunkSums, int rows, float[] sums) {
    for (int i = 0; i < rows * BLOCK; i += LANES) {
      chunkSum(IntVector.fromArray(I, chunkSums, i))
          .add(FloatVector.fromArray(F, sums, i))
          .intoArray(sums, i);
    }
  }
}
