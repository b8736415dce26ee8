package dev.sconce.generate;

import java.util.Arrays;

/** The tokens of one row, prompt included; rules read it, the search appends to it. */
public final class TokenRow {

  private final int prompt;
  private int[] ids;
  private int size;

  private TokenRow(int prompt, int[] ids, int size) {
    this.prompt = prompt;
    this.ids = ids;
    this.size = size;
  }

  /**
   * Returns a row that begins with the given tokens.
   *
   * @param prompt which prompt of the batch the row belongs to
   */
  public static TokenRow of(int prompt, int... ids) {
    return new TokenRow(prompt, ids.clone(), ids.length);
  }

  /** Returns which prompt of the batch the row belongs to. */
  public int prompt() {
    return prompt;
  }

  /** Returns the number of tokens. */
  public int size() {
    return size;
  }

  /** Returns the token at a position. */
  public int get(int position) {
    if (position < 0 || position >= size) {
      throw new IndexOutOfBoundsException(position + " of " + size);
    }
    return ids[position];
  }

  /** Returns the last token. */
  public int last() {
    return get(size - 1);
  }

  /** Returns the tokens from a position on. */
  public int[] toArray(int from) {
    return Arrays.copyOfRange(ids, from, size);
  }

  /** Appends a token. */
  public void append(int id) {
    if (size == ids.length) {
      ids = Arrays.copyOf(ids, Math.max(16, size * 2));
    }
    ids[size++] = id;
  }

  /** Returns a copy with one more token. */
  public TokenRow with(int id) {
    TokenRow copy = new TokenRow(prompt, Arrays.copyOf(ids, size + 1), size);
    copy.append(id);
    return copy;
  }

  @Override
  public String toString() {
    return Arrays.toString(toArray(0));
  }
}
