package dev.sconce.text.internal.sentencepiece;

import dev.sconce.text.internal.model.ByteTrie;
import dev.sconce.text.internal.sentencepiece.SentencePieceFile.Kind;
import dev.sconce.text.internal.sentencepiece.SentencePieceFile.Piece;
import java.util.Arrays;
import java.util.List;

/**
 * The unigram model in SentencePiece's arithmetic: sums are rounded to float at every step, and a
 * user-defined piece scores better than any other split.
 */
final class UnigramSplitter implements SentencePieceModel.Splitter {

  private static final float UNKNOWN_PENALTY = 10f;

  private final List<Piece> pieces;
  private final int unkId;
  private final ByteTrie trie;
  private final float minScore;
  private final float maxScore;

  UnigramSplitter(SentencePieceFile file, int unkId) {
    this.pieces = file.pieces();
    this.unkId = unkId;
    this.trie = new ByteTrie(pieces.size());
    float min = Float.MAX_VALUE;
    // Not the largest score but at least the smallest positive float: so SentencePiece begins.
    float max = Float.MIN_NORMAL;
    for (int id = 0; id < pieces.size(); id++) {
      Piece piece = pieces.get(id);
      if (piece.kind() == Kind.NORMAL) {
        min = Math.min(min, piece.score());
        max = Math.max(max, piece.score());
      }
      if (piece.kind() == Kind.NORMAL || piece.kind() == Kind.USER_DEFINED) {
        trie.put(piece.text(), id);
      }
    }
    this.minScore = min;
    this.maxScore = max;
  }

  @Override
  public void split(byte[] utf8, SentencePieceModel.PartSink out) {
    int n = utf8.length;
    float[] best = new float[n + 1];
    int[] from = new int[n + 1];
    int[] ids = new int[n + 1];
    Arrays.fill(from, -1);
    float unknownScore = minScore - UNKNOWN_PENALTY;
    for (int at = 0; at < n; ) {
      float here = best[at];
      int width = Math.min(SentencePieceNormalizer.width(utf8[at]), n - at);
      boolean single = false;
      int node = ByteTrie.ROOT;
      for (int i = at; i < n; i++) {
        node = trie.next(node, utf8[i]);
        if (node < 0) {
          break;
        }
        int id = trie.value(node);
        if (id < 0) {
          continue;
        }
        int length = i + 1 - at;
        Piece piece = pieces.get(id);
        float score =
            piece.kind() == Kind.USER_DEFINED ? (float) (length * maxScore - 0.1) : piece.score();
        float candidate = score + here;
        if (from[i + 1] < 0 || candidate > best[i + 1]) {
          best[i + 1] = candidate;
          from[i + 1] = at;
          ids[i + 1] = id;
        }
        single |= length == width;
      }
      int next = at + width;
      if (!single) {
        float candidate = unknownScore + here;
        if (from[next] < 0 || candidate > best[next]) {
          best[next] = candidate;
          from[next] = at;
          ids[next] = unkId;
        }
      }
      at = next;
    }
    int[] ends = new int[n];
    int count = 0;
    for (int end = n; end > 0; end = from[end]) {
      ends[count++] = end;
    }
    while (count > 0) {
      int end = ends[--count];
      out.add(ids[end], end);
    }
  }
}
