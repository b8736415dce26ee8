package dev.sconce.text.internal.encoding;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The columns of an encoding while post-processors work on it; offsets are in code points, as the
 * reference library counts them when it trims.
 *
 * <p>Rows are values: methods return new ones and never change the arrays of another.
 *
 * @param ids the tokens
 * @param typeIds the segments that models tell apart
 * @param tokens the tokens' strings
 * @param words the index of the word that a token is part of, or -1
 * @param starts where the part of the original that a token stands for begins
 * @param ends where it ends
 * @param special 1 for tokens that a post-processor added
 * @param attention 1 for tokens that count, 0 for padding
 * @param sequences 0 or 1 for the text that a token comes from, or -1
 * @param overflowing what truncation cut off
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record TokenRows(
    int[] ids,
    int[] typeIds,
    String[] tokens,
    int[] words,
    int[] starts,
    int[] ends,
    int[] special,
    int[] attention,
    int[] sequences,
    List<TokenRows> overflowing) {

  /** Returns rows without tokens. */
  public static TokenRows empty() {
    return of(new int[0], new String[0], new int[0], new int[0], new int[0], 0);
  }

  /** Returns the rows of one text. */
  public static TokenRows of(
      int[] ids, String[] tokens, int[] words, int[] starts, int[] ends, int typeId) {
    int n = ids.length;
    return new TokenRows(
        ids,
        filled(n, typeId),
        tokens,
        words,
        starts,
        ends,
        new int[n],
        filled(n, 1),
        new int[n],
        List.of());
  }

  /** Returns a row for each of some special tokens. */
  public static TokenRows special(int[] ids, String[] tokens, int typeId) {
    int n = ids.length;
    return new TokenRows(
        ids,
        filled(n, typeId),
        tokens,
        filled(n, -1),
        new int[n],
        new int[n],
        filled(n, 1),
        filled(n, 1),
        filled(n, -1),
        List.of());
  }

  private static int[] filled(int n, int value) {
    int[] array = new int[n];
    Arrays.fill(array, value);
    return array;
  }

  /** Returns the number of tokens. */
  public int size() {
    return ids.length;
  }

  /** Returns these rows with other overflowing rows. */
  public TokenRows withOverflowing(List<TokenRows> rows) {
    return new TokenRows(
        ids, typeIds, tokens, words, starts, ends, special, attention, sequences, rows);
  }

  /** Returns these rows with one type id, and the overflowing rows as they are. */
  public TokenRows withTypeId(int typeId) {
    return new TokenRows(
        ids,
        filled(size(), typeId),
        tokens,
        words,
        starts,
        ends,
        special,
        attention,
        sequences,
        overflowing);
  }

  /** Returns these rows and their overflowing ones as those of a text. */
  public TokenRows withSequence(int sequence) {
    List<TokenRows> rest = new ArrayList<>();
    for (TokenRows rows : overflowing) {
      rest.add(rows.withSequence(sequence));
    }
    return new TokenRows(
        ids,
        typeIds,
        tokens,
        words,
        starts,
        ends,
        special,
        attention,
        filled(size(), sequence),
        rest);
  }

  /** Returns these rows with other offsets. */
  public TokenRows withOffsets(int[] newStarts, int[] newEnds) {
    return new TokenRows(
        ids,
        typeIds,
        tokens,
        words,
        newStarts,
        newEnds,
        special,
        attention,
        sequences,
        overflowing);
  }

  /** Returns some of these rows, without overflowing ones. */
  public TokenRows slice(int from, int to) {
    return new TokenRows(
        Arrays.copyOfRange(ids, from, to),
        Arrays.copyOfRange(typeIds, from, to),
        Arrays.copyOfRange(tokens, from, to),
        Arrays.copyOfRange(words, from, to),
        Arrays.copyOfRange(starts, from, to),
        Arrays.copyOfRange(ends, from, to),
        Arrays.copyOfRange(special, from, to),
        Arrays.copyOfRange(attention, from, to),
        Arrays.copyOfRange(sequences, from, to),
        List.of());
  }

  /**
   * Returns these rows and then others. Overflowing rows are combined: each of these with the
   * others, each of these with each overflowing of the others, these with each overflowing of the
   * others.
   */
  public TokenRows then(TokenRows other) {
    List<TokenRows> rest = new ArrayList<>();
    for (TokenRows mine : overflowing) {
      rest.add(mine.then(other));
      for (TokenRows theirs : other.overflowing) {
        rest.add(mine.then(theirs));
      }
    }
    for (TokenRows theirs : other.overflowing) {
      rest.add(this.then(theirs));
    }
    return joined(other).withOverflowing(rest);
  }

  private TokenRows joined(TokenRows other) {
    return new TokenRows(
        join(ids, other.ids),
        join(typeIds, other.typeIds),
        join(tokens, other.tokens),
        join(words, other.words),
        join(starts, other.starts),
        join(ends, other.ends),
        join(special, other.special),
        join(attention, other.attention),
        join(sequences, other.sequences),
        List.of());
  }

  private static int[] join(int[] a, int[] b) {
    int[] all = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, all, a.length, b.length);
    return all;
  }

  private static String[] join(String[] a, String[] b) {
    String[] all = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, all, a.length, b.length);
    return all;
  }
}
