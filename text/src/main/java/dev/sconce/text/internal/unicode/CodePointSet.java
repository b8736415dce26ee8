package dev.sconce.text.internal.unicode;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** An immutable set of code points with a constant-time test: bits in shared blocks of 256. */
public final class CodePointSet {

  private static final int WORDS = 4;

  private final CodePointRanges ranges;
  // blockOf[codePoint >> 8] is the index of a block of four words in bits.
  private final char[] blockOf = new char[(Character.MAX_CODE_POINT + 1) >> 8];
  private final long[] bits;

  CodePointSet(CodePointRanges ranges) {
    this.ranges = ranges;
    int[] borders = ranges.borders();
    Map<Block, Integer> known = new HashMap<>();
    long[] all = new long[64 * WORDS];
    int blocks = 0;
    int next = 0;
    for (int b = 0; b < blockOf.length; b++) {
      int first = b << 8;
      long[] words = new long[WORDS];
      while (next < borders.length && borders[next + 1] <= first) {
        next += 2;
      }
      for (int r = next; r < borders.length && borders[r] < first + 256; r += 2) {
        int from = Math.max(borders[r], first) - first;
        int to = Math.min(borders[r + 1], first + 256) - first;
        for (int i = from; i < to; i++) {
          words[i >> 6] |= 1L << i;
        }
      }
      Integer id = known.putIfAbsent(new Block(words), blocks);
      if (id == null) {
        if ((blocks + 1) * WORDS > all.length) {
          all = Arrays.copyOf(all, all.length * 2);
        }
        System.arraycopy(words, 0, all, blocks * WORDS, WORDS);
        id = blocks++;
      }
      blockOf[b] = (char) (int) id;
    }
    this.bits = Arrays.copyOf(all, blocks * WORDS);
  }

  /** Returns whether a code point (0 to 10FFFF) is a member. */
  public boolean contains(int codePoint) {
    long word = bits[(blockOf[codePoint >> 8] << 2) + ((codePoint >> 6) & 3)];
    return ((word >>> codePoint) & 1) != 0;
  }

  /** Returns the same set as ranges. */
  public CodePointRanges ranges() {
    return ranges;
  }

  @SuppressWarnings("ArrayRecordComponent") // Compared by content below.
  private record Block(long[] words) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Block b && Arrays.equals(words, b.words);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(words);
    }
  }
}
