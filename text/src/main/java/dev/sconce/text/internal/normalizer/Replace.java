package dev.sconce.text.internal.normalizer;

import dev.sconce.text.internal.pipeline.AlignedText;
import dev.sconce.text.internal.pipeline.TextRewriter;
import dev.sconce.text.internal.regex.MatchFinder;

/**
 * Replaces every match of a pattern.
 *
 * @param pattern what to look for
 * @param content what to put in its place, literally
 */
public record Replace(MatchFinder pattern, String content) implements Normalizer {

  @Override
  public AlignedText normalize(AlignedText text) {
    String s = text.text();
    if (s.isEmpty()) {
      return text;
    }
    MatchFinder.Cursor match = pattern.matches(s, 0, s.length());
    if (!match.next()) {
      return text;
    }
    int[] added = content.codePoints().toArray();
    TextRewriter rewriter = new TextRewriter(text);
    do {
      rewriter.copyTo(match.start());
      rewriter.skipTo(match.end());
      for (int c : added) {
        rewriter.put(c, 1);
      }
    } while (match.next());
    rewriter.copyTo(s.length());
    return rewriter.finish();
  }

  /** Returns a plain text with every match replaced. */
  public String apply(String s) {
    MatchFinder.Cursor match = pattern.matches(s, 0, s.length());
    if (s.isEmpty() || !match.next()) {
      return s;
    }
    StringBuilder out = new StringBuilder(s.length());
    int at = 0;
    do {
      out.append(s, at, match.start()).append(content);
      at = match.end();
    } while (match.next());
    return out.append(s, at, s.length()).toString();
  }
}
