package dev.sconce.text.internal.normalizer;

import dev.sconce.text.internal.pipeline.AlignedText;
import dev.sconce.text.internal.pipeline.TextRewriter;

/**
 * Puts a text in front of any text that is not empty.
 *
 * @param prefix the text to put in front
 */
public record Prepend(String prefix) implements Normalizer {

  @Override
  public AlignedText normalize(AlignedText text) {
    return prepend(text, prefix);
  }

  /** Returns a text with a prefix, which is aligned with the first character. */
  public static AlignedText prepend(AlignedText text, String prefix) {
    String s = text.text();
    if (s.isEmpty() || prefix.isEmpty()) {
      return text;
    }
    TextRewriter rewriter = new TextRewriter(text);
    int[] added = prefix.codePoints().toArray();
    for (int i = 0; i < added.length; i++) {
      rewriter.put(added[i], i == 0 ? 0 : 1);
    }
    int first = s.codePointAt(0);
    rewriter.put(first, 1);
    rewriter.copyTo(s.length());
    return rewriter.finish();
  }
}
