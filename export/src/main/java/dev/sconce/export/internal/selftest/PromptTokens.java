package dev.sconce.export.internal.selftest;

import dev.sconce.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Tokens to ask a model with: of texts, or without a tokenizer, of the whole vocabulary. */
final class PromptTokens {

  private static final List<String> TEXTS =
      List.of(
          "Once upon a time, in the year 1984, there was a little town.",
          "translate English to German: The house is wonderful.",
          "The capital of France is",
          "def add(a, b):\n    return");
  private static final long STEP = 7919;

  private final Optional<Tokenizer> tokenizer;
  private final int vocabulary;

  /**
   * Creates a source of tokens.
   *
   * @param vocabulary how many tokens the model knows, which may be fewer than the tokenizer's
   */
  PromptTokens(Optional<Tokenizer> tokenizer, int vocabulary) {
    this.tokenizer = tokenizer;
    this.vocabulary = vocabulary;
  }

  /** Returns as many tokens as wanted; a text that is too short is gone through again. */
  long[] exactly(int count) {
    long[] text = prompts(count).getFirst();
    long[] tokens = new long[count];
    for (int i = 0; i < count; i++) {
      tokens[i] = text[i % text.length];
    }
    return tokens;
  }

  /** Returns several prompts of no more tokens than given. */
  List<long[]> prompts(int most) {
    List<long[]> prompts = new ArrayList<>();
    for (String text : TEXTS) {
      long[] tokens =
          tokenizer.isPresent()
              ? ofText(tokenizer.get(), text, most)
              : anywhere(most, prompts.size());
      if (tokens.length > 0) {
        prompts.add(tokens);
      }
    }
    return prompts.isEmpty() ? List.of(anywhere(most, 0)) : prompts;
  }

  /** The start of a text and, where the tokenizer puts one there, the special token at the end. */
  private long[] ofText(Tokenizer found, String text, int most) {
    int[] all = found.encode(text).ids();
    int without = found.encode(text, false).ids().length;
    int plain = found.encode("").ids().length;
    long[] tokens = new long[Math.min(most, all.length)];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = all[i] % vocabulary;
    }
    boolean endsSpecially = all.length > without && plain > 0 && all.length > tokens.length;
    if (endsSpecially && isSpecialAtEnd(found, all)) {
      tokens[tokens.length - 1] = all[all.length - 1] % vocabulary;
    }
    return tokens;
  }

  private static boolean isSpecialAtEnd(Tokenizer found, int[] all) {
    int[] empty = found.encode("").ids();
    return empty[empty.length - 1] == all[all.length - 1];
  }

  private long[] anywhere(int count, int start) {
    long[] tokens = new long[count];
    for (int i = 0; i < count; i++) {
      tokens[i] = (STEP * (i + 1) + start) % vocabulary;
    }
    return tokens;
  }
}
