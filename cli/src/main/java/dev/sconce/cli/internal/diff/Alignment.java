package dev.sconce.cli.internal.diff;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Which elements of two sequences belong together: those of a longest common subsequence.
 *
 * <p>E. Myers, "An O(ND) Difference Algorithm and Its Variations", 1986, the greedy form, after
 * what the sequences share at both ends was set aside. Sequences with more differences than {@link
 * #MAX_DIFFERENCES} are not aligned between these ends: time and memory stay small whatever the
 * input.
 */
final class Alignment {

  static final int MAX_DIFFERENCES = 1500;

  /** The partner of an element that has none. */
  static final int NONE = -1;

  private Alignment() {}

  /** Returns for each element of {@code a} the index of its partner in {@code b}, or NONE. */
  static int[] of(int[] a, int[] b) {
    int[] partners = new int[a.length];
    Arrays.fill(partners, NONE);
    int start = 0;
    while (start < Math.min(a.length, b.length) && a[start] == b[start]) {
      partners[start] = start;
      start++;
    }
    int tail = 0;
    while (tail < Math.min(a.length, b.length) - start
        && a[a.length - 1 - tail] == b[b.length - 1 - tail]) {
      partners[a.length - 1 - tail] = b.length - 1 - tail;
      tail++;
    }
    align(
        Arrays.copyOfRange(a, start, a.length - tail),
        Arrays.copyOfRange(b, start, b.length - tail),
        start,
        partners);
    return partners;
  }

  /**
   * Finds the fewest steps from (0, 0) to (n, m) in the grid of the two sequences, where steps
   * along the diagonal k = x - y are free if the elements are equal. {@code reach[k]} is how far d
   * other steps lead on diagonal k.
   */
  private static void align(int[] a, int[] b, int shift, int[] partners) {
    int max = Math.min(a.length + b.length, MAX_DIFFERENCES);
    int[] reach = new int[2 * max + 3];
    int zero = max + 1;
    List<int[]> history = new ArrayList<>();
    for (int d = 0; d <= max; d++) {
      history.add(Arrays.copyOfRange(reach, zero - d - 1, zero + d + 2));
      for (int k = -d; k <= d; k += 2) {
        boolean down = k == -d || (k != d && reach[zero + k - 1] < reach[zero + k + 1]);
        int x = down ? reach[zero + k + 1] : reach[zero + k - 1] + 1;
        int y = x - k;
        while (x < a.length && y < b.length && a[x] == b[y]) {
          x++;
          y++;
        }
        reach[zero + k] = x;
        if (x >= a.length && y >= b.length) {
          walkBack(history, a.length, b.length, shift, partners);
          return;
        }
      }
    }
  }

  private static void walkBack(List<int[]> history, int n, int m, int shift, int[] partners) {
    int x = n;
    int y = m;
    for (int d = history.size() - 1; d >= 0; d--) {
      int[] reach = history.get(d);
      int zero = d + 1;
      int k = x - y;
      boolean down = k == -d || (k != d && reach[zero + k - 1] < reach[zero + k + 1]);
      int fromK = down ? k + 1 : k - 1;
      int fromX = d == 0 ? 0 : reach[zero + fromK];
      int fromY = d == 0 ? 0 : fromX - fromK;
      while (x > fromX && y > fromY) {
        x--;
        y--;
        partners[x + shift] = y + shift;
      }
      x = fromX;
      y = fromY;
    }
  }
}
