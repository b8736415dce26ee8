package dev.sconce.text;

import dev.sconce.base.InvalidInputException;
import java.util.Arrays;

/**
 * Decodes tokens as they are generated, and gives text only when its characters are complete.
 *
 * <p>What the parts add up to is what {@link Tokenizer#decode} gives for all tokens, once {@link
 * #flush} has been called. One stream is for one sequence and one thread.
 */
public final class DecodeStream {

  private static final char INCOMPLETE = '\uFFFD';

  private final Tokenizer tokenizer;
  private final boolean skipSpecialTokens;
  // The last tokens: those whose text was given out are kept as context for the next ones.
  private int[] ids = new int[16];
  private int size;
  private String prefix = "";
  private int prefixSize;

  DecodeStream(Tokenizer tokenizer, boolean skipSpecialTokens) {
    this.tokenizer = tokenizer;
    this.skipSpecialTokens = skipSpecialTokens;
  }

  /**
   * Takes the next token and returns the text that it completes; an empty one while it completes
   * nothing.
   *
   * @throws InvalidInputException if the token changes text that was given out before, as clean-up
   *     of spaces can
   */
  public String step(int id) {
    if (prefix.isEmpty() && size > 0) {
      String decoded = decode();
      if (!endsIncomplete(decoded)) {
        prefix = decoded;
        prefixSize = size;
      }
    }
    if (size == ids.length) {
      ids = Arrays.copyOf(ids, size * 2);
    }
    ids[size++] = id;
    String text = decode();
    if (bytes(text) <= bytes(prefix) || endsIncomplete(text)) {
      return "";
    }
    if (!text.startsWith(prefix)) {
      throw new InvalidInputException(
          "DecodeStream.step",
          "id",
          "a token that leaves the text '" + prefix + "' as it is",
          id + ", which changes it to '" + text + "'");
    }
    String added = text.substring(prefix.length());
    int kept = size - prefixSize;
    System.arraycopy(ids, prefixSize, ids, 0, kept);
    size = kept;
    prefix = decode();
    prefixSize = kept;
    return added;
  }

  /**
   * Returns the text that was still held back, with U+FFFD for incomplete characters, and begins
   * anew.
   */
  public String flush() {
    String text = decode();
    String rest = text.startsWith(prefix) ? text.substring(prefix.length()) : "";
    size = 0;
    prefix = "";
    prefixSize = 0;
    return rest;
  }

  private String decode() {
    return tokenizer.decode(Arrays.copyOf(ids, size), skipSpecialTokens);
  }

  private static boolean endsIncomplete(String text) {
    return !text.isEmpty() && text.charAt(text.length() - 1) == INCOMPLETE;
  }

  // The reference library compares lengths in bytes.
  private static int bytes(String text) {
    return dev.sconce.text.internal.pipeline.Utf8.length(text, 0, text.length());
  }
}
