package dev.sconce.graph.quantize;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Half-quadratic quantisation of the scale alone, as torchao's {@code hqq_scale_only}:
 *
 * <pre>
 * s ← max|w| / max(|qmin|, |qmax|)
 * at most 20 times:  q ← clamp(rint(w / s));  s ← Σ w·q / Σ q²;
 *                    stop when no scale of the matrix moved by 1e-5 of itself or more
 * </pre>
 *
 * <p>The stop looks at the whole matrix, yet a group whose integers repeat never moves again. So
 * each group runs to its own fixed point and records how far it moved in each round; the rare group
 * that moved by less than the tolerance without having come to rest keeps its history, from which
 * {@link #finish} takes the scale of the round at which the whole matrix would have stopped.
 */
final class HqqScales implements GroupScales {

  private static final int ROUNDS = 20;
  private static final float TOLERANCE = 1e-5f;

  private final int columns;
  private final int group;
  private final int min;
  private final int max;
  private final float[] scales;
  // The largest relative move of each round, as float bits: for positive floats their order is that
  // of the numbers.
  private final AtomicIntegerArray largestMoves = new AtomicIntegerArray(ROUNDS);
  private final Map<Integer, float[]> restless = new ConcurrentHashMap<>();

  HqqScales(WeightScheme scheme, int rows, int columns) {
    this.columns = columns;
    this.group = scheme.groupLength(columns);
    this.min = scheme.min();
    this.max = scheme.max();
    this.scales = new float[Math.multiplyExact(rows, columns / group)];
  }

  @Override
  public void add(float[] weights, int firstRow, int rows) {
    int target = firstRow * (columns / group);
    float[] history = new float[ROUNDS];
    float[] moves = new float[ROUNDS];
    for (int start = 0; start < rows * columns; start += group) {
      scales[target] = iterate(weights, start, target, history, moves);
      target++;
    }
    for (int round = 0; round < ROUNDS; round++) {
      int bits = Float.floatToRawIntBits(moves[round]);
      largestMoves.accumulateAndGet(round, bits, Math::max);
    }
  }

  private float iterate(float[] weights, int start, int target, float[] history, float[] moves) {
    float scale = Math.max(absmax(weights, start) / Math.max(-min, max), SMALLEST);
    boolean slow = false;
    for (int round = 0; round < ROUNDS; round++) {
      float next = leastSquares(weights, start, scale);
      float move = Math.abs(next - scale) / Math.max(scale, SMALLEST);
      moves[round] = Math.max(moves[round], move);
      history[round] = next;
      scale = next;
      if (move == 0) {
        java.util.Arrays.fill(history, round, ROUNDS, scale);
        break;
      }
      slow |= move < TOLERANCE;
    }
    if (slow) {
      restless.put(target, history.clone());
    }
    return scale;
  }

  private float absmax(float[] weights, int start) {
    return GroupScales.absmax(weights, start, group);
  }

  private float leastSquares(float[] weights, int start, float scale) {
    float numerator0 = 0;
    float numerator1 = 0;
    float denominator0 = 0;
    float denominator1 = 0;
    int i = start;
    int end = start + group;
    // Two chains of sums hide half of the latency of the additions.
    for (; i + 1 < end; i += 2) {
      float q0 = Rounding.roundClamped(weights[i] / scale, min, max);
      float q1 = Rounding.roundClamped(weights[i + 1] / scale, min, max);
      numerator0 += weights[i] * q0;
      numerator1 += weights[i + 1] * q1;
      denominator0 += q0 * q0;
      denominator1 += q1 * q1;
    }
    if (i < end) {
      float q = Rounding.roundClamped(weights[i] / scale, min, max);
      numerator0 += weights[i] * q;
      denominator0 += q * q;
    }
    float denominator = denominator0 + denominator1;
    float next = denominator > 0 ? (numerator0 + numerator1) / denominator : scale;
    return Math.max(next, SMALLEST);
  }

  @Override
  public float[] finish() {
    int last = ROUNDS - 1;
    for (int round = 0; round < ROUNDS; round++) {
      if (Float.intBitsToFloat(largestMoves.get(round)) < TOLERANCE) {
        last = round;
        break;
      }
    }
    int stop = last;
    restless.forEach((target, history) -> scales[target] = history[stop]);
    return scales;
  }
}
