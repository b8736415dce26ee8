package dev.sconce.generate.runner.internal;

import java.util.Arrays;

/** Tokens that were passed to a model, in order. */
final class TokenHistory {

  private int[] ids = new int[64];
  private int size;

  int size() {
    return size;
  }

  void append(int[] tokens, int from, int count) {
    if (size + count > ids.length) {
      ids = Arrays.copyOf(ids, Math.max(ids.length * 2, size + count));
    }
    System.arraycopy(tokens, from, ids, size, count);
    size += count;
  }

  void cut(int length) {
    size = Math.min(size, length);
  }

  int[] toArray() {
    return Arrays.copyOf(ids, size);
  }

  int get(int index) {
    return ids[index];
  }
}
