package dev.sconce.text.internal.regex;

/** Scans by {@link KnownPatterns#DEEPSEEK}. */
final class DeepSeekScanner extends Scanner {

  @Override
  int match(String text, int at, int end) {
    char c = text.charAt(at);
    if (c < 0x80 && (classes[c] & PUNCTUATION) != 0) {
      int letters = at + 1;
      while (letters < end && isAsciiLetter(text.charAt(letters))) {
        letters++;
      }
      if (letters > at + 1) {
        return letters;
      }
    }
    int kind = classAt(text, at, end);
    if ((kind & (LETTER | MARK)) != 0) {
      return run(text, at, end, LETTER | MARK);
    }
    int next = at + width(text, at, end);
    if ((kind & (LINE | PUNCTUATION)) == 0 && (classAt(text, next, end) & (LETTER | MARK)) != 0) {
      return run(text, next, end, LETTER | MARK);
    }
    int symbols = c == ' ' ? at + 1 : at;
    int stop = run(text, symbols, end, PUNCTUATION);
    if (stop > symbols) {
      return run(text, stop, end, LINE);
    }
    return (kind & SPACE) != 0 ? spacesAndLines(text, at, end) : at;
  }

  private static boolean isAsciiLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }
}
