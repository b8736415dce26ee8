package dev.sconce.text.internal.tiktoken;

import dev.sconce.base.MalformedFileException;
import dev.sconce.base.json.JsonNumber;
import dev.sconce.base.json.JsonObject;
import dev.sconce.text.internal.Engine;
import dev.sconce.text.internal.json.Fields;
import dev.sconce.text.internal.regex.KnownPatterns;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads tiktoken's rank files: one line for each token, {@code base64 rank}. */
public final class TiktokenFile {

  private static final int LLAMA3_SPECIAL_TOKENS = 256;

  private TiktokenFile() {}

  /** Returns whether bytes look like a rank file. */
  public static boolean matches(byte[] bytes) {
    int i = 0;
    while (i < bytes.length && i < 1 << 16 && isBase64(bytes[i])) {
      i++;
    }
    return i > 0
        && i + 1 < bytes.length
        && bytes[i] == ' '
        && bytes[i + 1] >= '0'
        && bytes[i + 1] <= '9';
  }

  private static boolean isBase64(byte b) {
    return (b >= 'a' && b <= 'z')
        || (b >= 'A' && b <= 'Z')
        || (b >= '0' && b <= '9')
        || b == '+'
        || b == '/'
        || b == '=';
  }

  /**
   * Reads a rank file.
   *
   * @param config {@code {"pattern": …, "special_tokens": {token: id}}}, or null for those of Llama
   *     3
   */
  public static Engine read(String file, byte[] bytes, @Nullable Fields config) {
    List<String> tokens = new ArrayList<>();
    String[] lines = new String(bytes, StandardCharsets.UTF_8).split("\\n", -1);
    for (int n = 0; n < lines.length; n++) {
      String line = lines[n].strip();
      if (!line.isEmpty()) {
        tokens.add(token(file, n + 1, line, tokens.size()));
      }
    }
    if (config == null) {
      return RankModel.engine(
          file,
          tokens,
          0,
          KnownPatterns.CL100K,
          RankModel.special(llama3SpecialTokens(tokens.size())));
    }
    return RankModel.engine(
        file,
        tokens,
        0,
        config.string("pattern"),
        RankModel.special(specialTokens(config, tokens.size())));
  }

  private static String token(String file, int number, String line, int rank) {
    String[] parts = line.split(" ", -1);
    String path = "line " + number;
    if (parts.length != 2 || !parts[1].equals(Integer.toString(rank))) {
      throw new MalformedFileException(
          file, -1, path, "a token in base64 and the rank " + rank, "'" + line + "'");
    }
    try {
      return RankModel.spell(Base64.getDecoder().decode(parts[0]));
    } catch (IllegalArgumentException e) {
      throw new MalformedFileException(
          file, -1, path, "a token in base64", String.valueOf(e.getMessage()));
    }
  }

  private static Map<String, Integer> specialTokens(Fields config, int first) {
    Map<String, Integer> ids = new LinkedHashMap<>();
    JsonObject object = config.object("special_tokens").object();
    object
        .members()
        .forEach(
            (token, value) -> {
              long id = value instanceof JsonNumber number ? number.asLong().orElse(-1) : -1;
              if (id < first || id > Integer.MAX_VALUE || ids.containsValue((int) id)) {
                throw config.error(
                    "special_tokens[\"" + token + "\"]",
                    "an id of its own, from " + first,
                    Fields.describe(value));
              }
              ids.put(token, (int) id);
            });
    return ids;
  }

  // The tokens of Llama 3.1, reserved ones filling up to 256.
  private static Map<String, Integer> llama3SpecialTokens(int first) {
    List<String> names =
        new ArrayList<>(
            List.of(
                "<|begin_of_text|>",
                "<|end_of_text|>",
                "<|reserved_special_token_0|>",
                "<|reserved_special_token_1|>",
                "<|finetune_right_pad_id|>",
                "<|step_id|>",
                "<|start_header_id|>",
                "<|end_header_id|>",
                "<|eom_id|>",
                "<|eot_id|>",
                "<|python_tag|>"));
    for (int i = 2; names.size() < LLAMA3_SPECIAL_TOKENS; i++) {
      names.add("<|reserved_special_token_" + i + "|>");
    }
    Map<String, Integer> ids = new LinkedHashMap<>();
    for (String name : names) {
      ids.put(name, first + ids.size());
    }
    return ids;
  }
}
