package dev.sconce.text.internal.model;

import dev.sconce.base.InvalidInputException;
import dev.sconce.text.internal.pipeline.Utf8;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The unigram language model: the split of a word whose scores sum highest, found by Viterbi's
 * algorithm over the bytes of its UTF-8 form.
 */
public final class UnigramModel implements Model {

  // An unknown character costs this much more than the worst token.
  private static final double UNKNOWN_PENALTY = 10.0;

  private final Vocabulary vocabulary;
  private final double[] scores;
  private final int unkId;
  private final boolean byteFallback;
  private final double unknownScore;
  private final ByteTrie trie;
  private final int[] byteTokens = new int[256];
  private final WordCache cache = new WordCache();

  /**
   * Creates a model.
   *
   * @param vocabulary the tokens, whose ids are their places
   * @param scores the tokens' log-probabilities
   * @param unkId the unknown token, or -1 if the vocabulary has none
   * @param byteFallback whether an unknown text becomes tokens {@code <0x00>} to {@code <0xFF>}
   */
  public UnigramModel(Vocabulary vocabulary, double[] scores, int unkId, boolean byteFallback) {
    this.vocabulary = vocabulary;
    this.scores = scores;
    this.unkId = unkId;
    this.byteFallback = byteFallback;
    this.unknownScore =
        Arrays.stream(scores).min().orElse(Double.POSITIVE_INFINITY) - UNKNOWN_PENALTY;
    this.trie = new ByteTrie(vocabulary.size());
    for (int id = 0; id < scores.length; id++) {
      String token = vocabulary.token(id);
      if (token != null) {
        trie.put(token, id);
      }
    }
    for (int b = 0; b < 256; b++) {
      byteTokens[b] = vocabulary.id("<0x%02X>".formatted(b));
    }
  }

  @Override
  public void tokenize(String text, int start, int end, TokenSink out) {
    int hash = WordCache.hash(text, start, end);
    WordCache.Entry entry = cache.get(text, start, end, hash);
    int[] ids;
    int[] ends;
    if (entry != null) {
      ids = entry.ids();
      ends = entry.ends();
    } else {
      byte[] bytes = new byte[(end - start) * 3];
      int length = Utf8.encode(text, start, end, bytes, 0);
      Tokens tokens = best(bytes, length);
      ids = tokens.ids();
      ends = tokens.ends();
      cache.put(text, start, end, hash, ids, ends, length == end - start);
    }
    ByteOffsets offsets = new ByteOffsets(text, start, end);
    int from = start;
    for (int i = 0; i < ids.length; i++) {
      if (ids[i] >= 0) {
        int to = offsets.floor(ends[i]);
        out.add(
            ids[i],
            from,
            to,
            ids[i] == unkId ? text.substring(from, to) : vocabulary.token(ids[i]));
        from = to;
      } else {
        // A run of byte tokens, of which each stands for the whole unknown text.
        int to = offsets.floor(ends[i]);
        int last = i;
        while (last + 1 < ids.length && ids[last + 1] < 0 && ends[last + 1] == ends[i]) {
          last++;
        }
        for (; i < last; i++) {
          out.add(~ids[i], from, to, vocabulary.token(~ids[i]));
        }
        out.add(~ids[i], from, to, vocabulary.token(~ids[i]));
        from = to;
      }
    }
  }

  /**
   * Tokens with their ends in bytes; a byte token is the complement of its id, and its end that of
   * the unknown text.
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Tokens(int[] ids, int[] ends) {}

  private Tokens best(byte[] bytes, int length) {
    double[] best = new double[length + 1];
    int[] from = new int[length + 1];
    int[] token = new int[length + 1];
    Arrays.fill(from, -1);
    for (int at = 0; at < length; ) {
      int width = width(bytes[at]);
      double here = best[at];
      boolean single = false;
      int node = ByteTrie.ROOT;
      for (int i = at; i < length; i++) {
        node = trie.next(node, bytes[i]);
        if (node < 0) {
          break;
        }
        int id = trie.value(node);
        if (id >= 0) {
          double score = scores[id] + here;
          if (from[i + 1] < 0 || score > best[i + 1]) {
            best[i + 1] = score;
            from[i + 1] = at;
            token[i + 1] = id;
          }
          single |= i + 1 - at == width;
        }
      }
      int next = at + width;
      if (!single) {
        double score = unknownScore + here;
        if (from[next] < 0 || score > best[next]) {
          if (unkId < 0) {
            throw new InvalidInputException(
                "encode",
                "text",
                "characters of the vocabulary, which has no unknown token",
                "others");
          }
          best[next] = score;
          from[next] = at;
          token[next] = unkId;
        }
      }
      at = next;
    }
    return collect(bytes, length, from, token);
  }

  // Follows the best path back to front; neighbouring unknown tokens are one.
  private Tokens collect(byte[] bytes, int length, int[] from, int[] token) {
    int[] ids = new int[length];
    int[] ends = new int[length];
    int n = 0;
    for (int end = length; end > 0; ) {
      int start = from[end];
      int id = token[end];
      if (id != unkId) {
        ids[n] = id;
        ends[n++] = end;
        end = start;
        continue;
      }
      while (start > 0 && token[start] == unkId) {
        start = from[start];
      }
      int known = trie.value(trie.walk(ByteTrie.ROOT, bytes, start, end));
      if (known < 0 && byteFallback && haveBytes(bytes, start, end)) {
        for (int i = end - 1; i >= start; i--) {
          ids[n] = ~byteTokens[bytes[i] & 0xFF];
          ends[n++] = end;
        }
      } else {
        ids[n] = known >= 0 ? known : unkId;
        ends[n++] = end;
      }
      end = start;
    }
    int[] orderedIds = new int[n];
    int[] orderedEnds = new int[n];
    for (int i = 0; i < n; i++) {
      orderedIds[i] = ids[n - 1 - i];
      orderedEnds[i] = ends[n - 1 - i];
    }
    return new Tokens(orderedIds, orderedEnds);
  }

  private boolean haveBytes(byte[] bytes, int start, int end) {
    for (int i = start; i < end; i++) {
      if (byteTokens[bytes[i] & 0xFF] < 0) {
        return false;
      }
    }
    return true;
  }

  private static int width(byte lead) {
    return lead >= 0 ? 1 : (lead & 0xE0) == 0xC0 ? 2 : (lead & 0xF0) == 0xE0 ? 3 : 4;
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
    return scores.length;
  }
}
