package dev.sconce.text.internal.model;

import dev.sconce.text.internal.encoding.TokenRows;
import dev.sconce.text.internal.pipeline.AlignedText;
import dev.sconce.text.internal.pipeline.Utf8;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Collects tokens: ids, the parts of the text they stand for, and strings. */
public final class TokenSink {

  private int[] ids;
  private int[] starts;
  private int[] ends;
  private @Nullable String[] tokens;
  private int size;

  /** Creates an empty sink. */
  public TokenSink(int capacity) {
    int n = Math.max(capacity, 16);
    ids = new int[n];
    starts = new int[n];
    ends = new int[n];
    tokens = new String[n];
  }

  /** Adds a token that stands for a part of the text. */
  public void add(int id, int start, int end, @Nullable String token) {
    if (size == ids.length) {
      int n = size * 2;
      ids = Arrays.copyOf(ids, n);
      starts = Arrays.copyOf(starts, n);
      ends = Arrays.copyOf(ends, n);
      tokens = Arrays.copyOf(tokens, n);
    }
    ids[size] = id;
    starts[size] = start;
    ends[size] = end;
    tokens[size++] = token;
  }

  /**
   * Adds the tokens of a piece whose ends are counted in bytes of the piece's UTF-8 form.
   *
   * <p>A token that begins or ends inside a character stands for the whole character. Byte tokens
   * for a prefix or suffix that the model put on have no place in the piece; what then lies beyond
   * its end is kept as the complement of byte offsets, see {@link #align}.
   *
   * @param tokenIds the ids
   * @param byteEnds where each token ends; it begins where the one before ends
   * @param ascii whether the piece is ASCII, so that bytes are units
   * @param vocabulary gives the strings
   */
  void addBytes(
      String text,
      int start,
      int end,
      int[] tokenIds,
      int[] byteEnds,
      boolean ascii,
      Vocabulary vocabulary) {
    int count = tokenIds.length;
    int length = Utf8.length(text, start, end);
    ByteOffsets offsets = ascii ? null : new ByteOffsets(text, start, end);
    int from = 0;
    for (int i = 0; i < count; i++) {
      int to = byteEnds[i];
      String token = vocabulary.token(tokenIds[i]);
      if (to > length) {
        add(tokenIds[i], ~from, ~to, token);
      } else if (offsets == null) {
        add(tokenIds[i], start + from, start + to, token);
      } else {
        int unitStart = offsets.floor(from);
        add(tokenIds[i], unitStart, Math.max(unitStart, offsets.ceiling(to)), token);
      }
      from = to;
    }
  }

  /** Returns the number of tokens. */
  public int size() {
    return size;
  }

  /** Returns where the part of the text that a token stands for begins. */
  public int start(int i) {
    return starts[i];
  }

  /** Returns where the part of the text that a token stands for ends. */
  public int end(int i) {
    return ends[i];
  }

  /** Returns the string of a token. */
  public String token(int i) {
    String token = tokens[i];
    return token == null ? "" : token;
  }

  /**
   * Replaces the parts of a text, from a token on, by the parts of the original they came from.
   *
   * <p>Byte offsets beyond the end of a piece count from the beginning of the original, as they do
   * in the reference library.
   */
  public void align(int from, AlignedText text, String original) {
    for (int i = from; i < size; i++) {
      if (ends[i] < 0) {
        place(i, original);
        continue;
      }
      boolean empty = starts[i] >= ends[i];
      int start = empty ? text.origin() : text.start(starts[i]);
      ends[i] = empty ? start : text.end(ends[i] - 1);
      starts[i] = start;
    }
  }

  private void place(int i, String original) {
    int length = Utf8.length(original, 0, original.length());
    ByteOffsets offsets = new ByteOffsets(original, 0, original.length());
    int first = ~starts[i];
    int last = ~ends[i];
    starts[i] = offsets.floor(Math.min(first, length));
    // The character that holds the end is the end, but for the end of the text.
    ends[i] = last >= length ? original.length() : offsets.floor(last);
  }

  /** Returns the tokens as rows. */
  public TokenRows rows(int[] words, int typeId) {
    String[] strings = new String[size];
    for (int i = 0; i < size; i++) {
      String token = tokens[i];
      strings[i] = token == null ? "" : token;
    }
    return TokenRows.of(
        Arrays.copyOf(ids, size),
        strings,
        words,
        Arrays.copyOf(starts, size),
        Arrays.copyOf(ends, size),
        typeId);
  }
}
