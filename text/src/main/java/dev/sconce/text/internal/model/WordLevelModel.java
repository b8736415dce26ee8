package dev.sconce.text.internal.model;

import dev.sconce.base.InvalidInputException;
import org.jspecify.annotations.Nullable;

/** One token for each word. */
public final class WordLevelModel implements Model {

  private final Vocabulary vocabulary;
  private final String unkToken;
  private final int unkId;

  /** Creates a model. */
  public WordLevelModel(Vocabulary vocabulary, String unkToken) {
    this.vocabulary = vocabulary;
    this.unkToken = unkToken;
    this.unkId = vocabulary.id(unkToken);
  }

  @Override
  public void tokenize(String text, int start, int end, TokenSink out) {
    String word = text.substring(start, end);
    int id = vocabulary.id(word);
    if (id >= 0) {
      out.add(id, start, end, word);
    } else if (unkId >= 0) {
      out.add(unkId, start, end, unkToken);
    } else {
      throw new InvalidInputException(
          "encode",
          "text",
          "words of the vocabulary, which lacks the unknown token '" + unkToken + "'",
          "another");
    }
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
