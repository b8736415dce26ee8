package dev.sconce.text.internal.pipeline;

/**
 * GPT-2's spelling of bytes as printable characters: a byte that is a printable Latin-1 character
 * stands for itself, the other 68 are U+0100, U+0101, … in order; so a space is Ġ (U+0120).
 */
public final class ByteAlphabet {

  private static final char[] CHARACTER = characters();
  private static final short[] BYTE = bytes();

  private ByteAlphabet() {}

  /** Returns the character that stands for a byte (0 to 255). */
  public static char character(int b) {
    return CHARACTER[b];
  }

  /** Returns the byte that a code point stands for, or -1 if it is not of the alphabet. */
  public static int byteOf(int codePoint) {
    return codePoint < BYTE.length ? BYTE[codePoint] : -1;
  }

  /** Returns a text with every byte of its UTF-8 form replaced by its character. */
  public static AlignedText spell(AlignedText text) {
    String s = text.text();
    TextRewriter rewriter = new TextRewriter(text);
    byte[] utf8 = new byte[4];
    for (int i = 0; i < s.length(); ) {
      int c = s.codePointAt(i);
      int n = Utf8.encode(c, utf8, 0);
      for (int k = 0; k < n; k++) {
        rewriter.put(CHARACTER[utf8[k] & 0xFF], k == 0 ? 0 : 1);
      }
      i += Character.charCount(c);
    }
    return rewriter.finish();
  }

  private static boolean isPrintable(int b) {
    return (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xAC) || b >= 0xAE;
  }

  private static char[] characters() {
    char[] characters = new char[256];
    int next = 256;
    for (int b = 0; b < 256; b++) {
      characters[b] = (char) (isPrintable(b) ? b : next++);
    }
    return characters;
  }

  private static short[] bytes() {
    short[] bytes = new short[512];
    java.util.Arrays.fill(bytes, (short) -1);
    char[] characters = characters();
    for (int b = 0; b < 256; b++) {
      bytes[characters[b]] = (short) b;
    }
    return bytes;
  }
}
