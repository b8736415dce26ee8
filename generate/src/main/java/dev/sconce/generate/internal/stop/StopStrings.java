package dev.sconce.generate.internal.stop;

import dev.sconce.generate.StopRule;
import dev.sconce.generate.TokenRow;
import java.util.Arrays;
import java.util.List;

/** Ends a row whose last token completes a string; the string may begin in earlier tokens. */
public final class StopStrings implements StopRule {

  private final List<byte[]> strings;
  private final List<byte[]> tokenTexts;
  private final int longest;

  /** Creates a rule over strings and the texts of the tokens, both in UTF-8. */
  public StopStrings(List<byte[]> strings, List<byte[]> tokenTexts) {
    this.strings = List.copyOf(strings);
    this.tokenTexts = List.copyOf(tokenTexts);
    this.longest = strings.stream().mapToInt(text -> text.length).max().orElse(0);
  }

  @Override
  public boolean stops(TokenRow tokens) {
    byte[] last = text(tokens.last());
    byte[] tail = tail(tokens);
    for (byte[] string : strings) {
      // The string ends inside the last token: after its first byte at the earliest.
      int firstEnd = tail.length - last.length + 1;
      for (int end = Math.max(firstEnd, string.length); end <= tail.length; end++) {
        if (Arrays.equals(tail, end - string.length, end, string, 0, string.length)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Returns the text of the last tokens, enough for the longest string before the last token. */
  private byte[] tail(TokenRow tokens) {
    int first = tokens.size() - 1;
    int length = text(tokens.last()).length;
    int wanted = length + longest - 1;
    // No more tokens than the longest string has bytes are looked at, as in transformers.
    while (first > 0 && length < wanted && tokens.size() - first < longest) {
      length += text(tokens.get(--first)).length;
    }
    byte[] tail = new byte[length];
    int at = 0;
    for (int i = first; i < tokens.size(); i++) {
      byte[] text = text(tokens.get(i));
      System.arraycopy(text, 0, tail, at, text.length);
      at += text.length;
    }
    return tail;
  }

  private byte[] text(int id) {
    return id >= 0 && id < tokenTexts.size() ? tokenTexts.get(id) : new byte[0];
  }
}
