package dev.sconce.runtime.internal.operator.aten;

import java.util.Arrays;

/**
 * Finds the foremost of a line of numbers. Among equal ones the earlier comes first; NaN is larger
 * than any number, and both zeros are one.
 */
final class Ranking {

  /** Up to this many are kept in order while the line is read once; more are sorted. */
  private static final int FEW = 64;

  private final long[] keys;
  private final int[] order;
  private final boolean largest;

  /**
   * Creates a ranking.
   *
   * @param size how many numbers a line has
   * @param largest whether the largest come first, or the smallest
   */
  Ranking(int size, boolean largest) {
    this.keys = new long[size];
    this.order = new int[size];
    this.largest = largest;
  }

  /** Sets a number of the line. */
  void set(int index, long value) {
    keys[index] = largest ? ~value : value;
  }

  /** Sets a number of the line. */
  void set(int index, double value) {
    long bits = Double.doubleToLongBits(value + 0.0);
    // Negative numbers are stored as sign and magnitude: larger magnitudes come first.
    set(index, bits < 0 ? bits ^ Long.MAX_VALUE : bits);
  }

  /**
   * Returns where the numbers stand, foremost first; valid for the given count, until the next
   * call.
   */
  int[] first(int count) {
    if (count <= FEW) {
      keep(count);
    } else {
      sort();
    }
    return order;
  }

  private void keep(int count) {
    int kept = 0;
    for (int i = 0; i < keys.length; i++) {
      if (kept == count && (count == 0 || keys[i] >= keys[order[kept - 1]])) {
        continue;
      }
      int at = kept < count ? kept++ : kept - 1;
      while (at > 0 && keys[order[at - 1]] > keys[i]) {
        order[at] = order[at - 1];
        at--;
      }
      order[at] = i;
    }
  }

  /** Merges runs of doubling length, to and fro between two arrays. */
  private void sort() {
    Arrays.setAll(order, i -> i);
    int[] other = new int[order.length];
    boolean swapped = false;
    for (int run = 1; run < order.length; run *= 2) {
      int[] from = swapped ? other : order;
      int[] to = swapped ? order : other;
      for (int start = 0; start < order.length; start += 2 * run) {
        int middle = Math.min(start + run, order.length);
        merge(from, to, start, middle, Math.min(middle + run, order.length));
      }
      swapped = !swapped;
    }
    if (swapped) {
      System.arraycopy(other, 0, order, 0, order.length);
    }
  }

  private void merge(int[] from, int[] to, int start, int middle, int end) {
    int left = start;
    int right = middle;
    for (int i = start; i < end; i++) {
      boolean takeLeft = left < middle && (right >= end || keys[from[left]] <= keys[from[right]]);
      to[i] = takeLeft ? from[left++] : from[right++];
    }
  }
}
