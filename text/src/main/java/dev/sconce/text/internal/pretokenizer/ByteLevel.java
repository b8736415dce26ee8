package dev.sconce.text.internal.pretokenizer;

import dev.sconce.text.internal.normalizer.Prepend;
import dev.sconce.text.internal.pipeline.AlignedText;
import dev.sconce.text.internal.pipeline.ByteAlphabet;
import dev.sconce.text.internal.pipeline.Pieces;
import dev.sconce.text.internal.regex.KnownPatterns;
import dev.sconce.text.internal.regex.MatchFinder;

/**
 * GPT-2's pre-tokenizer.
 *
 * @param addPrefixSpace whether a piece that does not begin with a space gets one
 * @param useRegex whether pieces are split by GPT-2's pattern
 * @param spell whether bytes are spelt by {@link ByteAlphabet}; a model that reads bytes does not
 *     need that
 */
public record ByteLevel(boolean addPrefixSpace, boolean useRegex, boolean spell)
    implements PreTokenizer.PerPiece {

  @Override
  public void split(Pieces pieces, int i, Pieces out) {
    AlignedText text = pieces.text(i);
    int start = pieces.start(i);
    int end = pieces.end(i);
    if (addPrefixSpace && text.text().charAt(start) != ' ') {
      text = Prepend.prepend(pieces.slice(i), " ");
      start = 0;
      end = text.text().length();
    }
    if (!useRegex) {
      add(text, start, end, out);
      return;
    }
    // The pattern matches everywhere: there is nothing between matches.
    MatchFinder.Cursor match = KnownPatterns.gpt2().matches(text.text(), start, end);
    while (match.next()) {
      add(text, match.start(), match.end(), out);
    }
  }

  private void add(AlignedText text, int start, int end, Pieces out) {
    if (spell) {
      AlignedText spelt = ByteAlphabet.spell(text.slice(start, end));
      out.add(spelt, 0, spelt.text().length());
    } else {
      out.add(text, start, end);
    }
  }
}
