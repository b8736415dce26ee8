package dev.sconce.text.internal.pretokenizer;

import dev.sconce.text.internal.pipeline.AlignedText;
import dev.sconce.text.internal.pipeline.Pieces;

/**
 * Splits into pieces of a fixed number of characters.
 *
 * @param length the number of code points of a piece, at least 1
 */
public record FixedLength(int length) implements PreTokenizer.PerPiece {

  @Override
  public void split(Pieces pieces, int i, Pieces out) {
    AlignedText text = pieces.text(i);
    String s = text.text();
    int end = pieces.end(i);
    for (int at = pieces.start(i); at < end; ) {
      int next = at;
      for (int k = 0; k < length && next < end; k++) {
        next += Character.charCount(s.codePointAt(next));
      }
      out.add(text, at, next);
      at = next;
    }
  }
}
