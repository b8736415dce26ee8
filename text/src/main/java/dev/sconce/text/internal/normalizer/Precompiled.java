package dev.sconce.text.internal.normalizer;

import dev.sconce.text.internal.pipeline.AlignedText;
import dev.sconce.text.internal.pipeline.TextRewriter;
import dev.sconce.text.internal.pipeline.Utf8;
import dev.sconce.text.internal.sentencepiece.CharsMap;
import dev.sconce.text.internal.unicode.Graphemes;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Rewrites grapheme clusters by SentencePiece's table: a cluster of fewer than six bytes as a whole
 * if the table knows a beginning of it, otherwise character by character.
 */
public final class Precompiled implements Normalizer {

  private static final int WHOLE_CLUSTER_BYTES = 6;

  private final CharsMap map;
  private final Graphemes graphemes = new Graphemes();

  /** Creates a normalizer that uses a table. */
  public Precompiled(CharsMap map) {
    this.map = map;
  }

  @Override
  public AlignedText normalize(AlignedText text) {
    String s = text.text();
    Changes changes = new Changes(s.length());
    boolean changed = false;
    for (int i = 0; i < s.length(); ) {
      int end = graphemes.end(s, i);
      int first = s.codePointAt(i);
      boolean single = i + Character.charCount(first) == end;
      if (!single && Utf8.length(s, i, end) < WHOLE_CLUSTER_BYTES) {
        String whole = map.shortestPrefix(s, i, end);
        if (whole != null) {
          changes.replace(s.codePointCount(i, end), whole);
          changed = true;
          i = end;
          continue;
        }
      }
      while (i < end) {
        int c = s.codePointAt(i);
        int next = i + Character.charCount(c);
        @Nullable String part = map.shortestPrefix(s, i, next);
        if (part == null) {
          changes.put(c, 0);
        } else {
          changes.replace(1, part);
          changed = true;
        }
        i = next;
      }
    }
    return changed ? changes.apply(text) : text;
  }

  /** The characters of the new text with their changes; see {@link TextRewriter}. */
  private static final class Changes {
    private int[] codePoints;
    private int[] changes;
    private int size;

    private Changes(int length) {
      codePoints = new int[length + 16];
      changes = new int[length + 16];
    }

    private void put(int codePoint, int change) {
      if (size == codePoints.length) {
        codePoints = Arrays.copyOf(codePoints, size * 2);
        changes = Arrays.copyOf(changes, size * 2);
      }
      codePoints[size] = codePoint;
      changes[size++] = change;
    }

    // The first characters replace and those beyond the old number are insertions. What is left
    // over is dropped by the character before, which may belong to an earlier replacement.
    private void replace(int oldCount, String replacement) {
      int n = 0;
      for (int i = 0; i < replacement.length(); n++) {
        int c = replacement.codePointAt(i);
        put(c, n < oldCount ? 0 : 1);
        i += Character.charCount(c);
      }
      if (n < oldCount && size > 0) {
        changes[size - 1] += n - oldCount;
      }
    }

    private AlignedText apply(AlignedText text) {
      TextRewriter rewriter = new TextRewriter(text);
      for (int i = 0; i < size; i++) {
        rewriter.put(codePoints[i], changes[i]);
      }
      return rewriter.finish();
    }
  }
}
