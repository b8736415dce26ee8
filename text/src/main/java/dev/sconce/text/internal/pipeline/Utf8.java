package dev.sconce.text.internal.pipeline;

/** UTF-8 without allocation. */
public final class Utf8 {

  private Utf8() {}

  /** Returns the number of bytes of a code point. */
  public static int length(int codePoint) {
    return codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
  }

  /** Returns the number of bytes of a part of a text. */
  public static int length(String text, int start, int end) {
    int n = 0;
    for (int i = start; i < end; i++) {
      char c = text.charAt(i);
      // Each half of a surrogate pair counts for two of the pair's four bytes.
      n += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
    }
    return n;
  }

  /** Writes a code point and returns the number of bytes written. */
  public static int encode(int c, byte[] out, int at) {
    if (c < 0x80) {
      out[at] = (byte) c;
      return 1;
    }
    if (c < 0x800) {
      out[at] = (byte) (0xC0 | (c >> 6));
      out[at + 1] = (byte) (0x80 | (c & 0x3F));
      return 2;
    }
    if (c < 0x10000) {
      out[at] = (byte) (0xE0 | (c >> 12));
      out[at + 1] = (byte) (0x80 | ((c >> 6) & 0x3F));
      out[at + 2] = (byte) (0x80 | (c & 0x3F));
      return 3;
    }
    out[at] = (byte) (0xF0 | (c >> 18));
    out[at + 1] = (byte) (0x80 | ((c >> 12) & 0x3F));
    out[at + 2] = (byte) (0x80 | ((c >> 6) & 0x3F));
    out[at + 3] = (byte) (0x80 | (c & 0x3F));
    return 4;
  }

  /**
   * Writes a part of a text, which must be well-formed UTF-16, and returns the end of the bytes.
   */
  public static int encode(String text, int start, int end, byte[] out, int at) {
    int n = at;
    for (int i = start; i < end; i++) {
      char c = text.charAt(i);
      if (c < 0x80) {
        out[n++] = (byte) c;
      } else if (Character.isHighSurrogate(c)) {
        n += encode(Character.toCodePoint(c, text.charAt(++i)), out, n);
      } else {
        n += encode(c, out, n);
      }
    }
    return n;
  }

  /** Returns a text with every unpaired surrogate replaced by U+FFFD; its length is unchanged. */
  public static String wellFormed(String text) {
    int i = 0;
    while (i < text.length() && !isUnpaired(text, i)) {
      i += Character.charCount(text.codePointAt(i));
    }
    if (i == text.length()) {
      return text;
    }
    StringBuilder fixed = new StringBuilder(text);
    for (; i < fixed.length(); i++) {
      if (isUnpaired(fixed, i)) {
        fixed.setCharAt(i, '\uFFFD');
      } else if (Character.isHighSurrogate(fixed.charAt(i))) {
        i++;
      }
    }
    return fixed.toString();
  }

  private static boolean isUnpaired(CharSequence text, int i) {
    char c = text.charAt(i);
    if (!Character.isSurrogate(c)) {
      return false;
    }
    return !Character.isHighSurrogate(c)
        || i + 1 == text.length()
        || !Character.isLowSurrogate(text.charAt(i + 1));
  }
}
