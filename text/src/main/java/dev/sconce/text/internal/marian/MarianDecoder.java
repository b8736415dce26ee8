package dev.sconce.text.internal.marian;

import dev.sconce.text.internal.Engine;
import dev.sconce.text.internal.added.AddedVocabulary;
import dev.sconce.text.internal.decoder.TokenDecoder;
import dev.sconce.text.internal.model.Model;
import java.util.ArrayList;
import java.util.List;

/**
 * Decodes runs of pieces by a SentencePiece model; special tokens stand between them, each with a
 * space behind.
 */
record MarianDecoder(AddedVocabulary added, Model model, Engine pieces) implements TokenDecoder {

  private static final String SPACE_SYMBOL = "\u2581";

  @Override
  public String decode(int[] ids, boolean skipSpecialTokens) {
    StringBuilder out = new StringBuilder();
    Run run = new Run(pieces);
    for (int id : ids) {
      String token = model.token(id);
      if (token == null) {
        continue;
      }
      if (!added.isSpecial(token)) {
        run.add(token);
      } else if (!skipSpecialTokens) {
        out.append(run.end()).append(token).append(' ');
        run = new Run(pieces);
      }
    }
    return strip(out.append(run.end()).toString().replace(SPACE_SYMBOL, " "));
  }

  /** As Python strips, which takes no-break spaces, too. */
  private static String strip(String text) {
    int start = 0;
    int end = text.length();
    while (start < end && isSpace(text.charAt(start))) {
      start++;
    }
    while (end > start && isSpace(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(start, end);
  }

  private static boolean isSpace(char c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\u0085';
  }

  /**
   * What stands between special tokens. The pieces' own model knows which are invisible and which
   * are bytes; those it does not know stand for themselves.
   */
  private static final class Run {
    private final Engine pieces;
    private final StringBuilder text = new StringBuilder();
    private final List<Integer> known = new ArrayList<>();
    private boolean begun;
    private boolean spaceBefore;

    private Run(Engine pieces) {
      this.pieces = pieces;
    }

    private void add(String token) {
      int id = pieces.model().id(token);
      if (id < 0) {
        flush();
        text.append(token);
        begun = true;
        return;
      }
      if (known.isEmpty()) {
        // The model drops the space of its first piece, which only the first of a run does.
        spaceBefore = begun && token.startsWith(SPACE_SYMBOL);
      }
      known.add(id);
    }

    private void flush() {
      if (!known.isEmpty()) {
        int[] ids = known.stream().mapToInt(Integer::intValue).toArray();
        text.append(spaceBefore ? " " : "").append(pieces.decoder().decode(ids, true));
        known.clear();
        begun = true;
      }
    }

    private String end() {
      flush();
      return text.toString();
    }
  }
}
