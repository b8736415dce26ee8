package dev.sconce.text.internal.regex;

/** Scans by {@link KnownPatterns#GPT2}. */
final class Gpt2Scanner extends Scanner {

  @Override
  int match(String text, int at, int end) {
    char c = text.charAt(at);
    if (c == '\'') {
      int contraction = contraction(text, at, end);
      if (contraction > 0) {
        return contraction;
      }
    }
    int word = c == ' ' ? at + 1 : at;
    int kind = classAt(text, word, end);
    if ((kind & LETTER) != 0) {
      return run(text, word, end, LETTER);
    }
    if ((kind & NUMBER) != 0) {
      return run(text, word, end, NUMBER);
    }
    if (word < end && (kind & SPACE) == 0) {
      return runWithout(text, word, end, SPACE | LETTER | NUMBER);
    }
    return spaces(text, at, end);
  }
}
