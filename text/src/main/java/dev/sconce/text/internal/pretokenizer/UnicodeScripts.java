package dev.sconce.text.internal.pretokenizer;

import dev.sconce.text.internal.pipeline.AlignedText;
import dev.sconce.text.internal.pipeline.Pieces;
import dev.sconce.text.internal.unicode.CodePointTable;
import dev.sconce.text.internal.unicode.UnicodeTables;

/** Splits where the script changes; a space and other neutral characters belong to any script. */
public record UnicodeScripts() implements PreTokenizer.PerPiece {

  private static final int ANY = 0;

  @Override
  public void split(Pieces pieces, int i, Pieces out) {
    CodePointTable scripts = UnicodeTables.get().table("scripts");
    AlignedText text = pieces.text(i);
    String s = text.text();
    int start = pieces.start(i);
    int end = pieces.end(i);
    // In the reference library a piece begins at a script, so neutral characters in front of the
    // first one are lost.
    int last = -1;
    int from = -1;
    for (int at = start; at < end; ) {
      int c = s.codePointAt(at);
      int script = scripts.get(c);
      if (script != ANY && script != last) {
        if (from >= 0) {
          out.add(text, from, at);
        }
        from = at;
      }
      if (script != ANY) {
        last = script;
      }
      at += Character.charCount(c);
    }
    if (from >= 0) {
      out.add(text, from, end);
    }
  }
}
