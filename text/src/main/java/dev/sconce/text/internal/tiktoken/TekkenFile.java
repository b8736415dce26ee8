package dev.sconce.text.internal.tiktoken;

import dev.sconce.base.json.JsonObject;
import dev.sconce.text.internal.Engine;
import dev.sconce.text.internal.json.Fields;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads Mistral's {@code tekken.json}. Special tokens come first; only so many ranks count that
 * both together are the vocabulary's size.
 */
public final class TekkenFile {

  // Files of before version 3 do not list them.
  private static final List<String> FIRST_SPECIAL_TOKENS =
      List.of(
          "<unk>",
          "<s>",
          "</s>",
          "[INST]",
          "[/INST]",
          "[AVAILABLE_TOOLS]",
          "[/AVAILABLE_TOOLS]",
          "[TOOL_RESULTS]",
          "[/TOOL_RESULTS]",
          "[TOOL_CALLS]",
          "[IMG]",
          "<pad>",
          "[IMG_BREAK]",
          "[IMG_END]",
          "[PREFIX]",
          "[MIDDLE]",
          "[SUFFIX]",
          "[SYSTEM_PROMPT]",
          "[/SYSTEM_PROMPT]",
          "[TOOL_CONTENT]");

  private TekkenFile() {}

  /** Returns whether an object is that of a tekken.json. */
  public static boolean matches(JsonObject object) {
    return object.array("vocab").isPresent() && object.object("config").isPresent();
  }

  /** Reads a file. */
  public static Engine read(String file, JsonObject object) {
    Fields f = new Fields(file, "", object);
    Fields config = f.object("config");
    List<Fields> vocab = f.objects("vocab");
    int size = config.integer("default_vocab_size", 1, Integer.MAX_VALUE);
    int special = config.integer("default_num_special_tokens", 0, size);
    int ranks = size - special;
    if (ranks > vocab.size()) {
      throw config.error(
          "default_vocab_size",
          "at most " + special + " special tokens and " + vocab.size() + " ranks",
          Integer.toString(size));
    }
    List<String> tokens = new ArrayList<>(ranks);
    for (int rank = 0; rank < ranks; rank++) {
      Fields token = vocab.get(rank);
      token.integer("rank", rank, rank);
      try {
        tokens.add(RankModel.spell(Base64.getDecoder().decode(token.string("token_bytes"))));
      } catch (IllegalArgumentException e) {
        throw token.error("token_bytes", "base64", String.valueOf(e.getMessage()));
      }
    }
    return RankModel.engine(
        file,
        tokens,
        special,
        config.string("pattern"),
        RankModel.special(specialTokens(f, special)));
  }

  private static Map<String, Integer> specialTokens(Fields f, int count) {
    String[] names = new String[count];
    if (f.has("special_tokens")) {
      for (Fields token : f.objects("special_tokens")) {
        names[token.integer("rank", 0, count - 1)] = token.string("token_str");
      }
    } else {
      for (int i = 0; i < Math.min(count, FIRST_SPECIAL_TOKENS.size()); i++) {
        names[i] = FIRST_SPECIAL_TOKENS.get(i);
      }
    }
    Map<String, Integer> ids = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      String name = names[i] == null ? "<SPECIAL_" + i + ">" : names[i];
      if (ids.put(name, i) != null) {
        throw f.error("special_tokens", "different tokens", "'" + name + "' twice");
      }
    }
    return ids;
  }
}
