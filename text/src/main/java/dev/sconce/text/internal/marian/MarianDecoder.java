package dev.sconce.text.internal.marian;

import dev.sconce.text.internal.Engine;
import dev.sconce.text.internal.added.AddedVocabulary;
import dev.sconce.text.internal.decoder.TokenDecoder;
import dev.sconce.text.internal.model.Model;

/**
 * Decodes runs of pieces by a SentencePiece model; special tokens stand between them, each with a
 * space behind.
 */
record MarianDecoder(AddedVocabulary added, Model model, Engine pieces) implements TokenDecoder {

  private static final String SPACE_SYMBOL = "\u2581";

  @Override
  public String decode(int[] ids, boolean skipSpecialTokens) {
    StringBuilder out = new StringBuilder();
    StringBuilder run = new StringBuilder();
    for (int id : ids) {
      String token = model.token(id);
      if (token == null) {
        continue;
      }
      if (!added.isSpecial(token)) {
        append(token, run);
      } else if (!skipSpecialTokens) {
        out.append(run).append(token).append(' ');
        run.setLength(0);
      }
    }
    return out.append(run).toString().replace(SPACE_SYMBOL, " ").strip();
  }

  // The pieces' own model knows which are invisible; those it does not know stand for themselves.
  private void append(String token, StringBuilder run) {
    int id = pieces.model().id(token);
    if (id < 0) {
      run.append(token);
      return;
    }
    boolean first = run.isEmpty();
    String text = pieces.decoder().decode(new int[] {id}, true);
    boolean hadSpace = !first && token.startsWith(SPACE_SYMBOL);
    run.append(hadSpace ? " " : "").append(text);
  }
}
