package dev.sconce.text.internal.marian;

import dev.sconce.base.MalformedFileException;
import dev.sconce.base.json.JsonObject;
import dev.sconce.text.AddedToken;
import dev.sconce.text.internal.Engine;
import dev.sconce.text.internal.json.Fields;
import dev.sconce.text.internal.load.FileSet;
import dev.sconce.text.internal.model.Vocabulary;
import dev.sconce.text.internal.postprocessor.TemplateProcessing;
import dev.sconce.text.internal.sentencepiece.SentencePiece;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Loads the files of a Marian model: {@code source.spm}, {@code target.spm}, {@code vocab.json}.
 */
public final class MarianFiles {

  /** The files, the one that may be missing among them. */
  public static final List<String> NAMES = List.of("source.spm", "target.spm", "vocab.json");

  private MarianFiles() {}

  /** Returns whether the files are there. */
  public static boolean matches(FileSet files) {
    return files.has("source.spm") && files.has("vocab.json");
  }

  /**
   * Loads the source side, and the target side with it.
   *
   * @param roles special tokens by role, as the configuration says
   */
  public static Engine read(FileSet files, Map<String, String> roles) throws IOException {
    String file = files.describe("vocab.json");
    Vocabulary vocabulary = vocabulary(file, files.json("vocab.json"));
    Map<String, String> all = new HashMap<>(roles);
    all.putIfAbsent("eos_token", "</s>");
    all.putIfAbsent("unk_token", "<unk>");
    all.putIfAbsent("pad_token", "<pad>");
    Engine source = side(files, "source.spm", file, vocabulary, all);
    return files.has("target.spm")
        ? source.withTarget(side(files, "target.spm", file, vocabulary, all))
        : source;
  }

  private static Vocabulary vocabulary(String file, JsonObject object) {
    Fields f = new Fields(file, "", object);
    Map<String, Integer> ids = new HashMap<>();
    Map<Integer, String> tokens = new HashMap<>();
    for (String token : object.members().keySet()) {
      int id = f.integer(token, 0, Integer.MAX_VALUE);
      String other = tokens.put(id, token);
      if (other != null) {
        throw f.error(token, "an id of its own", "the id " + id + ", which '" + other + "' has");
      }
      ids.put(token, id);
    }
    return Vocabulary.of(ids);
  }

  private static Engine side(
      FileSet files,
      String spm,
      String vocabularyFile,
      Vocabulary vocabulary,
      Map<String, String> roles)
      throws IOException {
    SentencePiece.Loaded model = SentencePiece.read(files.describe(spm), files.bytes(spm));
    int unkId = id(vocabularyFile, vocabulary, roles, "unk_token");
    int eosId = id(vocabularyFile, vocabulary, roles, "eos_token");
    Set<String> specials = new TreeSet<>(roles.values());
    List<AddedToken> added = new ArrayList<>();
    for (String special : specials) {
      int id = vocabulary.id(special);
      if (id >= 0) {
        added.add(new AddedToken(id, special, false, false, false, false, true));
      }
    }
    TemplateProcessing.Item eos =
        new TemplateProcessing.Special(
            List.of(eosId), List.of(roles.getOrDefault("eos_token", "")), 0);
    TemplateProcessing.Item a = new TemplateProcessing.Text(0, 0);
    TemplateProcessing.Item b = new TemplateProcessing.Text(1, 0);
    return Engine.of(
        new Engine.Parts(
            added,
            true,
            null,
            null,
            new MarianModel(model.normalizer(), model.engine().model(), vocabulary, unkId),
            new TemplateProcessing(List.of(a, eos), List.of(a, b, eos)),
            null,
            null),
        (vocabularyOfAdded, m) -> new MarianDecoder(vocabularyOfAdded, m, model.engine()));
  }

  private static int id(
      String file, Vocabulary vocabulary, Map<String, String> roles, String role) {
    String token = roles.getOrDefault(role, "");
    int id = vocabulary.id(token);
    if (id < 0) {
      throw new MalformedFileException(file, -1, role, "the token '" + token + "'", "nothing");
    }
    return id;
  }
}
