package dev.sconce.text.internal.regex;

/** Scans by {@link KnownPatterns#CL100K}, or {@link KnownPatterns#QWEN2} with single digits. */
final class Cl100kScanner extends Scanner {

  private final int maxDigits;

  Cl100kScanner(int maxDigits) {
    this.maxDigits = maxDigits;
  }

  @Override
  int match(String text, int at, int end) {
    int contraction = contractionOfAnyCase(text, at, end);
    if (contraction > 0) {
      return contraction;
    }
    int kind = classAt(text, at, end);
    if ((kind & LETTER) != 0) {
      return run(text, at, end, LETTER);
    }
    if ((kind & NUMBER) != 0) {
      return digits(text, at, end, maxDigits);
    }
    int next = at + width(text, at, end);
    if ((kind & LINE) == 0 && (classAt(text, next, end) & LETTER) != 0) {
      return run(text, next, end, LETTER);
    }
    int symbols = text.charAt(at) == ' ' ? at + 1 : at;
    int stop = runWithout(text, symbols, end, SPACE | LETTER | NUMBER);
    if (stop > symbols) {
      return run(text, stop, end, LINE);
    }
    return spacesAndLines(text, at, end);
  }
}
