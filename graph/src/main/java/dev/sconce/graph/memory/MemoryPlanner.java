package dev.sconce.graph.memory;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Places blocks of memory so that blocks alive at the same time do not overlap.
 *
 * <p>Greedy: the largest block goes first, each to the lowest offset where it fits between those
 * placed that live at some common time. Deterministic.
 */
public final class MemoryPlanner {

  private final long alignment;

  /**
   * Creates a planner.
   *
   * @param alignment what every offset is a multiple of
   */
  public MemoryPlanner(long alignment) {
    this.alignment = alignment;
  }

  /**
   * A block to place.
   *
   * @param size its size in bytes
   * @param first the first instruction at which it is needed
   * @param last the last one
   */
  public record Block(long size, int first, int last) {

    boolean overlaps(Block other) {
      return first <= other.last && other.first <= last;
    }
  }

  /**
   * The places of blocks.
   *
   * @param offsets the offset of each block, in the order they were given
   * @param size the size of the whole arena
   */
  public record Plan(List<Long> offsets, long size) {

    /** Copies the list. */
    public Plan {
      offsets = List.copyOf(offsets);
    }
  }

  private record Placed(Block block, long offset) {}

  /** Places blocks. */
  public Plan plan(List<Block> blocks) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < blocks.size(); i++) {
      order.add(i);
    }
    order.sort(
        Comparator.<Integer>comparingLong(i -> blocks.get(i).size())
            .reversed()
            .thenComparingInt(i -> i));
    long[] offsets = new long[blocks.size()];
    List<Placed> placed = new ArrayList<>();
    long end = 0;
    for (int i : order) {
      Block block = blocks.get(i);
      offsets[i] = lowestGap(block, placed);
      int at = insertionPoint(placed, offsets[i]);
      placed.add(at, new Placed(block, offsets[i]));
      end = Math.max(end, offsets[i] + block.size());
    }
    List<Long> result = new ArrayList<>();
    for (long offset : offsets) {
      result.add(offset);
    }
    return new Plan(result, align(end));
  }

  /** Returns the lowest offset at which a block fits; {@code placed} is sorted by offset. */
  private long lowestGap(Block block, List<Placed> placed) {
    long candidate = 0;
    for (Placed other : placed) {
      if (!block.overlaps(other.block())) {
        continue;
      }
      if (candidate + block.size() <= other.offset()) {
        break;
      }
      candidate = Math.max(candidate, align(other.offset() + other.block().size()));
    }
    return candidate;
  }

  private static int insertionPoint(List<Placed> placed, long offset) {
    int low = 0;
    int high = placed.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (placed.get(middle).offset() <= offset) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private long align(long offset) {
    return Math.ceilDiv(offset, alignment) * alignment;
  }
}
