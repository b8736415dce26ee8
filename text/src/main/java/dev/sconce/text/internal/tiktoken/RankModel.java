package dev.sconce.text.internal.tiktoken;

import dev.sconce.base.MalformedFileException;
import dev.sconce.text.AddedToken;
import dev.sconce.text.internal.Engine;
import dev.sconce.text.internal.decoder.Decoder;
import dev.sconce.text.internal.decoder.PieceDecoder;
import dev.sconce.text.internal.model.BpeModel;
import dev.sconce.text.internal.model.MergeTable;
import dev.sconce.text.internal.model.Vocabulary;
import dev.sconce.text.internal.pipeline.ByteAlphabet;
import dev.sconce.text.internal.pretokenizer.Split;
import dev.sconce.text.internal.pretokenizer.SplitBehavior;
import dev.sconce.text.internal.regex.MatchFinder;
import dev.sconce.text.internal.regex.Regex;
import dev.sconce.text.internal.regex.RegexFlavor;
import dev.sconce.text.internal.regex.RegexSyntaxException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Byte-pair encoding given by ranks alone: any two neighbours merge whose bytes together are a
 * token, the one of lowest rank first. Tokens are kept as {@link ByteAlphabet} spells their bytes.
 */
final class RankModel {

  private RankModel() {}

  /** Returns the spelling of a token's bytes. */
  static String spell(byte[] bytes) {
    StringBuilder spelt = new StringBuilder(bytes.length);
    for (byte b : bytes) {
      spelt.append(ByteAlphabet.character(b & 0xFF));
    }
    return spelt.toString();
  }

  /**
   * Returns the engine of a rank file.
   *
   * @param tokens the spelt tokens in the order of their ranks
   * @param firstId the id of rank 0
   */
  static Engine engine(
      String file, List<String> tokens, int firstId, String pattern, List<AddedToken> special) {
    Map<String, Integer> ids = HashMap.newHashMap(tokens.size());
    for (int rank = 0; rank < tokens.size(); rank++) {
      if (ids.put(tokens.get(rank), firstId + rank) != null) {
        throw new MalformedFileException(
            file, -1, "rank " + rank, "a token of its own", "'" + tokens.get(rank) + "' again");
      }
    }
    for (int b = 0; b < 256; b++) {
      if (!ids.containsKey(Character.toString(ByteAlphabet.character(b)))) {
        throw new MalformedFileException(
            file, -1, "", "a token for every byte", "none for the byte %02X".formatted(b));
      }
    }
    MergeTable merges = new MergeTable(tokens.size() * 2);
    for (int rank = 0; rank < tokens.size(); rank++) {
      String token = tokens.get(rank);
      for (int cut = 1; cut < token.length(); cut++) {
        Integer left = ids.get(token.substring(0, cut));
        Integer right = left == null ? null : ids.get(token.substring(cut));
        if (left != null && right != null) {
          merges.put(left, right, rank, firstId + rank);
        }
      }
    }
    BpeModel model =
        new BpeModel(
            Vocabulary.of(ids),
            merges,
            new BpeModel.Options(0, null, "", "", false, false, true, true));
    // What the pattern does not match is no part of any token.
    Split split = new Split(finder(file, pattern), SplitBehavior.REMOVED, true);
    return Engine.of(
        new Engine.Parts(special, true, null, split, model, null, null, null),
        (added, m) -> new PieceDecoder(added, m, new Decoder.ByteLevel()));
  }

  private static MatchFinder finder(String file, String pattern) {
    try {
      return Regex.finder(pattern, RegexFlavor.FANCY);
    } catch (RegexSyntaxException e) {
      throw new MalformedFileException(
          file,
          -1,
          "pattern",
          "a pattern that can be matched exactly",
          String.valueOf(e.getMessage()));
    }
  }

  /** Returns special tokens with their ids. */
  static List<AddedToken> special(Map<String, Integer> ids) {
    List<AddedToken> tokens = new ArrayList<>();
    ids.forEach(
        (content, id) -> tokens.add(new AddedToken(id, content, false, false, false, false, true)));
    return tokens;
  }
}
