package dev.sconce.text.internal.sentencepiece;

import dev.sconce.text.internal.added.AddedVocabulary;
import dev.sconce.text.internal.decoder.TokenDecoder;
import dev.sconce.text.internal.sentencepiece.SentencePieceFile.Kind;
import dev.sconce.text.internal.sentencepiece.SentencePieceFile.Piece;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Decodes as SentencePiece does: control pieces are invisible, the dummy space in front goes. */
final class SentencePieceDecoder implements TokenDecoder {

  private static final String SPACE_SYMBOL = "\u2581";

  private final SentencePieceFile file;
  private final AddedVocabulary added;

  SentencePieceDecoder(SentencePieceFile file, AddedVocabulary added) {
    this.file = file;
    this.added = added;
  }

  @Override
  public String decode(int[] ids, boolean skipSpecialTokens) {
    Output out = new Output();
    for (int id : ids) {
      String extra = added.token(id);
      if (id >= 0 && id < file.pieces().size()) {
        Piece piece = file.pieces().get(id);
        if (extra != null && !skipSpecialTokens && piece.kind() == Kind.CONTROL) {
          out.text(extra, false);
        } else {
          out.piece(piece);
        }
      } else if (extra != null && !(skipSpecialTokens && added.isSpecial(extra))) {
        out.text(extra, false);
      }
    }
    out.flush();
    return denormalize(out.text.toString());
  }

  private String denormalize(String text) {
    CharsMap rules = file.denormalization();
    if (rules == null) {
      return text;
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    StringBuilder out = new StringBuilder();
    for (int at = 0; at < bytes.length; ) {
      long match = rules.longestPrefix(bytes, at, bytes.length);
      int length = match >= 0 ? (int) (match >>> 32) : SentencePieceNormalizer.width(bytes[at]);
      out.append(
          match >= 0
              ? rules.replacement((int) match)
              : new String(bytes, at, length, StandardCharsets.UTF_8));
      at += length;
    }
    return out.toString();
  }

  /** Text that grows piece by piece. */
  private final class Output {
    private final StringBuilder text = new StringBuilder();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private boolean atBegin = true;
    private boolean sawSpace;

    private void piece(Piece piece) {
      if (piece.kind() == Kind.BYTE) {
        bytes.write(Integer.parseInt(piece.text().substring(3, 5), 16));
        return;
      }
      flush();
      switch (piece.kind()) {
        case CONTROL -> text("", false);
        case UNKNOWN -> text(file.unkSurface(), false);
        case NORMAL, USER_DEFINED, UNUSED, BYTE -> text(piece.text(), true);
      }
    }

    private void text(String piece, boolean spaces) {
      flush();
      if (sawSpace || !text.isEmpty()) {
        atBegin = false;
      }
      String s = piece;
      sawSpace = false;
      boolean strips = file.dummyPrefix() || file.removeExtraSpaces();
      if (spaces && atBegin && strips && s.startsWith(SPACE_SYMBOL)) {
        s = s.substring(1);
        // Where extra spaces are removed, all of those in front go.
        sawSpace = !file.removeExtraSpaces();
      }
      text.append(spaces ? s.replace(SPACE_SYMBOL, " ") : s);
    }

    // A byte that is no part of a character becomes U+FFFD by itself.
    private void flush() {
      if (bytes.size() == 0) {
        return;
      }
      byte[] run = bytes.toByteArray();
      bytes.reset();
      for (int at = 0; at < run.length; ) {
        int width = Math.min(SentencePieceNormalizer.width(run[at]), run.length - at);
        String one = new String(run, at, width, StandardCharsets.UTF_8);
        boolean valid = one.codePointCount(0, one.length()) == 1 && one.indexOf('\uFFFD') < 0;
        boolean replacement =
            width == 3
                && run[at] == (byte) 0xEF
                && run[at + 1] == (byte) 0xBF
                && run[at + 2] == (byte) 0xBD;
        text.append(valid || replacement ? one : "\uFFFD");
        at += valid || replacement ? width : 1;
      }
    }
  }
}
