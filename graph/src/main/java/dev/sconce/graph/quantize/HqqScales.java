package dev.sconce.graph.quantize;

import dev.sconce.kernels.Kernels;
import dev.sconce.kernels.WeightSums;
import dev.sconce.kernels.WeightSums.IntegerRange;
import java.lang.foreign.MemorySegment;
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
 * each group runs until it has come to rest, and how far groups moved at most is recorded for every
 * round; the rare group that moved by less than the tolerance without having come to rest keeps its
 * history, from which {@link #finish} takes the scale of the round at which the whole matrix would
 * have stopped.
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

  /** The rounds of some groups side by side; whichever comes to rest makes room for the next. */
  private final class Rounds implements Blocks.Worker {
    private static final int NONE = -1;

    private final float[] turned = new float[group * LANES];
    private final float[] scale = new float[LANES];
    private final float[] found = new float[2 * LANES];
    private final float[] moves = new float[ROUNDS];
    // Of each lane: its group, how many rounds it has run, its scale after each of them, and
    // whether it has moved by less than the tolerance.
    private final int[] groupOf = new int[LANES];
    private final int[] rounds = new int[LANES];
    private final float[][] history = new float[LANES][ROUNDS];
    private final boolean[] slow = new boolean[LANES];

    @Override
    public void work(float[] block, int firstRow, int rows) {
      int groups = rows * (columns / group);
      long first = (long) firstRow * (columns / group);
      int next = 0;
      for (int lane = 0; lane < LANES; lane++) {
        next = fill(lane, block, next, groups);
      }
      int done = 0;
      while (done < groups) {
        sums.products(turned, group, scale, range, found);
        for (int lane = 0; lane < LANES; lane++) {
          if (groupOf[lane] != NONE && restsAfterStep(lane)) {
            keep(lane, first + groupOf[lane]);
            done++;
            next = fill(lane, block, next, groups);
          }
        }
      }
      for (int round = 0; round < ROUNDS; round++) {
        largestMoves.accumulateAndGet(round, Float.floatToRawIntBits(moves[round]), Math::max);
      }
    }

    /** Puts a group into a lane, if there is one left; what else the lane sums, nobody reads. */
    private int fill(int lane, float[] block, int next, int groups) {
      if (next == groups) {
        groupOf[lane] = NONE;
        return next;
      }
      int from = next * group;
      turn(block, from, group, turned, lane);
      float largest = sums.absmax(block, from, group);
      scale[lane] = Math.max(largest / Math.max(-range.min(), range.max()), SMALLEST);
      groupOf[lane] = next;
      rounds[lane] = 0;
      slow[lane] = false;
      return next + 1;
    }

    /** Moves a scale to Σ w·q / Σ q², and returns whether its group is done. */
    private boolean restsAfterStep(int lane) {
      float old = scale[lane];
      // A sum of squares of integers: if it is 0, nothing pulls the scale.
      float denominator = found[LANES + lane];
      float moved = Math.max(denominator > 0 ? found[lane] / denominator : old, SMALLEST);
      float move = Math.abs(moved - old) / old;
      int round = rounds[lane]++;
      moves[round] = Math.max(moves[round], move);
      slow[lane] |= move > 0 && move < TOLERANCE;
      history[lane][round] = moved;
      scale[lane] = moved;
      return move == 0 || round == ROUNDS - 1;
    }

    private void keep(int lane, long target) {
      scales.set(FLOAT, target * Float.BYTES, scale[lane]);
      if (slow[lane]) {
        float[] own = history[lane].clone();
        Arrays.fill(own, rounds[lane], ROUNDS, scale[lane]);
        restless.put(target, own);
      }
    }
  }

  private static void turn(float[] block, int from, int group, float[] turned, int lane) {
    for (int k = 0; k < group; k++) {
      turned[k * LANES + lane] = block[from + k];
    }
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
