package dev.sconce.cli.internal.diff;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class AlignmentTest {

  @Test
  void alignsALongestCommonSubsequence() {
    for (long seed = 0; seed < 500; seed++) {
      Random random = new Random(seed);
      int[] a = random.ints(random.nextInt(30), 0, 5).toArray();
      int[] b = random.ints(random.nextInt(30), 0, 5).toArray();
      int[] partners = Alignment.of(a, b);
      int pairs = 0;
      int last = -1;
      for (int i = 0; i < a.length; i++) {
        if (partners[i] != Alignment.NONE) {
          assertThat(b[partners[i]]).as("seed %d", seed).isEqualTo(a[i]);
          assertThat(partners[i]).as("seed %d", seed).isGreaterThan(last);
          last = partners[i];
          pairs++;
        }
      }
      assertThat(pairs).as("seed %d", seed).isEqualTo(longest(a, b));
    }
  }

  /** The textbook's table. */
  private static int longest(int[] a, int[] b) {
    int[][] table = new int[a.length + 1][b.length + 1];
    for (int i = 0; i < a.length; i++) {
      for (int k = 0; k < b.length; k++) {
        table[i + 1][k + 1] =
            a[i] == b[k] ? table[i][k] + 1 : Math.max(table[i][k + 1], table[i + 1][k]);
      }
    }
    return table[a.length][b.length];
  }

  @Test
  void keepsTheEndsOfLongSequencesThatHaveNothingElseInCommon() {
    int count = 100_000;
    int[] a = new int[count];
    int[] b = new int[count];
    for (int i = 0; i < count; i++) {
      a[i] = i;
      b[i] = -i;
    }
    a[count - 1] = 7;
    b[count - 1] = 7;
    int[] partners = Alignment.of(a, b);
    assertThat(partners[0]).isZero();
    assertThat(partners[count - 1]).isEqualTo(count - 1);
    assertThat(partners[1]).isEqualTo(Alignment.NONE);
  }
}
