package dev.sconce.text.internal.marian;

import dev.sconce.text.internal.model.Model;
import dev.sconce.text.internal.model.TokenSink;
import dev.sconce.text.internal.model.Vocabulary;
import dev.sconce.text.internal.normalizer.Normalizer;
import dev.sconce.text.internal.pipeline.AlignedText;
import org.jspecify.annotations.Nullable;

/**
 * Pieces of a SentencePiece model, looked up in a vocabulary that source and target share. A text
 * may begin with a language code, {@code >>fra<<}, which is one token.
 */
public final class MarianModel implements Model {

  private final Normalizer normalizer;
  private final Model pieces;
  private final Vocabulary vocabulary;
  private final int unkId;

  MarianModel(Normalizer normalizer, Model pieces, Vocabulary vocabulary, int unkId) {
    this.normalizer = normalizer;
    this.pieces = pieces;
    this.vocabulary = vocabulary;
    this.unkId = unkId;
  }

  @Override
  public void tokenize(String text, int start, int end, TokenSink out) {
    int from = start;
    if (text.startsWith(">>", start)) {
      int close = text.indexOf("<<", start, end);
      if (close >= 0) {
        from = close + 2;
        add(text.substring(start, from), start, from, out);
      }
    }
    AlignedText rest = normalizer.normalize(AlignedText.original(text).slice(from, end));
    if (rest.text().isEmpty()) {
      return;
    }
    TokenSink inner = new TokenSink(16);
    pieces.tokenize(rest.text(), 0, rest.text().length(), inner);
    inner.align(0, rest, text);
    for (int i = 0; i < inner.size(); i++) {
      add(inner.token(i), inner.start(i), inner.end(i), out);
    }
  }

  private void add(String piece, int start, int end, TokenSink out) {
    int id = vocabulary.id(piece);
    out.add(id < 0 ? unkId : id, start, end, piece);
  }

  @Override
  public int id(String token) {
    return vocabulary.id(token);
  }

  @Override
  public @Nullable String token(int id) {
    return vocabulary.token(id);
  }

  @Override
  public int size() {
    return vocabulary.size();
  }
}
