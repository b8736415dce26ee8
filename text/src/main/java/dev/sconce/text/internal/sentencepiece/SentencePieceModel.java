package dev.sconce.text.internal.sentencepiece;

import dev.sconce.text.internal.model.ByteOffsets;
import dev.sconce.text.internal.model.ByteTrie;
import dev.sconce.text.internal.model.Model;
import dev.sconce.text.internal.model.TokenSink;
import dev.sconce.text.internal.model.Vocabulary;
import dev.sconce.text.internal.sentencepiece.SentencePieceFile.Kind;
import dev.sconce.text.internal.sentencepiece.SentencePieceFile.Piece;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Splits normalised text as SentencePiece does, and turns unknown pieces into bytes or one token.
 */
public final class SentencePieceModel implements Model {

  private final SentencePieceFile file;
  private final Vocabulary vocabulary;
  private final int unkId;
  private final Splitter splitter;

  /** Splits the UTF-8 form of a text. */
  interface Splitter {
    /** Sends every part in order to a sink. */
    void split(byte[] utf8, PartSink out);
  }

  /** Receives parts of a text. */
  interface PartSink {
    /** Receives a part by its id and end. */
    void add(int id, int end);
  }

  SentencePieceModel(SentencePieceFile file, ByteTrie userDefined) {
    this.file = file;
    List<String> texts = file.pieces().stream().map(Piece::text).toList();
    this.vocabulary = Vocabulary.ofList(texts);
    int unknown = 0;
    while (file.pieces().get(unknown).kind() != Kind.UNKNOWN) {
      unknown++;
    }
    this.unkId = unknown;
    this.splitter =
        switch (file.type()) {
          case UNIGRAM -> new UnigramSplitter(file, unkId);
          case BPE -> new BpeSplitter(file, unkId, userDefined);
        };
  }

  int unkId() {
    return unkId;
  }

  @Override
  public void tokenize(String text, int start, int end, TokenSink out) {
    byte[] utf8 = text.substring(start, end).getBytes(StandardCharsets.UTF_8);
    Output output = new Output(text, utf8, new ByteOffsets(text, start, end), start, out);
    splitter.split(utf8, output::add);
    output.flush();
  }

  /** Joins neighbouring unknown parts, or turns each into bytes. */
  private final class Output {
    private final String text;
    private final byte[] utf8;
    private final ByteOffsets offsets;
    private final TokenSink out;
    private int from;
    private int byteFrom;
    private int unknownFrom = -1;

    private Output(String text, byte[] utf8, ByteOffsets offsets, int start, TokenSink out) {
      this.text = text;
      this.utf8 = utf8;
      this.offsets = offsets;
      this.from = start;
      this.out = out;
    }

    private void add(int id, int byteEnd) {
      int to = offsets.floor(byteEnd);
      if (id == unkId && file.byteFallback()) {
        for (int i = byteFrom; i < byteEnd; i++) {
          String piece = "<0x%02X>".formatted(utf8[i] & 0xFF);
          out.add(vocabulary.id(piece), from, to, piece);
        }
      } else if (id == unkId) {
        unknownFrom = unknownFrom < 0 ? from : unknownFrom;
      } else {
        flush();
        out.add(id, from, to, vocabulary.token(id));
      }
      from = to;
      byteFrom = byteEnd;
    }

    private void flush() {
      if (unknownFrom >= 0) {
        out.add(unkId, unknownFrom, from, text.substring(unknownFrom, from));
        unknownFrom = -1;
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
    return file.pieces().size();
  }
}
