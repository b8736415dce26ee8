package dev.sconce.text.internal.sentencepiece;

import dev.sconce.text.internal.model.ByteTrie;
import dev.sconce.text.internal.normalizer.Normalizer;
import dev.sconce.text.internal.pipeline.AlignedText;
import dev.sconce.text.internal.pipeline.AlignedTextBuilder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * SentencePiece's own normalisation: rules by longest match, spaces made visible, trimmed and
 * joined. User-defined pieces are left as they are.
 */
public final class SentencePieceNormalizer implements Normalizer {

  private static final char SPACE_SYMBOL = '\u2581';

  private final SentencePieceFile file;
  private final ByteTrie userDefined;

  SentencePieceNormalizer(SentencePieceFile file, ByteTrie userDefined) {
    this.file = file;
    this.userDefined = userDefined;
  }

  @Override
  public AlignedText normalize(AlignedText text) {
    byte[] bytes = text.text().getBytes(StandardCharsets.UTF_8);
    if (bytes.length == 0) {
      return text;
    }
    return new Run(text, bytes).normalize();
  }

  /** One text. */
  private final class Run {
    private final byte[] bytes;
    private final AlignedTextBuilder out;
    // The prefix that stands next: its replacement, or itself from unit to unitEnd.
    private String prefix = "";
    private int at;
    private int end;
    private int unit;
    private int unitEnd;

    private Run(AlignedText source, byte[] bytes) {
      this.bytes = bytes;
      this.out = new AlignedTextBuilder(source);
    }

    private AlignedText normalize() {
      boolean trims = file.removeExtraSpaces();
      take();
      while (trims && prefix.equals(" ")) {
        advance();
        if (at == bytes.length) {
          return out.finish();
        }
        take();
      }
      if (file.dummyPrefix() && !file.suffixSpace()) {
        addSpace(unit, unit);
      }
      boolean afterSpace = trims;
      while (true) {
        String part = prefix;
        while (afterSpace && part.startsWith(" ")) {
          part = part.substring(1);
        }
        if (!part.isEmpty()) {
          for (int i = 0; i < part.length(); i++) {
            char c = part.charAt(i);
            if (c == ' ') {
              addSpace(unit, unitEnd);
            } else {
              out.append(c, unit, unitEnd);
            }
          }
          afterSpace = part.endsWith(" ");
        }
        if (!trims) {
          afterSpace = false;
        }
        advance();
        if (at == bytes.length) {
          break;
        }
        take();
      }
      char space = file.escapeSpaces() ? SPACE_SYMBOL : ' ';
      while (trims && out.endsWith(space)) {
        out.removeLast();
      }
      if (file.dummyPrefix() && file.suffixSpace()) {
        addSpace(unit, unit);
      }
      return out.finish();
    }

    private void addSpace(int from, int to) {
      out.append(file.escapeSpaces() ? SPACE_SYMBOL : ' ', from, to);
    }

    /** Finds the prefix that stands next. */
    private void take() {
      int literal = userDefinedPrefix(userDefined, bytes, at);
      @Nullable CharsMap rules = file.rules();
      long match = literal > 0 || rules == null ? -1 : rules.longestPrefix(bytes, at, bytes.length);
      if (match >= 0 && rules != null) {
        end = at + (int) (match >>> 32);
        prefix = rules.replacement((int) match);
      } else {
        end = at + (literal > 0 ? literal : width(bytes[at]));
        prefix = new String(bytes, at, end - at, StandardCharsets.UTF_8);
      }
      unitEnd = unit;
      for (int i = at; i < end; i++) {
        // Lead bytes count one unit, those of four bytes two.
        unitEnd += (bytes[i] & 0xC0) == 0x80 ? 0 : (bytes[i] & 0xF8) == 0xF0 ? 2 : 1;
      }
    }

    private void advance() {
      at = end;
      unit = unitEnd;
    }
  }

  /** Returns the length in bytes of the longest user-defined piece at an index, or 0. */
  static int userDefinedPrefix(ByteTrie trie, byte[] bytes, int from) {
    int longest = 0;
    int node = ByteTrie.ROOT;
    for (int i = from; i < bytes.length; i++) {
      node = trie.next(node, bytes[i]);
      if (node < 0) {
        break;
      }
      if (trie.value(node) >= 0) {
        longest = i + 1 - from;
      }
    }
    return longest;
  }

  static int width(byte lead) {
    return lead >= 0 ? 1 : (lead & 0xE0) == 0xC0 ? 2 : (lead & 0xF0) == 0xE0 ? 3 : 4;
  }
}
