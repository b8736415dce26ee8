package dev.sconce.text.internal.pipeline;

import java.util.Arrays;

/** The pieces that a text is split into: parts of aligned texts, some of them tokens already. */
public final class Pieces {

  /** The id of a piece that is still to be tokenized. */
  public static final int NO_TOKEN = -1;

  private AlignedText[] texts;
  private int[] starts;
  private int[] ends;
  private int[] tokens;
  private int size;

  /** Creates an empty list. */
  public Pieces() {
    this(16);
  }

  private Pieces(int capacity) {
    texts = new AlignedText[capacity];
    starts = new int[capacity];
    ends = new int[capacity];
    tokens = new int[capacity];
  }

  /** Returns the number of pieces. */
  public int size() {
    return size;
  }

  /** Returns the text that a piece is part of. */
  public AlignedText text(int i) {
    return texts[i];
  }

  /** Returns where a piece begins in its text. */
  public int start(int i) {
    return starts[i];
  }

  /** Returns where a piece ends in its text. */
  public int end(int i) {
    return ends[i];
  }

  /** Returns the id of the added token that a piece is, or {@link #NO_TOKEN}. */
  public int token(int i) {
    return tokens[i];
  }

  /** Returns a piece as a text of its own. */
  public AlignedText slice(int i) {
    return texts[i].slice(starts[i], ends[i]);
  }

  /** Adds a piece; an empty one is left out. */
  public void add(AlignedText text, int start, int end, int token) {
    if (start >= end) {
      return;
    }
    if (size == starts.length) {
      int capacity = size * 2;
      texts = Arrays.copyOf(texts, capacity);
      starts = Arrays.copyOf(starts, capacity);
      ends = Arrays.copyOf(ends, capacity);
      tokens = Arrays.copyOf(tokens, capacity);
    }
    texts[size] = text;
    starts[size] = start;
    ends[size] = end;
    tokens[size++] = token;
  }

  /** Adds a piece that is still to be tokenized. */
  public void add(AlignedText text, int start, int end) {
    add(text, start, end, NO_TOKEN);
  }

  /** Adds a piece of another list. */
  public void add(Pieces other, int i) {
    add(other.texts[i], other.starts[i], other.ends[i], other.tokens[i]);
  }
}
