package dev.sconce.graph.quantize;

import dev.sconce.kernels.Kernels;
import dev.sconce.kernels.WeightSums;
import dev.sconce.kernels.WeightSums.IntegerRange;
import java.util.Arrays;
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
  private final IntegerRange range;
  private final WeightSums sums = Kernels.shared().weightSums();
  private final float[] scales;
  // The largest relative move of each round, as float bits: for positive floats their order is that
  // of the numbers.
  private final AtomicIntegerArray largestMoves = new AtomicIntegerArray(ROUNDS);
  private final Map<Integer, float[]> restless = new ConcurrentHashMap<>();

  HqqScales(WeightScheme scheme, int rows, int columns) {
    this.columns = columns;
    this.group = scheme.groupLength(columns);
    this.range = new IntegerRange(scheme.min(), scheme.max());
    this.scales = new float[Math.multiplyExact(rows, columns / group)];
  }

  /** Room for the rounds of one group after the other. */
  private static final class Rounds {
    private final float[] sums = new float[2 * WeightSums.LANES];
    private final float[] history = new float[ROUNDS];
    private final float[] moves = new float[ROUNDS];
  }

  @Override
  public void add(float[] weights, int firstRow, int rows) {
    int target = firstRow * (columns / group);
    Rounds rounds = new Rounds();
    for (int start = 0; start < rows * columns; start += group) {
      scales[target] = iterate(weights, start, target, rounds);
      target++;
    }
    for (int round = 0; round < ROUNDS; round++) {
      int bits = Float.floatToRawIntBits(rounds.moves[round]);
      largestMoves.accumulateAndGet(round, bits, Math::max);
    }
  }

  private float iterate(float[] weights, int start, int target, Rounds rounds) {
    float largest = sums.absmax(weights, start, group);
    float scale = Math.max(largest / Math.max(-range.min(), range.max()), SMALLEST);
    boolean slow = false;
    for (int round = 0; round < ROUNDS; round++) {
      sums.products(weights, start, group, scale, range, rounds.sums);
      // The denominator is a sum of squares of integers: if it is 0, nothing pulls the scale.
      float denominator = rounds.sums[1];
      float next = Math.max(denominator > 0 ? rounds.sums[0] / denominator : scale, SMALLEST);
      float move = Math.abs(next - scale) / Math.max(scale, SMALLEST);
      rounds.moves[round] = Math.max(rounds.moves[round], move);
      rounds.history[round] = next;
      scale = next;
      if (move == 0) {
        Arrays.fill(rounds.history, round, ROUNDS, scale);
        break;
      }
      slow |= move < TOLERANCE;
    }
    if (slow) {
      restless.put(target, rounds.history.clone());
    }
    return scale;
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
