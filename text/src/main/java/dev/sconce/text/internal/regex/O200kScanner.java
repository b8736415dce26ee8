package dev.sconce.text.internal.regex;

/** Scans by {@link KnownPatterns#O200K}, or {@link KnownPatterns#TEKKEN} without contractions. */
final class O200kScanner extends Scanner {

  private final boolean contractions;
  private final int maxDigits;

  O200kScanner(boolean contractions, int maxDigits) {
    this.contractions = contractions;
    this.maxDigits = maxDigits;
  }

  @Override
  int match(String text, int at, int end) {
    int kind = classAt(text, at, end);
    boolean leads = (kind & (LETTER | NUMBER | LINE)) == 0;
    int next = at + width(text, at, end);
    // Both alternatives try first with a leading character, then without.
    int word = leads ? endingSmall(text, next, end) : -1;
    word = word < 0 ? endingSmall(text, at, end) : word;
    word = word < 0 && leads ? beginningCapital(text, next, end) : word;
    word = word < 0 ? beginningCapital(text, at, end) : word;
    if (word >= 0) {
      int contraction = contractions ? contractionOfAnyCase(text, word, end) : 0;
      return Math.max(word, contraction);
    }
    if ((kind & NUMBER) != 0) {
      return digits(text, at, end, maxDigits);
    }
    int symbols = text.charAt(at) == ' ' ? at + 1 : at;
    int stop = runWithout(text, symbols, end, SPACE | LETTER | NUMBER);
    if (stop > symbols) {
      while (stop < end && (text.charAt(stop) == '/' || (classAt(text, stop, end) & LINE) != 0)) {
        stop++;
      }
      return stop;
    }
    return spacesAndLines(text, at, end);
  }

  /** {@code [UPPER]*[LOWER]+}: where it ends, or -1. */
  private int endingSmall(String text, int from, int end) {
    int stop = run(text, from, end, UPPER);
    int small = run(text, stop, end, LOWER);
    if (small > stop) {
      return small;
    }
    // The capitals give back up to the last character that is also of the small class.
    for (int at = stop; at > from; ) {
      int previous =
          Character.isLowSurrogate(text.charAt(at - 1)) && at - 1 > from ? at - 2 : at - 1;
      if ((classAt(text, previous, end) & LOWER) != 0) {
        return at;
      }
      at = previous;
    }
    return -1;
  }

  /** {@code [UPPER]+[LOWER]*}: where it ends, or -1. */
  private int beginningCapital(String text, int from, int end) {
    int stop = run(text, from, end, UPPER);
    return stop == from ? -1 : run(text, stop, end, LOWER);
  }
}
