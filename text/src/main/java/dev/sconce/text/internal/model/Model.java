package dev.sconce.text.internal.model;

import dev.sconce.text.internal.marian.MarianModel;
import dev.sconce.text.internal.sentencepiece.SentencePieceModel;
import org.jspecify.annotations.Nullable;

/** Turns one piece of text into tokens. Immutable but for caches, and safe to share. */
public sealed interface Model
    permits BpeModel,
        MarianModel,
        SentencePieceModel,
        UnigramModel,
        WordLevelModel,
        WordPieceModel {

  /**
   * Adds the tokens of a piece.
   *
   * @param text the text, well-formed UTF-16, that the piece is part of
   * @param start where the piece begins
   * @param end where it ends, after {@code start}
   */
  void tokenize(String text, int start, int end, TokenSink out);

  /** Returns the id of a token, or -1. */
  int id(String token);

  /** Returns the token of an id, or null. */
  @Nullable String token(int id);

  /** Returns the number of tokens. */
  int size();
}
