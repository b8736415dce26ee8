package dev.sconce.text.internal.decoder;

import dev.sconce.text.internal.normalizer.Replace;
import dev.sconce.text.internal.pipeline.ByteAlphabet;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Turns the strings of tokens into text, in steps. Immutable. */
public sealed interface Decoder {

  /** Returns the strings after this step. */
  List<String> decode(List<String> tokens);

  /** Several decoders, one after the other. */
  record Chain(List<Decoder> parts) implements Decoder {
    /** Copies the list. */
    public Chain {
      parts = List.copyOf(parts);
    }

    @Override
    public List<String> decode(List<String> tokens) {
      List<String> result = tokens;
      for (Decoder part : parts) {
        result = part.decode(result);
      }
      return result;
    }
  }

  /** A step that changes each string by itself. */
  sealed interface PerToken extends Decoder {

    /** Returns what a string becomes. */
    String decode(String token, boolean first, boolean last);

    @Override
    default List<String> decode(List<String> tokens) {
      List<String> out = new ArrayList<>(tokens.size());
      for (int i = 0; i < tokens.size(); i++) {
        out.add(decode(tokens.get(i), i == 0, i == tokens.size() - 1));
      }
      return out;
    }
  }

  /** Turns the end of a word into a space, but for the last word. */
  record Bpe(String suffix) implements PerToken {
    @Override
    public String decode(String token, boolean first, boolean last) {
      return token.replace(suffix, last ? "" : " ");
    }
  }

  /** Reads the bytes that {@link ByteAlphabet} spells; what is no UTF-8 becomes U+FFFD. */
  record ByteLevel() implements Decoder {
    @Override
    public List<String> decode(List<String> tokens) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      for (String token : tokens) {
        byte[] spelt = bytes(token);
        bytes.write(spelt, 0, spelt.length);
      }
      return List.of(bytes.toString(StandardCharsets.UTF_8));
    }

    private static byte[] bytes(String token) {
      byte[] bytes = new byte[token.length()];
      for (int i = 0; i < bytes.length; i++) {
        int b = ByteAlphabet.byteOf(token.charAt(i));
        if (b < 0) {
          return token.getBytes(StandardCharsets.UTF_8);
        }
        bytes[i] = (byte) b;
      }
      return bytes;
    }
  }

  /** Reads runs of byte tokens; each byte of a run that is no UTF-8 becomes U+FFFD. */
  record ByteFallback() implements Decoder {
    @Override
    public List<String> decode(List<String> tokens) {
      List<String> out = new ArrayList<>(tokens.size());
      ByteArrayOutputStream run = new ByteArrayOutputStream();
      for (String token : tokens) {
        int b = byteOf(token);
        if (b >= 0) {
          run.write(b);
        } else {
          flush(run, out);
          out.add(token);
        }
      }
      flush(run, out);
      return out;
    }

    private static int byteOf(String token) {
      if (token.length() != 6 || !token.startsWith("<0x") || !token.endsWith(">")) {
        return -1;
      }
      int high = hex(token.charAt(3));
      int low = hex(token.charAt(4));
      // Rust reads a number, which may have a plus sign.
      if (token.charAt(3) == '+') {
        return low;
      }
      return high < 0 || low < 0 ? -1 : high * 16 + low;
    }

    private static int hex(char c) {
      return c < 0x80 ? Character.digit(c, 16) : -1;
    }

    private static void flush(ByteArrayOutputStream run, List<String> out) {
      if (run.size() == 0) {
        return;
      }
      try {
        out.add(
            StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(run.toByteArray()))
                .toString());
      } catch (CharacterCodingException e) {
        for (int i = 0; i < run.size(); i++) {
          out.add("\uFFFD");
        }
      }
      run.reset();
    }
  }

  /** Reads the output of connectionist temporal classification: repetitions are one token. */
  record Ctc(String padToken, String wordDelimiter, boolean cleanup) implements Decoder {
    @Override
    public List<String> decode(List<String> tokens) {
      List<String> out = new ArrayList<>();
      for (int i = 0; i < tokens.size(); i++) {
        String token = tokens.get(i);
        if (i > 0 && token.equals(tokens.get(i - 1))) {
          continue;
        }
        String text = token.replace(padToken, "");
        if (cleanup) {
          text = WordPiece.cleanUp(text).replace(wordDelimiter, " ");
        }
        if (!text.isEmpty()) {
          out.add(text);
        }
      }
      return out;
    }
  }

  /** Joins all strings. */
  record Fuse() implements Decoder {
    @Override
    public List<String> decode(List<String> tokens) {
      return List.of(String.join("", tokens));
    }
  }

  /** Turns the visible space into a space; that of the first token goes if one was put in front. */
  record Metaspace(String replacement, boolean prepends) implements PerToken {
    @Override
    public String decode(String token, boolean first, boolean last) {
      return token.replace(replacement, first && prepends ? "" : " ");
    }
  }

  /** Replaces the matches of a pattern. */
  record Replacing(Replace replace) implements PerToken {
    @Override
    public String decode(String token, boolean first, boolean last) {
      return replace.apply(token);
    }
  }

  /** Removes a character at the ends, so many times at most. */
  record Strip(int content, int start, int stop) implements PerToken {
    @Override
    public String decode(String token, boolean first, boolean last) {
      int[] characters = token.codePoints().toArray();
      int from = 0;
      while (from < start && from < characters.length && characters[from] == content) {
        from++;
      }
      int to = characters.length;
      while (characters.length - to < stop && to > 0 && characters[to - 1] == content) {
        to--;
      }
      return from < to ? new String(characters, from, to - from) : "";
    }
  }

  /** Joins the pieces of words and puts spaces between words. */
  record WordPiece(String prefix, boolean cleanup) implements PerToken {
    @Override
    public String decode(String token, boolean first, boolean last) {
      String text = token;
      if (!first) {
        text = token.startsWith(prefix) ? token.substring(prefix.length()) : " " + token;
      }
      return cleanup ? cleanUp(text) : text;
    }

    static String cleanUp(String text) {
      return text.replace(" .", ".")
          .replace(" ?", "?")
          .replace(" !", "!")
          .replace(" ,", ",")
          .replace(" ' ", "'")
          .replace(" n't", "n't")
          .replace(" 'm", "'m")
          .replace(" do not", " don't")
          .replace(" 's", "'s")
          .replace(" 've", "'ve")
          .replace(" 're", "'re");
    }
  }
}
