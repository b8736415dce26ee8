package dev.sconce.text.internal.sentencepiece;

import dev.sconce.text.internal.Engine;
import dev.sconce.text.internal.model.ByteTrie;
import dev.sconce.text.internal.normalizer.Normalizer;
import dev.sconce.text.internal.sentencepiece.SentencePieceFile.Kind;
import dev.sconce.text.internal.sentencepiece.SentencePieceFile.Piece;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Loads SentencePiece models. */
public final class SentencePiece {

  private static final Map<String, String> ROLES =
      Map.of("<s>", "bos_token", "</s>", "eos_token", "<pad>", "pad_token");

  private SentencePiece() {}

  /**
   * A loaded model.
   *
   * @param engine its parts
   * @param normalizer its normalizer
   * @param roles its special pieces by role
   */
  public record Loaded(Engine engine, Normalizer normalizer, Map<String, String> roles) {}

  /** Returns whether bytes look like a model: a message whose first field is a list of pieces. */
  public static boolean matches(byte[] bytes) {
    return bytes.length > 2 && bytes[0] == 0x0A && bytes[1] > 0 && bytes[2] == 0x0A;
  }

  /** Reads a model. */
  public static Loaded read(String name, byte[] bytes) {
    SentencePieceFile file = SentencePieceFile.read(name, bytes);
    ByteTrie userDefined = new ByteTrie(0);
    Map<String, String> roles = new LinkedHashMap<>();
    for (int id = 0; id < file.pieces().size(); id++) {
      Piece piece = file.pieces().get(id);
      if (piece.kind() == Kind.USER_DEFINED) {
        userDefined.put(piece.text(), id);
      }
      if (piece.kind() == Kind.UNKNOWN) {
        roles.put("unk_token", piece.text());
      }
      String role = piece.kind() == Kind.CONTROL ? ROLES.get(piece.text()) : null;
      if (role != null) {
        roles.put(role, piece.text());
      }
    }
    SentencePieceModel model = new SentencePieceModel(file, userDefined);
    Normalizer normalizer = new SentencePieceNormalizer(file, userDefined);
    Engine engine =
        Engine.of(
            new Engine.Parts(List.of(), true, normalizer, null, model, null, null, null),
            (added, _) -> new SentencePieceDecoder(file, added));
    return new Loaded(engine, normalizer, roles);
  }
}
