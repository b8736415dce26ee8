package dev.sconce.text.internal.sentencepiece;

import dev.sconce.text.internal.model.ByteTrie;
import dev.sconce.text.internal.sentencepiece.SentencePieceFile.Kind;
import dev.sconce.text.internal.sentencepiece.SentencePieceFile.Piece;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * Pair merging in SentencePiece's manner: of all neighbours that together are a piece, those with
 * the best score merge first; what merged into an unused piece is taken apart again.
 */
final class BpeSplitter implements SentencePieceModel.Splitter {

  private final List<Piece> pieces;
  private final int unkId;
  private final ByteTrie trie;
  private final ByteTrie userDefined;

  BpeSplitter(SentencePieceFile file, int unkId, ByteTrie userDefined) {
    this.pieces = file.pieces();
    this.unkId = unkId;
    this.userDefined = userDefined;
    this.trie = new ByteTrie(pieces.size());
    for (int id = 0; id < pieces.size(); id++) {
      Kind kind = pieces.get(id).kind();
      if (kind == Kind.NORMAL || kind == Kind.USER_DEFINED || kind == Kind.UNUSED) {
        trie.put(pieces.get(id).text(), id);
      }
    }
  }

  @Override
  public void split(byte[] utf8, SentencePieceModel.PartSink out) {
    if (utf8.length > 0) {
      new Run(utf8).split(out);
    }
  }

  /** A pair that may merge: symbols by their first bytes, and where the right one ends. */
  private record Pair(int left, int right, int end, float score) implements Comparable<Pair> {
    @Override
    public int compareTo(Pair other) {
      int byScore = Float.compare(other.score, score);
      return byScore != 0 ? byScore : Integer.compare(left, other.left);
    }
  }

  /** One text; a symbol is named by the index of its first byte. */
  private final class Run {
    private final byte[] utf8;
    // Where a symbol ends; 0 where none begins. previous is -1 for the first symbol.
    private final int[] ends;
    private final int[] previous;
    private final boolean[] frozen;
    private final PriorityQueue<Pair> agenda = new PriorityQueue<>();
    // Where an unused piece, by start << 32 | end, was joined.
    private final Map<Long, Integer> joints = new HashMap<>();

    private Run(byte[] utf8) {
      this.utf8 = utf8;
      this.ends = new int[utf8.length + 1];
      this.previous = new int[utf8.length + 1];
      this.frozen = new boolean[utf8.length + 1];
      Arrays.fill(previous, -1);
    }

    private void split(SentencePieceModel.PartSink out) {
      int last = -1;
      for (int at = 0; at < utf8.length; at = ends[at]) {
        int literal = SentencePieceNormalizer.userDefinedPrefix(userDefined, utf8, at);
        frozen[at] = literal > 0;
        int width = SentencePieceNormalizer.width(utf8[at]);
        ends[at] = Math.min(at + (literal > 0 ? literal : width), utf8.length);
        previous[at] = last;
        last = at;
      }
      for (int at = ends[0]; at < utf8.length; at = ends[at]) {
        offer(previous[at], at);
      }
      while (!agenda.isEmpty()) {
        Pair pair = agenda.remove();
        if (ends[pair.left] == pair.right && ends[pair.right] == pair.end) {
          merge(pair);
        }
      }
      for (int at = 0; at < utf8.length; at = ends[at]) {
        emit(at, ends[at], out);
      }
    }

    private int find(int from, int to) {
      return trie.value(trie.walk(ByteTrie.ROOT, utf8, from, to));
    }

    private void offer(int left, int right) {
      if (left < 0 || right >= utf8.length || frozen[left] || frozen[right]) {
        return;
      }
      int id = find(left, ends[right]);
      if (id < 0) {
        return;
      }
      agenda.add(new Pair(left, right, ends[right], pieces.get(id).score()));
      if (pieces.get(id).kind() == Kind.UNUSED) {
        joints.put(key(left, ends[right]), right);
      }
    }

    private static long key(int from, int to) {
      return ((long) from << 32) | to;
    }

    private void merge(Pair pair) {
      ends[pair.left] = pair.end;
      ends[pair.right] = 0;
      if (pair.end < utf8.length) {
        previous[pair.end] = pair.left;
      }
      offer(previous[pair.left], pair.left);
      offer(pair.left, pair.end);
    }

    private void emit(int from, int to, SentencePieceModel.PartSink out) {
      int id = find(from, to);
      if (id >= 0 && pieces.get(id).kind() == Kind.UNUSED) {
        Integer joint = joints.get(key(from, to));
        if (joint != null) {
          emit(from, joint, out);
          emit(joint, to, out);
          return;
        }
      }
      out.add(id < 0 ? unkId : id, to);
    }
  }
}
