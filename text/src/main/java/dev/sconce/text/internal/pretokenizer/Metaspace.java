package dev.sconce.text.internal.pretokenizer;

import dev.sconce.text.internal.normalizer.Prepend;
import dev.sconce.text.internal.normalizer.Replace;
import dev.sconce.text.internal.pipeline.AlignedText;
import dev.sconce.text.internal.pipeline.Pieces;
import dev.sconce.text.internal.regex.LiteralFinder;

/**
 * Replaces spaces by a visible character, puts one in front, and splits before each.
 *
 * @param replacement the visible character, one code point
 * @param scheme when to put one in front
 * @param split whether to split
 */
public record Metaspace(String replacement, Scheme scheme, boolean split)
    implements PreTokenizer.PerPiece {

  /** When the replacement is put in front of a piece that does not begin with it. */
  public enum Scheme {
    /** Only at the beginning of the text. */
    FIRST,
    /** Never. */
    NEVER,
    /** In front of every piece. */
    ALWAYS
  }

  @Override
  public void split(Pieces pieces, int i, Pieces out) {
    AlignedText text = new Replace(new LiteralFinder(" "), replacement).normalize(pieces.slice(i));
    boolean first = scheme == Scheme.FIRST && text.origin() == 0;
    if ((scheme == Scheme.ALWAYS || first) && !text.text().startsWith(replacement)) {
      text = Prepend.prepend(text, replacement);
    }
    Pieces whole = new Pieces();
    whole.add(text, 0, text.text().length());
    if (split) {
      new Split(new LiteralFinder(replacement), SplitBehavior.MERGED_WITH_NEXT, false)
          .split(whole, 0, out);
    } else {
      out.add(whole, 0);
    }
  }
}
