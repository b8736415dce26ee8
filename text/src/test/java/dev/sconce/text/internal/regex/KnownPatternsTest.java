package dev.sconce.text.internal.regex;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The hand-written scanners and the general engine find the same matches. */
class KnownPatternsTest {

  private static final int[][] BLOCKS = {
    {0x20, 0x7E},
    {0x20, 0x7E},
    {0x00, 0x1F},
    {0xA0, 0x24F},
    {0x300, 0x36F},
    {0x370, 0x4FF},
    {0x590, 0x6FF},
    {0x900, 0x97F},
    {0x1C80, 0x1CFF},
    {0x2000, 0x206F},
    {0x2150, 0x218F},
    {0x3000, 0x30FF},
    {0x4E00, 0x4FFF},
    {0x10400, 0x1044F},
    {0x1D400, 0x1D7FF},
    {0x1F300, 0x1F64F},
    {0, 0x10FFFF}
  };
  private static final String[] BITS = {
    "'s", "'S", "'\u017F", "'ll", "'LL", "'re", "'Ve", "''", " ", "  ", "\n", "\r\n", " \n ", "/",
    "1", "22", "333", "4444", "a", "B", "ab", "Ab", "aB", "\u01C5", "\u02B0", "\u00AA", "e\u0301",
    "\u0301", "!", "...", "$", "\u00A0"
  };

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int n = random.nextInt(12); n >= 0; n--) {
      if (random.nextInt(3) > 0) {
        text.append(BITS[random.nextInt(BITS.length)]);
      } else {
        int[] block = BLOCKS[random.nextInt(BLOCKS.length)];
        int c = block[0] + random.nextInt(block[1] - block[0] + 1);
        text.appendCodePoint(c >= 0xD800 && c <= 0xDFFF ? 'x' : c);
      }
    }
    return text.toString();
  }

  private static List<Integer> matches(MatchFinder finder, String text) {
    List<Integer> found = new ArrayList<>();
    MatchFinder.Cursor cursor = finder.matches(text, 0, text.length());
    while (cursor.next()) {
      found.add(cursor.start());
      found.add(cursor.end());
    }
    return found;
  }

  /** A scanner and the general engine for one pattern. */
  private record Both(MatchFinder scanner, MatchFinder general) {
    private static Both of(String pattern) throws RegexSyntaxException {
      Both both =
          new Both(
              Regex.finder(pattern, RegexFlavor.ONIGURUMA),
              Regex.general(pattern, RegexFlavor.ONIGURUMA));
      assertThat(both.scanner).isNotInstanceOf(Regex.class);
      return both;
    }

    private void compare(String text, String what) {
      List<Integer> got = matches(scanner, text);
      List<Integer> want = matches(general, text);
      if (!got.equals(want)) {
        assertThat(got).as("%s: '%s'", what, text).isEqualTo(want);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        KnownPatterns.GPT2,
        KnownPatterns.CL100K,
        KnownPatterns.QWEN2,
        KnownPatterns.DEEPSEEK,
      })
  void scannersAgreeWithTheGeneralEngine(String pattern) throws RegexSyntaxException {
    agrees(pattern);
  }

  @Test
  void casedScannersAgreeWithTheGeneralEngine() throws RegexSyntaxException {
    agrees(KnownPatterns.O200K);
    agrees(KnownPatterns.TEKKEN);
  }

  private static void agrees(String pattern) throws RegexSyntaxException {
    Both both = Both.of(pattern);
    for (int seed = 0; seed < 10_000; seed++) {
      both.compare(text(new Random(seed)), "seed " + seed);
    }
  }

  @Test
  void scannersAgreeOnEveryCodePoint() throws RegexSyntaxException {
    for (String pattern :
        new String[] {
          KnownPatterns.GPT2, KnownPatterns.CL100K, KnownPatterns.O200K, KnownPatterns.DEEPSEEK
        }) {
      Both both = Both.of(pattern);
      for (int block = 0; block < 0x110000; block += 64) {
        StringBuilder text = new StringBuilder();
        for (int c = block; c < block + 64; c++) {
          if (c < 0xD800 || c > 0xDFFF) {
            text.append(" a").appendCodePoint(c).append("'").appendCodePoint(c).append('1');
          }
        }
        both.compare(text.toString(), "block %x".formatted(block));
      }
    }
  }
}
