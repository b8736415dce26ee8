package dev.sconce.generate.internal.rule;

import dev.sconce.generate.TokenRow;

/** Looks for n-grams that the next token would complete. */
final class Ngrams {

  private Ngrams() {}

  /** Bans every token that follows the row's last {@code size - 1} tokens somewhere in a text. */
  static void ban(int[] text, TokenRow tokens, int size, float[] scores) {
    int start = tokens.size() + 1 - size;
    if (start < 0) {
      return;
    }
    for (int at = 0; at + size <= text.length; at++) {
      int matched = 0;
      while (matched < size - 1 && text[at + matched] == tokens.get(start + matched)) {
        matched++;
      }
      int next = text[at + size - 1];
      if (matched == size - 1 && next >= 0 && next < scores.length) {
        scores[next] = Scores.BANNED;
      }
    }
  }
}
