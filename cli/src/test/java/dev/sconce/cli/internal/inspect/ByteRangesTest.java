package dev.sconce.cli.internal.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ByteRangesTest {

  @Test
  void agreesWithASetOfBits() {
    for (long seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      ByteRanges ranges = new ByteRanges();
      BitSet bits = new BitSet();
      for (int step = 0; step < 40; step++) {
        int start = random.nextInt(100);
        int end = start + 1 + random.nextInt(10);
        int set = bits.nextSetBit(start);
        assertThat(ranges.overlaps(start, end))
            .as("seed %d step %d", seed, step)
            .isEqualTo(set >= 0 && set < end);
        if (random.nextBoolean()) {
          ranges.add(start, end);
          bits.set(start, end);
        }
      }
    }
  }
}
