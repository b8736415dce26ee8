package dev.sconce.text.internal.regex;

import dev.sconce.text.internal.unicode.CodePointRanges;
import dev.sconce.text.internal.unicode.UnicodeTables;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Which characters are the same when case is ignored. */
final class CaseFolding {

  private CaseFolding() {}

  /** Returns a set with everything that is the same as one of its members. */
  static CodePointRanges close(CodePointRanges set) {
    Set<Integer> added = new HashSet<>();
    for (Map.Entry<Integer, int[]> entry : UnicodeTables.get().map("onig.fold").entrySet()) {
      if (set.contains(entry.getKey())) {
        for (int other : entry.getValue()) {
          added.add(other);
        }
      }
    }
    return set.union(CodePointRanges.of(added.stream().mapToInt(Integer::intValue).toArray()));
  }

  /**
   * Rejects a literal of which two or more characters could match one (ss and ß, fi and ﬁ), or one
   * character several: Oniguruma matches across lengths there, which this engine does not.
   */
  static void check(CharSequence literal, PatternText in) throws RegexSyntaxException {
    String folded = fold(literal.toString());
    for (String sequence : Expansions.SEQUENCES) {
      if (folded.contains(sequence)) {
        throw in.error("a text that ignores case and has '" + sequence + "'");
      }
    }
  }

  private static String fold(String text) {
    return text.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
  }

  /** The sequences that one character folds to. */
  private static final class Expansions {
    private static final Set<String> SEQUENCES = sequences();

    private Expansions() {}

    private static Set<String> sequences() {
      Set<String> found = new HashSet<>();
      for (int c = 0x80; c < 0x10000; c++) {
        String upper = Character.toString(c).toUpperCase(Locale.ROOT);
        if (upper.codePointCount(0, upper.length()) > 1) {
          found.add(upper.toLowerCase(Locale.ROOT));
        }
      }
      return Set.copyOf(found);
    }
  }
}
