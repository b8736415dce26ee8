package dev.sconce.text.internal.model;

import java.util.Arrays;

/**
 * The edges of a trie or automaton: a hash table from (node, label) to node, with linear probing.
 *
 * <p>A slot holds {@code node << 16 | label} as a key, shifted by one so that 0 means empty.
 */
public final class TransitionTable {

  /** The node that a missing edge leads to. */
  public static final int NONE = -1;

  private long[] keys;
  private int[] targets;
  private int size;
  private int shift;

  /** Creates an empty table. */
  public TransitionTable(int expected) {
    int capacity = Integer.highestOneBit(Math.max(16, expected) * 2 - 1) * 2;
    allocate(capacity);
  }

  private void allocate(int capacity) {
    keys = new long[capacity];
    targets = new int[capacity];
    shift = Long.numberOfLeadingZeros(capacity) + 1;
  }

  private int slot(long key) {
    return (int) ((key * 0x9E3779B97F4A7C15L) >>> shift);
  }

  /** Returns where an edge leads, or {@link #NONE}. */
  public int get(int node, int label) {
    long key = (((long) node << 16) | label) + 1;
    int mask = keys.length - 1;
    for (int i = slot(key); ; i = (i + 1) & mask) {
      long found = keys[i];
      if (found == key) {
        return targets[i];
      }
      if (found == 0) {
        return NONE;
      }
    }
  }

  /** Adds an edge that is not there yet. */
  public void put(int node, int label, int target) {
    if (size * 2 >= keys.length) {
      grow();
    }
    insert((((long) node << 16) | label) + 1, target);
    size++;
  }

  private void insert(long key, int target) {
    int mask = keys.length - 1;
    int i = slot(key);
    while (keys[i] != 0) {
      i = (i + 1) & mask;
    }
    keys[i] = key;
    targets[i] = target;
  }

  private void grow() {
    long[] oldKeys = keys;
    int[] oldTargets = targets;
    allocate(oldKeys.length * 2);
    Arrays.fill(keys, 0);
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] != 0) {
        insert(oldKeys[i], oldTargets[i]);
      }
    }
  }
}
