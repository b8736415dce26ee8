package dev.sconce.text.internal.postprocessor;

import dev.sconce.text.internal.encoding.TokenRows;
import dev.sconce.text.internal.pipeline.ByteAlphabet;
import dev.sconce.text.internal.unicode.CodePointSet;
import dev.sconce.text.internal.unicode.UnicodeTables;
import java.util.ArrayList;
import java.util.List;

/**
 * Leaves spaces out of offsets.
 *
 * @param trimOffsets whether it does so at all
 * @param addPrefixSpace whether the first space of the text was added and has no place in it
 */
public record ByteLevelProcessing(boolean trimOffsets, boolean addPrefixSpace)
    implements PostProcessor {

  @Override
  public int addedTokens(boolean pair) {
    return 0;
  }

  @Override
  public List<TokenRows> process(List<TokenRows> texts, boolean addSpecialTokens) {
    List<TokenRows> out = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      TokenRows rows = texts.get(i);
      if (trimOffsets) {
        rows = PostProcessor.mapAll(rows, part -> trim(part, addPrefixSpace));
      }
      out.add(rows);
    }
    return out;
  }

  /** Returns rows of which the offsets leave out the spaces that tokens begin and end with. */
  static TokenRows trim(TokenRows rows, boolean addPrefixSpace) {
    CodePointSet space = UnicodeTables.get().set("rust.whitespace");
    int[] starts = rows.starts().clone();
    int[] ends = rows.ends().clone();
    for (int i = 0; i < starts.length; i++) {
      String token = rows.tokens()[i];
      int length = token.length();
      int leading = 0;
      while (leading < length && isSpace(token.charAt(leading), space)) {
        leading++;
      }
      int trailing = 0;
      while (trailing < length && isSpace(token.charAt(length - 1 - trailing), space)) {
        trailing++;
      }
      if (leading > 0) {
        boolean first = i == 0 || starts[i] == 0;
        int skipped = first && addPrefixSpace && leading == 1 ? 0 : leading;
        starts[i] = Math.min(starts[i] + skipped, ends[i]);
      }
      if (trailing > 0 && ends[i] >= trailing) {
        ends[i] = Math.max(ends[i] - trailing, starts[i]);
      }
    }
    return rows.withOffsets(starts, ends);
  }

  private static boolean isSpace(char c, CodePointSet space) {
    return c == ByteAlphabet.character(' ') || space.contains(c);
  }
}
