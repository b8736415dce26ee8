package dev.sconce.text.internal.model;

import dev.sconce.base.InvalidInputException;
import dev.sconce.text.internal.pipeline.Utf8;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** WordPiece: from the left always the longest token; a word that cannot be covered is unknown. */
public final class WordPieceModel implements Model {

  private final Vocabulary vocabulary;
  private final String unkToken;
  private final int unkId;
  private final int maxCharacters;
  private final ByteTrie trie;
  // Where in the trie the tokens begin that continue a word; -1 if there are none.
  private final int continuation;
  private final WordCache cache = new WordCache();

  /**
   * Creates a model.
   *
   * @param continuingPrefix what begins a token that continues a word
   * @param maxCharacters the number of characters above which a word is unknown
   */
  public WordPieceModel(
      Vocabulary vocabulary, String unkToken, String continuingPrefix, int maxCharacters) {
    this.vocabulary = vocabulary;
    this.unkToken = unkToken;
    this.unkId = vocabulary.id(unkToken);
    this.maxCharacters = maxCharacters;
    this.trie = new ByteTrie(vocabulary.size());
    vocabulary.ids().forEach(trie::put);
    byte[] prefix = continuingPrefix.getBytes(StandardCharsets.UTF_8);
    this.continuation = trie.walk(ByteTrie.ROOT, prefix, 0, prefix.length);
  }

  @Override
  public void tokenize(String text, int start, int end, TokenSink out) {
    int hash = WordCache.hash(text, start, end);
    WordCache.Entry entry = cache.get(text, start, end, hash);
    if (entry != null) {
      out.addBytes(text, start, end, entry.ids(), entry.ends(), entry.ascii(), vocabulary);
      return;
    }
    int[] ids = new int[Math.min(end - start, 256) + 1];
    int[] ends = new int[ids.length];
    int count = 0;
    byte[] bytes = new byte[(end - start) * 3];
    int length = Utf8.encode(text, start, end, bytes, 0);
    boolean known = text.codePointCount(start, end) <= maxCharacters;
    for (int at = 0; known && at < length; ) {
      int node = at == 0 ? ByteTrie.ROOT : continuation;
      int bestId = -1;
      int bestEnd = at;
      for (int i = at; i < length && node >= 0; i++) {
        node = trie.next(node, bytes[i]);
        if (trie.value(node) >= 0) {
          bestId = trie.value(node);
          bestEnd = i + 1;
        }
      }
      if (bestId < 0) {
        known = false;
        break;
      }
      if (count == ids.length) {
        ids = Arrays.copyOf(ids, count * 2);
        ends = Arrays.copyOf(ends, count * 2);
      }
      ids[count] = bestId;
      ends[count++] = bestEnd;
      at = bestEnd;
    }
    if (!known) {
      if (unkId < 0) {
        throw new InvalidInputException(
            "encode",
            "text",
            "words of the vocabulary, which lacks the unknown token '" + unkToken + "'",
            "another");
      }
      ids[0] = unkId;
      ends[0] = length;
      count = 1;
    }
    int[] exactIds = Arrays.copyOf(ids, count);
    int[] exactEnds = Arrays.copyOf(ends, count);
    boolean ascii = length == end - start;
    cache.put(text, start, end, hash, exactIds, exactEnds, ascii);
    out.addBytes(text, start, end, exactIds, exactEnds, ascii, vocabulary);
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
