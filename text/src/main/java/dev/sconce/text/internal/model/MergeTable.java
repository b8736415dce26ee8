package dev.sconce.text.internal.model;

/** The merges of byte-pair encoding: (left, right) to (rank, result), by open addressing. */
public final class MergeTable {

  /** The result of {@link #find} for a pair that does not merge. */
  public static final int NONE = -1;

  private long[] keys;
  private int[] ranks;
  private int[] results;
  private int shift;
  private int size;

  /** Creates an empty table for about so many merges. */
  public MergeTable(int expected) {
    allocate(Integer.highestOneBit(Math.max(16, expected) * 2 - 1) * 2);
  }

  private void allocate(int capacity) {
    keys = new long[capacity];
    ranks = new int[capacity];
    results = new int[capacity];
    shift = Long.numberOfLeadingZeros(capacity) + 1;
  }

  private static long key(int left, int right) {
    return (((long) left << 32) | right) + 1;
  }

  /** Adds a merge, or replaces the one of the same pair. */
  public void put(int left, int right, int rank, int result) {
    if (size * 2 >= keys.length) {
      grow();
    }
    insert(key(left, right), rank, result);
  }

  private void insert(long key, int rank, int result) {
    int mask = keys.length - 1;
    int i = (int) ((key * 0x9E3779B97F4A7C15L) >>> shift);
    while (keys[i] != 0 && keys[i] != key) {
      i = (i + 1) & mask;
    }
    size += keys[i] == 0 ? 1 : 0;
    keys[i] = key;
    ranks[i] = rank;
    results[i] = result;
  }

  private void grow() {
    long[] oldKeys = keys;
    int[] oldRanks = ranks;
    int[] oldResults = results;
    allocate(oldKeys.length * 2);
    size = 0;
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] != 0) {
        insert(oldKeys[i], oldRanks[i], oldResults[i]);
      }
    }
  }

  /** Returns the place of a pair's merge, or {@link #NONE}. */
  public int find(int left, int right) {
    long key = key(left, right);
    int mask = keys.length - 1;
    for (int i = (int) ((key * 0x9E3779B97F4A7C15L) >>> shift); ; i = (i + 1) & mask) {
      if (keys[i] == key) {
        return i;
      }
      if (keys[i] == 0) {
        return NONE;
      }
    }
  }

  /** Returns the rank of the merge at a place; lower ranks merge first. */
  public int rank(int place) {
    return ranks[place];
  }

  /** Returns what the merge at a place gives. */
  public int result(int place) {
    return results[place];
  }
}
