package dev.sconce.text.internal.model;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A trie of byte strings with a value each. Fill it first, then only read: reading is safe to
 * share.
 */
public final class ByteTrie {

  /** The value of a node at which no string ends. */
  public static final int NO_VALUE = -1;

  /** The node of the empty string. */
  public static final int ROOT = 0;

  private final TransitionTable edges;
  private int[] values = new int[1024];
  private int nodes = 1;

  /** Creates an empty trie for about so many strings. */
  public ByteTrie(int strings) {
    edges = new TransitionTable(strings * 3);
    Arrays.fill(values, NO_VALUE);
  }

  /** Adds a string; the value of an equal one added before is replaced. */
  public void put(byte[] key, int value) {
    int node = ROOT;
    for (byte b : key) {
      int next = edges.get(node, b & 0xFF);
      if (next == TransitionTable.NONE) {
        next = nodes++;
        if (next == values.length) {
          values = Arrays.copyOf(values, next * 2);
          Arrays.fill(values, next, values.length, NO_VALUE);
        }
        edges.put(node, b & 0xFF, next);
      }
      node = next;
    }
    values[node] = value;
  }

  /** Adds the UTF-8 form of a string. */
  public void put(String key, int value) {
    put(key.getBytes(StandardCharsets.UTF_8), value);
  }

  /** Returns the node after one more byte, or -1. */
  public int next(int node, byte b) {
    return edges.get(node, b & 0xFF);
  }

  /** Returns the node after a byte string, or -1. */
  public int walk(int node, byte[] key, int from, int to) {
    int at = node;
    for (int i = from; i < to && at >= 0; i++) {
      at = edges.get(at, key[i] & 0xFF);
    }
    return at;
  }

  /** Returns the value of the string that ends at a node, or {@link #NO_VALUE}. */
  public int value(int node) {
    return node < 0 ? NO_VALUE : values[node];
  }
}
