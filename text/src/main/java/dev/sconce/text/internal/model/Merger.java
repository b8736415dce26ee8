package dev.sconce.text.internal.model;

import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The symbols of one word while they are merged: at each step the pair of lowest rank, leftmost
 * first.
 *
 * <p>Short words look for it by going through all pairs, long ones keep a heap, so that a word of n
 * symbols takes at most n log n steps.
 */
final class Merger {

  private static final int HEAP_FROM = 48;

  private final MergeTable merges;
  private int[] ids = new int[64];
  private int[] lengths = new int[64];
  private int size;

  Merger(MergeTable merges) {
    this.merges = merges;
  }

  /** Adds a symbol that stands for so many bytes. */
  void add(int id, int length) {
    if (size == ids.length) {
      ids = Arrays.copyOf(ids, size * 2);
      lengths = Arrays.copyOf(lengths, size * 2);
    }
    ids[size] = id;
    lengths[size++] = length;
  }

  /** Merges all that can be merged. */
  void mergeAll() {
    if (size < 2) {
      return;
    }
    if (size < HEAP_FROM) {
      mergeByScanning();
    } else {
      new Heap(0).run();
    }
  }

  /** Merges, where each possible merge is passed over with a probability each time. */
  void mergeWithDropout(double probability) {
    if (size > 1) {
      new Heap(probability).run();
    }
  }

  int[] ids() {
    return Arrays.copyOf(ids, size);
  }

  int[] ends() {
    int[] ends = new int[size];
    int at = 0;
    for (int i = 0; i < size; i++) {
      at += lengths[i];
      ends[i] = at;
    }
    return ends;
  }

  private void mergeByScanning() {
    // places[i] is the merge of symbols i and i + 1, or NONE.
    int[] places = new int[size];
    for (int i = 0; i + 1 < size; i++) {
      places[i] = merges.find(ids[i], ids[i + 1]);
    }
    while (size > 1) {
      int best = -1;
      int bestRank = Integer.MAX_VALUE;
      for (int i = 0; i + 1 < size; i++) {
        if (places[i] >= 0 && merges.rank(places[i]) < bestRank) {
          bestRank = merges.rank(places[i]);
          best = i;
        }
      }
      if (best < 0) {
        return;
      }
      ids[best] = merges.result(places[best]);
      lengths[best] += lengths[best + 1];
      int tail = size - best - 2;
      System.arraycopy(ids, best + 2, ids, best + 1, tail);
      System.arraycopy(lengths, best + 2, lengths, best + 1, tail);
      System.arraycopy(places, best + 2, places, best + 1, tail);
      size--;
      places[best] = best + 1 < size ? merges.find(ids[best], ids[best + 1]) : MergeTable.NONE;
      if (best > 0) {
        places[best - 1] = merges.find(ids[best - 1], ids[best]);
      }
    }
  }

  /**
   * A binary heap of possible merges; entries that no longer apply are recognised when they come
   * up.
   */
  private final class Heap {
    private final double dropout;
    // rank << 32 | position: the order of merging
    private long[] order;
    private int[] results;
    private int count;
    private final int[] previous;
    private final int[] next;

    private Heap(double dropout) {
      this.dropout = dropout;
      order = new long[size];
      results = new int[size];
      previous = new int[size];
      next = new int[size];
      for (int i = 0; i < size; i++) {
        previous[i] = i - 1;
        next[i] = i + 1 < size ? i + 1 : -1;
      }
    }

    private void run() {
      for (int i = 0; i + 1 < size; i++) {
        offer(i, i + 1);
      }
      // Merges that were passed over come back after the next one that is done.
      long[] skippedOrder = new long[dropout > 0 ? 16 : 0];
      int[] skippedResults = new int[skippedOrder.length];
      int skipped = 0;
      while (count > 0) {
        long top = order[0];
        int result = results[0];
        pop();
        if (dropout > 0 && ThreadLocalRandom.current().nextDouble() < dropout) {
          if (skipped == skippedOrder.length) {
            skippedOrder = Arrays.copyOf(skippedOrder, skipped * 2);
            skippedResults = Arrays.copyOf(skippedResults, skipped * 2);
          }
          skippedOrder[skipped] = top;
          skippedResults[skipped++] = result;
          continue;
        }
        while (skipped > 0) {
          skipped--;
          push(skippedOrder[skipped], skippedResults[skipped]);
        }
        merge((int) top, result);
      }
      compact();
    }

    private void merge(int left, int result) {
      int right = next[left];
      if (lengths[left] == 0 || right < 0) {
        return;
      }
      int place = merges.find(ids[left], ids[right]);
      if (place < 0 || merges.result(place) != result) {
        return;
      }
      ids[left] = result;
      lengths[left] += lengths[right];
      lengths[right] = 0;
      next[left] = next[right];
      if (next[left] >= 0) {
        previous[next[left]] = left;
        offer(left, next[left]);
      }
      if (previous[left] >= 0) {
        offer(previous[left], left);
      }
    }

    private void offer(int left, int right) {
      int place = merges.find(ids[left], ids[right]);
      if (place >= 0) {
        push(((long) merges.rank(place) << 32) | left, merges.result(place));
      }
    }

    private void push(long key, int result) {
      if (count == order.length) {
        order = Arrays.copyOf(order, count * 2);
        results = Arrays.copyOf(results, count * 2);
      }
      int at = count++;
      while (at > 0 && order[(at - 1) >> 1] > key) {
        order[at] = order[(at - 1) >> 1];
        results[at] = results[(at - 1) >> 1];
        at = (at - 1) >> 1;
      }
      order[at] = key;
      results[at] = result;
    }

    private void pop() {
      long key = order[--count];
      int result = results[count];
      int at = 0;
      while (at * 2 + 1 < count) {
        int child = at * 2 + 1;
        if (child + 1 < count && order[child + 1] < order[child]) {
          child++;
        }
        if (order[child] >= key) {
          break;
        }
        order[at] = order[child];
        results[at] = results[child];
        at = child;
      }
      order[at] = key;
      results[at] = result;
    }

    private void compact() {
      int kept = 0;
      for (int i = 0; i < size; i++) {
        if (lengths[i] != 0) {
          ids[kept] = ids[i];
          lengths[kept++] = lengths[i];
        }
      }
      size = kept;
    }
  }
}
