package dev.sconce.generate;

import dev.sconce.base.json.JsonNumber;
import dev.sconce.base.json.JsonObject;
import dev.sconce.base.json.JsonValue;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The texts of the tokens of the two fixture tokenizers: byte-level, and byte fallback. */
final class TokenTexts {

  private TokenTexts() {}

  static List<byte[]> read(Path file) throws IOException {
    JsonObject json = GenerationFixtures.object(file);
    boolean byteLevel =
        json.object("decoder").orElseThrow().string("type").orElseThrow().equals("ByteLevel");
    List<byte[]> texts = new ArrayList<>();
    json.object("model")
        .orElseThrow()
        .object("vocab")
        .orElseThrow()
        .members()
        .forEach(
            (token, id) ->
                set(
                    texts,
                    (int) ((JsonNumber) id).asDouble(),
                    byteLevel ? byteLevel(token) : fallback(token)));
    for (JsonValue added : json.array("added_tokens").orElseThrow()) {
      JsonObject token = (JsonObject) added;
      set(
          texts,
          (int) token.integer("id").orElseThrow(),
          GenerationFixtures.utf8(token.string("content").orElseThrow()));
    }
    return texts;
  }

  private static void set(List<byte[]> texts, int id, byte[] text) {
    while (texts.size() <= id) {
      texts.add(new byte[0]);
    }
    texts.set(id, text);
  }

  /** GPT-2's table: printable bytes stand for themselves, the others follow from U+0100 on. */
  private static byte[] byteLevel(String token) {
    Map<Integer, Integer> bytes = new HashMap<>();
    int next = 256;
    for (int b = 0; b < 256; b++) {
      boolean printable = (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xAC) || b >= 0xAE;
      bytes.put(printable ? b : next++, b);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    if (!token.codePoints().allMatch(bytes::containsKey)) {
      return GenerationFixtures.utf8(token);
    }
    token.codePoints().forEach(c -> out.write(bytes.get(c)));
    return out.toByteArray();
  }

  private static byte[] fallback(String token) {
    return token.matches("<0x[0-9A-Fa-f]{2}>")
        ? new byte[] {(byte) Integer.parseInt(token.substring(3, 5), 16)}
        : GenerationFixtures.utf8(token.replace('▁', ' '));
  }
}
