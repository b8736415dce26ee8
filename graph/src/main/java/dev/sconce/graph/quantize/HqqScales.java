package dev.sconce.graph.quantize;

import dev.sconce.kernels.Kernels;
import dev.sconce.kernels.WeightSums;
import dev.sconce.kernels.WeightSums.IntegerRange;
import java.lang.foreign.MemorySegment;
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
 * some groups at a time run until all of them have come to rest, and record how far they moved in
 * each round; the rare group that moved by less than the tolerance without having come to rest
 * keeps its history, from which {@link #finish} takes the scale of the round at which the whole
 * matrix would have stopped.
 */
final class HqqScales implements GroupScales {

  private static final int ROUNDS = 20;
  private static final float TOLERANCE = 1e-5f;
  private static final int LANES = WeightSums.LANES;

  private final int columns;
  private final int group;
  private final IntegerRange range;
  private final WeightSums sums = Kernels.shared().weightSums();
  private final MemorySegment scales;
  // The largest relative move of each round, as float bits: for positive floats their order is that
  // of the numbers.
  private final AtomicIntegerArray largestMoves = new AtomicIntegerArray(ROUNDS);
  private final Map<Long, float[]> restless = new ConcurrentHashMap<>();

  HqqScales(WeightScheme scheme, int columns, MemorySegment scales) {
    this.columns = columns;
    this.group = scheme.groupLength(columns);
    this.range = new IntegerRange(scheme.min(), scheme.max());
    this.scales = scales;
  }

  @Override
  public Blocks.Worker worker() {
    return new Rounds();
  }

  /** The rounds of some groups side by side. */
  private final class Rounds implements Blocks.Worker {
    private final float[] turned = new float[group * LANES];
    private final float[] scale = new float[LANES];
    private final float[] found = new float[2 * LANES];
    private final float[] history = new float[ROUNDS * LANES];
    private final boolean[] slow = new boolean[LANES];
    private final float[] moves = new float[ROUNDS];

    @Override
    public void work(float[] block, int firstRow, int rows) {
      int groups = rows * (columns / group);
      long first = (long) firstRow * (columns / group);
      for (int g = 0; g < groups; g += LANES) {
        int count = Math.min(LANES, groups - g);
        start(block, g * group, count);
        iterate();
        for (int i = 0; i < count; i++) {
          scales.set(FLOAT, (first + g + i) * Float.BYTES, scale[i]);
          if (slow[i]) {
            restless.put(first + g + i, historyOf(i));
          }
        }
      }
      for (int round = 0; round < ROUNDS; round++) {
        largestMoves.accumulateAndGet(round, Float.floatToRawIntBits(moves[round]), Math::max);
      }
    }

    private void start(float[] block, int from, int count) {
      for (int lane = 0; lane < LANES; lane++) {
        float largest = 0;
        if (lane < count) {
          turn(block, from + lane * group, group, turned, lane);
          largest = sums.absmax(block, from + lane * group, group);
        } else {
          clear(turned, lane);
        }
        scale[lane] = Math.max(largest / Math.max(-range.min(), range.max()), SMALLEST);
        slow[lane] = false;
      }
    }

    private void iterate() {
      for (int round = 0; round < ROUNDS; round++) {
        sums.products(turned, group, scale, range, found);
        float largest = step(scale, found, slow);
        moves[round] = Math.max(moves[round], largest);
        System.arraycopy(scale, 0, history, round * LANES, LANES);
        if (largest == 0) {
          for (int rest = round + 1; rest < ROUNDS; rest++) {
            System.arraycopy(scale, 0, history, rest * LANES, LANES);
          }
          return;
        }
      }
    }

    private float[] historyOf(int lane) {
      float[] own = new float[ROUNDS];
      for (int round = 0; round < ROUNDS; round++) {
        own[round] = history[round * LANES + lane];
      }
      return own;
    }
  }

  private static void turn(float[] block, int from, int group, float[] turned, int lane) {
    for (int k = 0; k < group; k++) {
      turned[k * LANES + lane] = block[from + k];
    }
  }

  private static void clear(float[] turned, int lane) {
    for (int at = lane; at < turned.length; at += LANES) {
      turned[at] = 0;
    }
  }

  /** Moves scales to Σ w·q / Σ q², and returns the largest relative move. */
  private static float step(float[] scale, float[] found, boolean[] slow) {
    float largest = 0;
    for (int lane = 0; lane < LANES; lane++) {
      float old = scale[lane];
      // A sum of squares of integers: if it is 0, nothing pulls the scale.
      float denominator = found[LANES + lane];
      float next = Math.max(denominator > 0 ? found[lane] / denominator : old, SMALLEST);
      float move = Math.abs(next - old) / old;
      slow[lane] |= move > 0 && move < TOLERANCE;
      largest = Math.max(largest, move);
      scale[lane] = next;
    }
    return largest;
  }

  @Override
  public void finish() {
    int last = ROUNDS - 1;
    for (int round = 0; round < ROUNDS; round++) {
      if (Float.intBitsToFloat(largestMoves.get(round)) < TOLERANCE) {
        last = round;
        break;
      }
    }
    int stop = last;
    restless.forEach((target, history) -> scales.set(FLOAT, target * Float.BYTES, history[stop]));
  }
}
