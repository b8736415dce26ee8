package dev.sconce.text.internal.model;

import dev.sconce.base.InvalidInputException;
import dev.sconce.text.internal.pipeline.ByteAlphabet;
import dev.sconce.text.internal.pipeline.Utf8;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Byte-pair encoding.
 *
 * <p>A word begins as one symbol for each character (or for each byte, if the model reads bytes)
 * and neighbours are merged by rank. What the vocabulary does not know becomes byte tokens or the
 * unknown token.
 */
public final class BpeModel implements Model {

  /**
   * The options of the algorithm.
   *
   * @param dropout the probability of passing over a merge; 0 for the usual encoding
   * @param unkToken the token of unknown symbols, or null to leave them out
   * @param continuingSubwordPrefix what begins every symbol but the first of a word
   * @param endOfWordSuffix what ends the last symbol of a word
   * @param fuseUnk whether neighbouring unknown symbols are one token
   * @param byteFallback whether an unknown symbol becomes tokens {@code <0x00>} to {@code <0xFF>}
   * @param ignoreMerges whether a word that is a token is not split at all
   * @param readsBytes whether words are read as bytes that {@link ByteAlphabet} would spell
   */
  public record Options(
      double dropout,
      @Nullable String unkToken,
      String continuingSubwordPrefix,
      String endOfWordSuffix,
      boolean fuseUnk,
      boolean byteFallback,
      boolean ignoreMerges,
      boolean readsBytes) {

    /** Returns these options for a model that reads bytes. */
    public Options readingBytes() {
      return new Options(
          dropout,
          unkToken,
          continuingSubwordPrefix,
          endOfWordSuffix,
          fuseUnk,
          byteFallback,
          ignoreMerges,
          true);
    }
  }

  private static final int NO_ID = -1;

  private final Vocabulary vocabulary;
  private final MergeTable merges;
  private final Options options;
  private final int unkId;
  private final int[] byteFallback = new int[256];
  // Symbols of ASCII characters (or of all bytes) by place in the word: see place().
  private final int[][] symbols;
  private final ByteTrie wholeWords;
  private final WordCache cache = new WordCache();

  /** Creates a model. */
  public BpeModel(Vocabulary vocabulary, MergeTable merges, Options options) {
    this.vocabulary = vocabulary;
    this.merges = merges;
    this.options = options;
    this.unkId = options.unkToken() == null ? NO_ID : vocabulary.id(options.unkToken());
    for (int b = 0; b < 256; b++) {
      byteFallback[b] = vocabulary.id("<0x%02X>".formatted(b));
    }
    this.symbols = symbols();
    this.wholeWords = options.ignoreMerges() ? wholeWords() : new ByteTrie(0);
  }

  /** Returns the options of this model. */
  public Options options() {
    return options;
  }

  /**
   * Returns whether the model would give the same tokens and offsets if it read bytes: it must know
   * every byte wherever it stands in a word.
   */
  public boolean canReadBytes() {
    if (options.readsBytes() || options.byteFallback()) {
      return false;
    }
    for (int place = 0; place < 4; place++) {
      for (int b = 0; b < 256; b++) {
        if (symbol(ByteAlphabet.character(b), place) < 0) {
          return false;
        }
      }
    }
    return true;
  }

  /** Returns the same model, reading bytes. */
  public BpeModel readingBytes() {
    return new BpeModel(vocabulary, merges, options.readingBytes());
  }

  private int[][] symbols() {
    int count = options.readsBytes() ? 256 : 128;
    int[][] table = new int[4][count];
    for (int place = 0; place < 4; place++) {
      for (int c = 0; c < count; c++) {
        int spelt = options.readsBytes() ? ByteAlphabet.character(c) : c;
        table[place][c] = symbol(spelt, place);
      }
    }
    return table;
  }

  // Bit 0: not the first symbol; bit 1: the last symbol.
  private static int place(boolean first, boolean last) {
    return (first ? 0 : 1) | (last ? 2 : 0);
  }

  private int symbol(int codePoint, int place) {
    return vocabulary.id(spelling(codePoint, place));
  }

  private String spelling(int codePoint, int place) {
    String s = Character.toString(codePoint);
    s = (place & 1) != 0 ? options.continuingSubwordPrefix() + s : s;
    return (place & 2) != 0 ? s + options.endOfWordSuffix() : s;
  }

  private ByteTrie wholeWords() {
    ByteTrie trie = new ByteTrie(vocabulary.size());
    vocabulary
        .ids()
        .forEach(
            (token, id) -> {
              if (options.readsBytes()) {
                byte[] bytes = new byte[token.length()];
                int n = 0;
                while (n < bytes.length && ByteAlphabet.byteOf(token.charAt(n)) >= 0) {
                  bytes[n] = (byte) ByteAlphabet.byteOf(token.charAt(n));
                  n++;
                }
                if (n == bytes.length) {
                  trie.put(bytes, id);
                }
              } else {
                trie.put(token, id);
              }
            });
    return trie;
  }

  @Override
  public void tokenize(String text, int start, int end, TokenSink out) {
    if (options.dropout() > 0) {
      merge(text, start, end, 0, false, out);
      return;
    }
    int hash = WordCache.hash(text, start, end);
    WordCache.Entry entry = cache.get(text, start, end, hash);
    if (entry != null) {
      out.addBytes(text, start, end, entry.ids(), entry.ends(), entry.ascii(), vocabulary);
    } else {
      merge(text, start, end, hash, true, out);
    }
  }

  private void merge(String text, int start, int end, int hash, boolean remember, TokenSink out) {
    byte[] bytes = new byte[(end - start) * 3];
    int length = Utf8.encode(text, start, end, bytes, 0);
    int[] ids;
    int[] ends;
    int whole =
        options.ignoreMerges()
            ? wholeWords.value(wholeWords.walk(ByteTrie.ROOT, bytes, 0, length))
            : ByteTrie.NO_VALUE;
    if (whole >= 0) {
      ids = new int[] {whole};
      ends = new int[] {length};
    } else {
      Merger word = new Merger(merges);
      Unknown unknown = new Unknown(word);
      if (options.readsBytes()) {
        bytes(bytes, length, word, unknown);
      } else {
        characters(text, start, end, word, unknown);
      }
      unknown.flush();
      if (options.dropout() > 0) {
        word.mergeWithDropout(options.dropout());
      } else {
        word.mergeAll();
      }
      ids = word.ids();
      ends = word.ends();
    }
    boolean ascii = length == end - start;
    if (remember) {
      cache.put(text, start, end, hash, ids, ends, ascii);
    }
    out.addBytes(text, start, end, ids, ends, ascii, vocabulary);
  }

  private void bytes(byte[] bytes, int length, Merger word, Unknown unknown) {
    for (int i = 0; i < length; i++) {
      int place = place(i == 0, i == length - 1);
      int id = symbols[place][bytes[i] & 0xFF];
      if (id >= 0) {
        unknown.flush();
        word.add(id, 1);
      } else {
        unknown.add(1);
      }
    }
  }

  private void characters(String text, int start, int end, Merger word, Unknown unknown) {
    for (int i = start; i < end; ) {
      int c = text.codePointAt(i);
      int next = i + Character.charCount(c);
      int place = place(i == start, next == end);
      int id = c < 128 ? symbols[place][c] : symbol(c, place);
      if (id >= 0) {
        unknown.flush();
        word.add(id, Utf8.length(c));
      } else if (!options.byteFallback() || !fallBack(spelling(c, place), word)) {
        unknown.add(Utf8.length(c));
      }
      i = next;
    }
  }

  // Bytes do not end a run of unknown symbols: that token then comes after them, as in the
  // reference
  // library.
  private boolean fallBack(String spelling, Merger word) {
    byte[] bytes = new byte[spelling.length() * 3];
    int n = Utf8.encode(spelling, 0, spelling.length(), bytes, 0);
    for (int i = 0; i < n; i++) {
      if (byteFallback[bytes[i] & 0xFF] < 0) {
        return false;
      }
    }
    for (int i = 0; i < n; i++) {
      word.add(byteFallback[bytes[i] & 0xFF], 1);
    }
    return true;
  }

  /** Unknown symbols that have not yet been added to the word. */
  private final class Unknown {
    private final Merger word;
    private int length;

    private Unknown(Merger word) {
      this.word = word;
    }

    private void add(int bytes) {
      if (options.unkToken() == null) {
        return;
      }
      if (unkId < 0) {
        throw new InvalidInputException(
            "encode",
            "text",
            "characters of the vocabulary, which lacks the unknown token",
            "others");
      }
      if (!options.fuseUnk()) {
        flush();
      }
      length += bytes;
    }

    private void flush() {
      if (length > 0) {
        word.add(unkId, length);
        length = 0;
      }
    }
  }

  @Override
  public int id(String token) {
    return vocabulary.id(token);
  }

  @Override
  public @Nullable String token(int id) {
    return vocabulary.token(id);
  }

  @Override
  public int size() {
    return vocabulary.size();
  }

  @Override
  public String toString() {
    return "BPE of " + size() + " tokens " + Arrays.toString(new Object[] {options});
  }
}
