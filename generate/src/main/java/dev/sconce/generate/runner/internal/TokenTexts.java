package dev.sconce.generate.runner.internal;

import dev.sconce.text.Tokenizer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What each token of a vocabulary adds to a text, in UTF-8, parts of characters included.
 *
 * <p>Most tokens are decoded behind another token, as transformers does for stop strings, since
 * decoders drop what begins a text. A token that is no whole characters does not decode; its string
 * names bytes, in one of two spellings: {@code <0x0A>}, or a letter for each byte (GPT-2's table).
 */
public final class TokenTexts {

  private static final String PREFIX = "abcdef";
  private static final int LETTERS = 512;
  private static final int[] BYTE_OF_LETTER = byteOfLetter();

  private TokenTexts() {}

  /** Returns the texts of all tokens. */
  public static List<byte[]> of(Tokenizer tokenizer, int vocabulary) {
    int[] prefix = tokenizer.encode(PREFIX, false).ids();
    int[] ids = java.util.Arrays.copyOf(prefix, prefix.length + 1);
    List<byte[]> texts = new ArrayList<>(vocabulary);
    for (int id = 0; id < vocabulary; id++) {
      ids[prefix.length] = id;
      texts.add(text(tokenizer, ids, id));
    }
    return texts;
  }

  private static byte[] text(Tokenizer tokenizer, int[] ids, int id) {
    String token = tokenizer.idToToken(id).orElse("");
    String decoded = tokenizer.decode(ids, false);
    int at = decoded.indexOf(PREFIX);
    String added = at < 0 ? decoded : decoded.substring(at + PREFIX.length());
    return added.indexOf('\uFFFD') < 0
        ? added.getBytes(StandardCharsets.UTF_8)
        : bytes(token, added);
  }

  private static byte[] bytes(String token, String decoded) {
    if (token.matches("<0x[0-9A-Fa-f]{2}>")) {
      return new byte[] {(byte) Integer.parseInt(token.substring(3, 5), 16)};
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < token.length(); i++) {
      char letter = token.charAt(i);
      if (letter >= LETTERS || BYTE_OF_LETTER[letter] < 0) {
        return decoded.getBytes(StandardCharsets.UTF_8);
      }
      bytes.write(BYTE_OF_LETTER[letter]);
    }
    return bytes.toByteArray();
  }

  /** Printable bytes stand for themselves, the others follow from U+0100 on. */
  private static int[] byteOfLetter() {
    int[] bytes = new int[LETTERS];
    java.util.Arrays.fill(bytes, -1);
    int next = 256;
    for (int b = 0; b < 256; b++) {
      boolean printable = (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xAC) || b >= 0xAE;
      bytes[printable ? b : next++] = b;
    }
    return bytes;
  }
}
