package dev.sconce.text.internal.sentencepiece;

import dev.sconce.base.MalformedFileException;
import dev.sconce.text.internal.pipeline.Utf8;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * SentencePiece's table of normalisation rules: a double array over UTF-8 bytes, whose values are
 * offsets of zero-terminated replacements.
 *
 * <pre>
 *   u32 size of the trie in bytes | u32 units … | replacement \0 replacement \0 …
 *
 *   unit   31      30..10   9        8      7..0
 *          value   offset   shift 8  leaf   label      a leaf's unit: 31 bits of value
 * </pre>
 */
public final class CharsMap {

  private final int[] units;
  private final byte[] replacements;
  // Replacements of ASCII characters, looked up once; an entry is null where there is none.
  private final @Nullable String[] ascii = new String[128];

  private CharsMap(int[] units, byte[] replacements) {
    this.units = units;
    this.replacements = replacements;
    byte[] one = new byte[1];
    for (int c = 0; c < 128; c++) {
      one[0] = (byte) c;
      long match = match(one, 1, false);
      ascii[c] = match < 0 ? null : replacement((int) match);
    }
  }

  /**
   * Reads a table.
   *
   * @param file the file's name for errors
   * @param path the path of the field for errors
   */
  public static CharsMap read(String file, String path, byte[] blob) {
    ByteBuffer in = ByteBuffer.wrap(blob).order(ByteOrder.LITTLE_ENDIAN);
    long size = blob.length < 4 ? -1 : Integer.toUnsignedLong(in.getInt());
    if (size < 4 || size % 4 != 0 || size > blob.length - 4) {
      throw new MalformedFileException(
          file,
          -1,
          path,
          "a trie of whole units inside the table of " + blob.length + " bytes",
          "a trie of " + size + " bytes");
    }
    int[] units = new int[(int) (size / 4)];
    for (int i = 0; i < units.length; i++) {
      units[i] = in.getInt();
    }
    byte[] replacements = new byte[in.remaining()];
    in.get(replacements);
    return new CharsMap(units, replacements);
  }

  /**
   * Returns the replacement of the shortest known beginning of a part of a text, as the Rust
   * library looks it up, or null.
   */
  public @Nullable String shortestPrefix(String text, int start, int end) {
    char first = text.charAt(start);
    if (first < 0x80 && end == start + 1) {
      return ascii[first];
    }
    byte[] key = new byte[(end - start) * 3];
    int n = Utf8.encode(text, start, end, key, 0);
    long match = match(key, n, false);
    return match < 0 ? null : replacement((int) match);
  }

  /** Returns the longest known beginning of a key as {@code length << 32 | value}, or -1. */
  public long longestPrefix(byte[] key, int from, int to) {
    return match(key, from, to, true);
  }

  private long match(byte[] key, int length, boolean longest) {
    return match(key, 0, length, longest);
  }

  private long match(byte[] key, int from, int to, boolean longest) {
    long best = -1;
    int node = offset(units[0]);
    for (int i = from; i < to && key[i] != 0; i++) {
      int label = key[i] & 0xFF;
      node ^= label;
      if (node < 0 || node >= units.length) {
        break;
      }
      int unit = units[node];
      if ((unit & 0x800000FF) != label) {
        break;
      }
      node ^= offset(unit);
      if (((unit >> 8) & 1) != 0 && node >= 0 && node < units.length) {
        long value = units[node] & 0x7FFFFFFF;
        best = ((long) (i + 1 - from) << 32) | value;
        if (!longest) {
          return value;
        }
      }
    }
    return best;
  }

  private static int offset(int unit) {
    return (unit >>> 10) << ((unit & (1 << 9)) >> 6);
  }

  /** Returns the replacement at an offset. */
  public String replacement(int offset) {
    int end = offset;
    while (end < replacements.length && replacements[end] != 0) {
      end++;
    }
    return offset >= replacements.length
        ? ""
        : new String(replacements, offset, end - offset, StandardCharsets.UTF_8);
  }
}
