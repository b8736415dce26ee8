package dev.sconce.text.internal.pretokenizer;

import dev.sconce.text.internal.pipeline.AlignedText;
import dev.sconce.text.internal.pipeline.Pieces;
import dev.sconce.text.internal.regex.MatchFinder;

/**
 * Splits at the matches of a pattern.
 *
 * @param pattern what the delimiters match
 * @param behavior what becomes of delimiters
 * @param invert whether the text between matches is the delimiter
 */
public record Split(MatchFinder pattern, SplitBehavior behavior, boolean invert)
    implements PreTokenizer.PerPiece {

  @Override
  public void split(Pieces pieces, int i, Pieces out) {
    AlignedText text = pieces.text(i);
    int begin = pieces.start(i);
    int end = pieces.end(i);
    MatchFinder.Cursor match = pattern.matches(text.text(), begin, end);
    Merger merger = new Merger(behavior, text, out);
    int at = begin;
    while (match.next()) {
      if (match.start() > at) {
        merger.add(at, match.start(), invert);
      }
      merger.add(match.start(), match.end(), !invert);
      at = match.end();
    }
    if (at < end) {
      merger.add(at, end, invert);
    }
    merger.finish();
  }

  /** Joins spans with their delimiters while they arrive. */
  private static final class Merger {
    private final SplitBehavior behavior;
    private final AlignedText text;
    private final Pieces out;
    private int start = -1;
    private int end;
    // Whether the span that arrived last was a delimiter; for MERGED_WITH_NEXT, whether the held
    // span is a delimiter that still waits for what follows.
    private boolean delimiterBefore;

    private Merger(SplitBehavior behavior, AlignedText text, Pieces out) {
      this.behavior = behavior;
      this.text = text;
      this.out = out;
    }

    private void add(int from, int to, boolean delimiter) {
      switch (behavior) {
        case REMOVED -> {
          if (!delimiter) {
            out.add(text, from, to);
          }
        }
        case ISOLATED -> out.add(text, from, to);
        case CONTIGUOUS -> join(from, to, delimiter == delimiterBefore);
        case MERGED_WITH_PREVIOUS -> join(from, to, delimiter && !delimiterBefore);
        case MERGED_WITH_NEXT -> join(from, to, delimiterBefore && !delimiter);
      }
      delimiterBefore = delimiter;
    }

    private void join(int from, int to, boolean joins) {
      if (joins && start >= 0) {
        end = to;
        return;
      }
      flush();
      start = from;
      end = to;
    }

    private void flush() {
      if (start >= 0) {
        out.add(text, start, end);
      }
    }

    private void finish() {
      flush();
    }
  }
}
