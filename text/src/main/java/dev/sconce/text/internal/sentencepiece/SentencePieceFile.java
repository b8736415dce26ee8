package dev.sconce.text.internal.sentencepiece;

import dev.sconce.base.MalformedFileException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The contents of a SentencePiece model file.
 *
 * @param pieces the pieces by id
 * @param type how texts are split
 * @param byteFallback whether unknown characters become bytes
 * @param suffixSpace whether the dummy space goes behind the text instead of in front
 * @param unkSurface what the unknown piece is decoded to
 * @param rules the normalisation rules, or null
 * @param dummyPrefix whether a space is put in front
 * @param removeExtraSpaces whether spaces at the ends and repeated ones go
 * @param escapeSpaces whether spaces become U+2581
 * @param denormalization the rules applied to decoded text, or null
 */
record SentencePieceFile(
    List<Piece> pieces,
    Type type,
    boolean byteFallback,
    boolean suffixSpace,
    String unkSurface,
    @Nullable CharsMap rules,
    boolean dummyPrefix,
    boolean removeExtraSpaces,
    boolean escapeSpaces,
    @Nullable CharsMap denormalization) {

  /** How texts are split. */
  enum Type {
    /** By the unigram language model. */
    UNIGRAM,
    /** By merging pairs. */
    BPE
  }

  /** What a piece is for. */
  enum Kind {
    /** A part of text. */
    NORMAL,
    /** Stands for what no piece covers. */
    UNKNOWN,
    /** Never found in text, such as the end of a sentence. */
    CONTROL,
    /** Always found in text. */
    USER_DEFINED,
    /** Not used. */
    UNUSED,
    /** A byte. */
    BYTE
  }

  // In the order of their numbers in the file, from 1.
  private static final List<Kind> KINDS = List.of(Kind.values());

  /** A piece. */
  record Piece(String text, float score, Kind kind) {}

  /** Reads a file. */
  static SentencePieceFile read(String file, byte[] bytes) {
    Builder b = new Builder(file);
    ProtoReader in = new ProtoReader(file, bytes);
    for (int field = in.next(); field != 0; field = in.next()) {
      switch (field) {
        case 1 -> b.piece(in.message());
        case 2 -> b.trainer(in.message());
        case 3 -> b.normalizer(in.message());
        case 5 -> b.denormalizer(in.message());
        default -> in.skip();
      }
    }
    return b.build();
  }

  /** Collects the fields; defaults are those of sentencepiece_model.proto. */
  private static final class Builder {
    private final String file;
    private final List<Piece> pieces = new ArrayList<>();
    private final Map<String, Integer> ids = new HashMap<>();
    private int modelType = 1;
    private boolean byteFallback;
    private boolean suffixSpace;
    private String unkSurface = " \u2047 ";
    private byte[] rules = new byte[0];
    private byte[] denormalization = new byte[0];
    private boolean dummyPrefix = true;
    private boolean removeExtraSpaces = true;
    private boolean escapeSpaces = true;

    private Builder(String file) {
      this.file = file;
    }

    private void piece(ProtoReader in) {
      String text = "";
      float score = 0;
      long kind = 1;
      for (int field = in.next(); field != 0; field = in.next()) {
        switch (field) {
          case 1 -> text = in.string();
          case 2 -> score = in.float32();
          case 3 -> kind = in.integer();
          default -> in.skip();
        }
      }
      String path = "pieces[" + pieces.size() + "]";
      if (kind < 1 || kind > KINDS.size()) {
        throw new MalformedFileException(file, -1, path + ".type", "a type from 1 to 6", "" + kind);
      }
      if (text.isEmpty() || ids.put(text, pieces.size()) != null) {
        throw new MalformedFileException(
            file, -1, path + ".piece", "a piece of its own", "'" + text + "' again");
      }
      if (Float.isNaN(score)) {
        throw new MalformedFileException(file, -1, path + ".score", "a number", "NaN");
      }
      pieces.add(new Piece(text, score, KINDS.get((int) kind - 1)));
    }

    private void trainer(ProtoReader in) {
      for (int field = in.next(); field != 0; field = in.next()) {
        switch (field) {
          case 3 -> modelType = (int) in.integer();
          case 24 -> suffixSpace = in.bool();
          case 35 -> byteFallback = in.bool();
          case 44 -> unkSurface = in.string();
          default -> in.skip();
        }
      }
    }

    private void normalizer(ProtoReader in) {
      for (int field = in.next(); field != 0; field = in.next()) {
        switch (field) {
          case 2 -> rules = in.bytes();
          case 3 -> dummyPrefix = in.bool();
          case 4 -> removeExtraSpaces = in.bool();
          case 5 -> escapeSpaces = in.bool();
          default -> in.skip();
        }
      }
    }

    private void denormalizer(ProtoReader in) {
      for (int field = in.next(); field != 0; field = in.next()) {
        if (field == 2) {
          denormalization = in.bytes();
        } else {
          in.skip();
        }
      }
    }

    private @Nullable CharsMap map(String path, byte[] blob) {
      return blob.length == 0 ? null : CharsMap.read(file, path, blob);
    }

    private SentencePieceFile build() {
      Type type =
          switch (modelType) {
            case 1 -> Type.UNIGRAM;
            case 2 -> Type.BPE;
            default ->
                throw new MalformedFileException(
                    file,
                    -1,
                    "trainer_spec.model_type",
                    "1 (unigram) or 2 (BPE)",
                    Integer.toString(modelType));
          };
      if (pieces.stream().filter(p -> p.kind() == Kind.UNKNOWN).count() != 1) {
        throw new MalformedFileException(
            file, -1, "pieces", "one piece of type UNKNOWN", "none or several");
      }
      for (int b = 0; byteFallback && b < 256; b++) {
        Integer id = ids.get("<0x%02X>".formatted(b));
        if (id == null || pieces.get(id).kind() != Kind.BYTE) {
          throw new MalformedFileException(
              file, -1, "pieces", "a piece of type BYTE for every byte", "none for " + b);
        }
      }
      return new SentencePieceFile(
          List.copyOf(pieces),
          type,
          byteFallback,
          suffixSpace,
          unkSurface,
          map("normalizer_spec.precompiled_charsmap", rules),
          dummyPrefix,
          removeExtraSpaces,
          escapeSpaces,
          map("denormalizer_spec.precompiled_charsmap", denormalization));
    }
  }
}
