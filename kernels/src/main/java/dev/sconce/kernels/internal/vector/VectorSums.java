package dev.sconce.kernels.internal.vector;

import dev.sconce.kernels.WeightSums.IntegerRange;
import dev.sconce.kernels.internal.SumKernel;
import dev.sconce.kernels.internal.scalar.ScalarSums;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Sums over groups of weights, a vector of groups or of chains at a time. */
final class VectorSums implements SumKernel {

  // Never wider than the lanes, and a divisor of their number.
  private static final VectorSpecies<Float> SPECIES =
      FloatVector.SPECIES_PREFERRED.length() <= LANES
          ? FloatVector.SPECIES_PREFERRED
          : FloatVector.SPECIES_512;

  private static final int WIDTH = SPECIES.length();

  private static final int ROW = TORCH_ROWS * TORCH_VECTOR;

  // Σ w·q and Σ q² of all groups.
  private static final int SUMS = 2 * LANES;

  @Override
  public float absmax(float[] weights, int start, int length) {
    int whole = length - length % WIDTH;
    FloatVector max = FloatVector.zero(SPECIES);
    for (int i = 0; i < whole; i += WIDTH) {
      max = max.max(FloatVector.fromArray(SPECIES, weights, start + i).abs());
    }
    float result = max.reduceLanes(VectorOperators.MAX);
    for (int i = start + whole; i < start + length; i++) {
      result = Math.max(result, Math.abs(weights[i]));
    }
    return result;
  }

  @Override
  public void products(
      float[] columns, int length, float[] scales, IntegerRange bounds, float[] sums) {
    if (length % ROW == 0 && length < TORCH_STEP * ROW) {
      for (int lane = 0; lane < LANES; lane += WIDTH) {
        few(columns, lane, length * LANES, scales, bounds.min(), bounds.max(), sums);
      }
    } else {
      many(columns, length, scales, bounds, sums);
    }
  }

  /** Groups of whole rows, too few for a partial sum to be put aside. */
  private static void few(
      float[] columns, int lane, int end, float[] scales, float min, float max, float[] sums) {
    FloatVector scale = FloatVector.fromArray(SPECIES, scales, lane);
    FloatVector products = FloatVector.zero(SPECIES);
    FloatVector squares = products;
    for (int chain = lane; chain < TORCH_VECTOR * LANES; chain += LANES) {
      FloatVector p = FloatVector.zero(SPECIES);
      FloatVector s = p;
      for (int first = chain; first < ROW * LANES; first += TORCH_VECTOR * LANES) {
        FloatVector p0 = FloatVector.zero(SPECIES);
        FloatVector s0 = p0;
        for (int at = first; at < end; at += ROW * LANES) {
          FloatVector w = FloatVector.fromArray(SPECIES, columns, at);
          FloatVector q = w.div(scale).max(min).min(max).add(MAGIC).sub(MAGIC);
          p0 = p0.add(w.mul(q));
          s0 = s0.add(q.mul(q));
        }
        p = p.add(p0);
        s = s.add(s0);
      }
      products = products.add(p);
      squares = squares.add(s);
    }
    products.intoArray(sums, lane);
    squares.intoArray(sums, LANES + lane);
  }

  private static void many(
      float[] columns, int length, float[] scales, IntegerRange bounds, float[] sums) {
    float[] partial = new float[4 * SUMS];
    Arrays.fill(sums, 0, SUMS, 0);
    int vector = length < TORCH_VECTOR ? 1 : TORCH_VECTOR;
    int steps = length / (TORCH_ROWS * vector);
    int whole = length - length % vector;
    add(columns, whole, 1, length - whole, scales, bounds, sums, 0);
    for (int chain = 0; chain < vector; chain++) {
      Arrays.fill(partial, SUMS, 2 * SUMS, 0);
      for (int row = 0; row < TORCH_ROWS; row++) {
        int first = row * vector + chain;
        sumChain(columns, first, TORCH_ROWS * vector, steps, scales, bounds, partial);
        int rest = steps * TORCH_ROWS * vector + chain;
        if (row == 0 && rest < whole) {
          add(
              columns,
              rest,
              vector,
              (whole - rest + vector - 1) / vector,
              scales,
              bounds,
              partial,
              0);
        }
        join(partial, 0, partial, SUMS);
      }
      join(partial, SUMS, sums, 0);
    }
  }

  /** Sums every so manieth weight to the first of the partial sums. */
  private static void sumChain(
      float[] columns,
      int first,
      int stride,
      int steps,
      float[] scales,
      IntegerRange bounds,
      float[] partial) {
    Arrays.fill(partial, 0, SUMS, 0);
    int whole = steps - steps % TORCH_STEP;
    if (whole > 0) {
      Arrays.fill(partial, 2 * SUMS, 4 * SUMS, 0);
    }
    for (int i = 0; i < steps; i += TORCH_STEP) {
      int count = Math.min(TORCH_STEP, steps - i);
      add(columns, first + i * stride, stride, count, scales, bounds, partial, 0);
      if (count == TORCH_STEP) {
        move(partial, 0, 2 * SUMS);
        if ((i + TORCH_STEP) % TORCH_LEVEL == 0) {
          move(partial, 2 * SUMS, 3 * SUMS);
        }
      }
    }
    if (whole > 0) {
      join(partial, 2 * SUMS, partial, 0);
      join(partial, 3 * SUMS, partial, 0);
    }
  }

  private static void move(float[] partial, int from, int to) {
    join(partial, from, partial, to);
    Arrays.fill(partial, from, from + SUMS, 0);
  }

  private static void join(float[] from, int at, float[] to, int target) {
    for (int i = 0; i < SUMS; i += WIDTH) {
      FloatVector.fromArray(SPECIES, to, target + i)
          .add(FloatVector.fromArray(SPECIES, from, at + i))
          .intoArray(to, target + i);
    }
  }

  /** Adds w·q and q² of every so manieth weight of all groups to sums. */
  private static void add(
      float[] columns,
      int first,
      int stride,
      int count,
      float[] scales,
      IntegerRange bounds,
      float[] sums,
      int to) {
    float min = bounds.min();
    float max = bounds.max();
    for (int lane = 0; lane < LANES; lane += WIDTH) {
      FloatVector scale = FloatVector.fromArray(SPECIES, scales, lane);
      FloatVector products = FloatVector.fromArray(SPECIES, sums, to + lane);
      FloatVector squares = FloatVector.fromArray(SPECIES, sums, to + LANES + lane);
      int at = first * LANES + lane;
      for (int i = 0; i < count; i++, at += stride * LANES) {
        FloatVector w = FloatVector.fromArray(SPECIES, columns, at);
        FloatVector q = w.div(scale).max(min).min(max).add(MAGIC).sub(MAGIC);
        products = products.add(w.mul(q));
        squares = squares.add(q.mul(q));
      }
      products.intoArray(sums, to + lane);
      squares.intoArray(sums, to + LANES + lane);
    }
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
    int whole = length - length % LANES;
    for (int chain = 0; chain < LANES && whole > 0; chain += WIDTH) {
      int from = start + chain;
      int to = at + chain;
      round(weights, from, start + whole, scale, bounds, integers, to, chains, chain);
    }
    ScalarSums.roundTail(weights, start, whole, length, scale, bounds, integers, at, chains);
  }

  private static void round(
      float[] weights,
      int start,
      int end,
      float scale,
      IntegerRange bounds,
      int[] integers,
      int to,
      float[] chains,
      int chain) {
    float min = bounds.min();
    float max = bounds.max();
    FloatVector errors = FloatVector.fromArray(SPECIES, chains, chain);
    FloatVector squares = FloatVector.fromArray(SPECIES, chains, LANES + chain);
    for (int i = start; i < end; i += LANES) {
      FloatVector w = FloatVector.fromArray(SPECIES, weights, i);
      FloatVector q = w.div(scale).max(min).min(max).add(MAGIC);
      q.reinterpretAsInts().sub(MAGIC_BITS).intoArray(integers, to + i - start);
      FloatVector error = w.sub(q.sub(MAGIC).mul(scale));
      errors = errors.add(error.mul(error));
      squares = squares.add(w.mul(w));
    }
    errors.intoArray(chains, chain);
    squares.intoArray(chains, LANES + chain);
  }
}
