package dev.sconce.text.internal.model;

import org.jspecify.annotations.Nullable;

/**
 * Remembers how words were tokenized. Any thread may read and write without locks: an entry is
 * immutable and a lost or stale slot only costs time.
 */
final class WordCache {

  private static final int SLOTS = 1 << 15;
  private static final int MAX_LENGTH = 128;

  private final @Nullable Entry[] slots = new Entry[SLOTS];

  /**
   * What became of a word.
   *
   * @param word the word
   * @param hash its hash
   * @param ids the tokens
   * @param ends where they end, in bytes of the word
   * @param ascii whether the word is ASCII
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  record Entry(String word, int hash, int[] ids, int[] ends, boolean ascii) {}

  static int hash(String text, int start, int end) {
    int hash = 0;
    for (int i = start; i < end; i++) {
      hash = hash * 31 + text.charAt(i);
    }
    return hash;
  }

  private static int slot(int hash) {
    return (hash * 0x9E3779B9) >>> 17;
  }

  /** Returns the entry of a word, or null. */
  @Nullable Entry get(String text, int start, int end, int hash) {
    Entry entry = slots[slot(hash)];
    return entry != null
            && entry.hash == hash
            && entry.word.length() == end - start
            && text.startsWith(entry.word, start)
        ? entry
        : null;
  }

  /** Remembers a word, if it is not too long. */
  void put(String text, int start, int end, int hash, int[] ids, int[] ends, boolean ascii) {
    if (end - start <= MAX_LENGTH) {
      slots[slot(hash)] = new Entry(text.substring(start, end), hash, ids, ends, ascii);
    }
  }
}
