package dev.sconce.text.internal.json;

import dev.sconce.base.MalformedFileException;
import dev.sconce.base.json.JsonObject;
import dev.sconce.base.json.JsonReader;
import dev.sconce.text.internal.model.BpeModel;
import dev.sconce.text.internal.model.MergeTable;
import dev.sconce.text.internal.model.Model;
import dev.sconce.text.internal.model.UnigramModel;
import dev.sconce.text.internal.model.Vocabulary;
import dev.sconce.text.internal.model.WordLevelModel;
import dev.sconce.text.internal.model.WordPieceModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads models. The two large members, vocabulary and merges, are read without building a tree of
 * JSON values.
 */
final class ModelJson {

  private static final List<String> TYPES = List.of("BPE", "Unigram", "WordLevel", "WordPiece");

  private final String file;
  private final JsonObject.Builder options = JsonObject.builder();
  private @Nullable Map<String, Integer> ids;
  private @Nullable List<String> tokens;
  private double[] scores = new double[0];
  private @Nullable List<String> merges;

  private ModelJson(String file) {
    this.file = file;
  }

  /** Reads the model that stands next. */
  static Model read(String file, JsonReader in) {
    ModelJson json = new ModelJson(file);
    in.beginObject();
    while (in.hasNext()) {
      String name = in.nextName();
      switch (name) {
        case "vocab" -> {
          if (in.peek() == JsonReader.Token.OBJECT) {
            json.readIds(in);
          } else {
            json.readScores(in);
          }
        }
        case "merges" -> json.readMerges(in);
        default -> json.options.put(name, in.nextValue());
      }
    }
    return json.build(new Fields(file, "model", json.options.build()));
  }

  private MalformedFileException error(String path, String expected, String found) {
    return new MalformedFileException(file, -1, path, expected, found);
  }

  private void readIds(JsonReader in) {
    Map<String, Integer> map = HashMap.newHashMap(1 << 15);
    BitSet used = new BitSet();
    Map<Integer, String> largeIds = new HashMap<>();
    in.beginObject();
    while (in.hasNext()) {
      String token = in.nextName();
      long id = in.nextLong();
      String path = "model.vocab[\"" + token + "\"]";
      if (id < 0 || id > Integer.MAX_VALUE - 1) {
        throw error(path, "an id from 0 to 2147483646", Long.toString(id));
      }
      // Bits for usual ids; a file with a few huge ones must not take memory for all below.
      boolean taken = id < 1 << 24 ? used.get((int) id) : largeIds.put((int) id, token) != null;
      if (id < 1 << 24) {
        used.set((int) id);
      }
      if (taken) {
        throw error(path, "an id of its own", "the id " + id + ", which another token has");
      }
      if (map.put(token, (int) id) != null) {
        throw error(path, "a token that is named once", "a second '" + token + "'");
      }
    }
    ids = map;
  }

  private void readScores(JsonReader in) {
    List<String> list = new ArrayList<>(1 << 15);
    double[] values = new double[1 << 15];
    in.beginArray();
    while (in.hasNext()) {
      String path = "model.vocab[" + list.size() + "]";
      in.beginArray();
      if (!in.hasNext()) {
        throw error(path, "a token and its score", "an empty array");
      }
      list.add(in.nextString());
      if (!in.hasNext()) {
        throw error(path, "a token and its score", "a token alone");
      }
      if (list.size() > values.length) {
        values = Arrays.copyOf(values, values.length * 2);
      }
      values[list.size() - 1] = in.nextDouble();
      if (in.hasNext()) {
        throw error(path, "a token and its score", "more");
      }
    }
    tokens = list;
    scores = Arrays.copyOf(values, list.size());
  }

  // Left and right alternate in the list.
  private void readMerges(JsonReader in) {
    List<String> list = new ArrayList<>(1 << 16);
    in.beginArray();
    while (in.hasNext()) {
      String path = "model.merges[" + list.size() / 2 + "]";
      if (in.peek() == JsonReader.Token.ARRAY) {
        in.beginArray();
        int n = 0;
        while (in.hasNext()) {
          list.add(in.nextString());
          n++;
        }
        if (n != 2) {
          throw error(path, "two tokens", n + " tokens");
        }
        continue;
      }
      String line = in.nextString();
      if (line.startsWith("#version")) {
        continue;
      }
      int space = line.indexOf(' ');
      if (space < 0 || line.indexOf(' ', space + 1) >= 0) {
        throw error(path, "two tokens with one space between them", "'" + line + "'");
      }
      list.add(line.substring(0, space));
      list.add(line.substring(space + 1));
    }
    merges = list;
  }

  private Model build(Fields f) {
    String type = f.has("type") ? f.string("type") : guessType(f);
    if (!TYPES.contains(type)) {
      throw f.error("type", "one of " + TYPES, "'" + type + "'");
    }
    if (ids == null && tokens == null) {
      throw error("model.vocab", "a vocabulary", "nothing");
    }
    if ((tokens != null) != type.equals("Unigram")) {
      throw error(
          "model.vocab",
          type.equals("Unigram") ? "an array of tokens and scores" : "an object of tokens and ids",
          tokens == null ? "an object" : "an array");
    }
    if ((merges != null) != type.equals("BPE")) {
      throw error(
          "model.merges",
          type.equals("BPE") ? "an array of merges" : "nothing in a model of type " + type,
          merges == null ? "nothing" : "merges");
    }
    return switch (type) {
      case "BPE" -> bpe(f);
      case "Unigram" -> unigram(f);
      case "WordLevel" -> {
        f.only("type", "unk_token");
        yield new WordLevelModel(vocabulary(), f.string("unk_token"));
      }
      default -> {
        f.only("type", "unk_token", "continuing_subword_prefix", "max_input_chars_per_word");
        yield new WordPieceModel(
            vocabulary(),
            f.string("unk_token"),
            f.string("continuing_subword_prefix"),
            f.integer("max_input_chars_per_word", 0, Integer.MAX_VALUE));
      }
    };
  }

  // Files of before 2020 do not name the type.
  private String guessType(Fields f) {
    if (merges != null) {
      return "BPE";
    }
    if (tokens != null) {
      return "Unigram";
    }
    return f.has("max_input_chars_per_word") ? "WordPiece" : "WordLevel";
  }

  private Vocabulary vocabulary() {
    return Vocabulary.of(ids == null ? Map.of() : ids);
  }

  private Model unigram(Fields f) {
    f.only("type", "unk_id", "byte_fallback");
    List<String> list = tokens == null ? List.of() : tokens;
    int unkId = f.has("unk_id") ? f.integer("unk_id", 0, Integer.MAX_VALUE) : -1;
    if (unkId >= list.size()) {
      throw f.error("unk_id", "an id below the vocabulary's size of " + list.size(), "" + unkId);
    }
    return new UnigramModel(Vocabulary.ofList(list), scores, unkId, f.bool("byte_fallback", false));
  }

  private Model bpe(Fields f) {
    f.only(
        "type",
        "dropout",
        "unk_token",
        "continuing_subword_prefix",
        "end_of_word_suffix",
        "fuse_unk",
        "byte_fallback",
        "ignore_merges");
    double dropout = f.number("dropout", 0);
    if (!(dropout >= 0 && dropout <= 1)) {
      throw f.error("dropout", "a probability from 0 to 1", "" + dropout);
    }
    String prefix = f.stringOrNull("continuing_subword_prefix");
    String suffix = f.stringOrNull("end_of_word_suffix");
    BpeModel.Options bpe =
        new BpeModel.Options(
            dropout,
            f.stringOrNull("unk_token"),
            prefix == null ? "" : prefix,
            suffix == null ? "" : suffix,
            f.bool("fuse_unk", false),
            f.bool("byte_fallback", false),
            f.bool("ignore_merges", false),
            false);
    Vocabulary vocabulary = vocabulary();
    return new BpeModel(vocabulary, mergeTable(vocabulary, bpe.continuingSubwordPrefix()), bpe);
  }

  private MergeTable mergeTable(Vocabulary vocabulary, String prefix) {
    List<String> list = merges == null ? List.of() : merges;
    MergeTable table = new MergeTable(list.size() / 2);
    for (int rank = 0; rank < list.size() / 2; rank++) {
      String left = list.get(rank * 2);
      String right = list.get(rank * 2 + 1);
      if (right.length() < prefix.length()) {
        throw error(
            "model.merges[" + rank + "]", "a right part that begins with '" + prefix + "'", right);
      }
      String merged = left + right.substring(prefix.length());
      table.put(
          known(vocabulary, left, rank),
          known(vocabulary, right, rank),
          rank,
          known(vocabulary, merged, rank));
    }
    return table;
  }

  private int known(Vocabulary vocabulary, String token, int rank) {
    int id = vocabulary.id(token);
    if (id < 0) {
      throw error("model.merges[" + rank + "]", "tokens of the vocabulary", "'" + token + "'");
    }
    return id;
  }
}
