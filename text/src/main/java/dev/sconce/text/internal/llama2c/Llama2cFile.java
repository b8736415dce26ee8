package dev.sconce.text.internal.llama2c;

import dev.sconce.base.MalformedFileException;
import dev.sconce.text.internal.Engine;
import dev.sconce.text.internal.decoder.Decoder;
import dev.sconce.text.internal.decoder.PieceDecoder;
import dev.sconce.text.internal.model.BpeModel;
import dev.sconce.text.internal.model.MergeTable;
import dev.sconce.text.internal.model.Vocabulary;
import dev.sconce.text.internal.normalizer.Prepend;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the tokenizer of llama2.c, with or without ExecuTorch's longer header.
 *
 * <pre>
 *   [ i32 vocabulary size | i32 bos | i32 eos ] i32 longest token | { f32 score | i32 length | bytes } …
 * </pre>
 */
public final class Llama2cFile {

  private static final int LONG_HEADER = 16;
  private static final int SHORT_HEADER = 4;
  private static final int MAX_TOKEN = 1 << 16;

  private Llama2cFile() {}

  /**
   * A loaded file.
   *
   * @param engine its parts
   * @param roles its special tokens by role
   */
  public record Loaded(Engine engine, Map<String, String> roles) {}

  /**
   * Returns whether bytes are such a file: the records after one of the headers fill it exactly.
   */
  public static boolean matches(byte[] bytes) {
    return count(bytes, LONG_HEADER) > 0 || count(bytes, SHORT_HEADER) > 0;
  }

  private static int count(byte[] bytes, int header) {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.length < header || in.getInt(header - 4) <= 0) {
      return -1;
    }
    int longest = in.getInt(header - 4);
    int at = header;
    int n = 0;
    while (at <= bytes.length - 8) {
      int length = in.getInt(at + 4);
      if (length < 0 || length > Math.min(longest, MAX_TOKEN) || length > bytes.length - at - 8) {
        return -1;
      }
      at += 8 + length;
      n++;
    }
    boolean agrees = header == SHORT_HEADER || n == in.getInt(0);
    return at == bytes.length && agrees ? n : -1;
  }

  /** Reads a file. */
  public static Loaded read(String file, byte[] bytes) {
    boolean longHeader = count(bytes, LONG_HEADER) > 0;
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int bos = longHeader ? in.getInt(4) : 1;
    int eos = longHeader ? in.getInt(8) : 2;
    in.position(longHeader ? LONG_HEADER : SHORT_HEADER);
    List<String> tokens = new ArrayList<>();
    List<Float> scores = new ArrayList<>();
    while (in.hasRemaining()) {
      float score = in.getFloat();
      byte[] token = new byte[in.getInt()];
      in.get(token);
      if (Float.isNaN(score)) {
        throw new MalformedFileException(
            file, in.position(), "token " + tokens.size(), "a score", "NaN");
      }
      tokens.add(new String(token, StandardCharsets.UTF_8));
      scores.add(score);
    }
    Vocabulary vocabulary = Vocabulary.ofList(tokens);
    String unk = tokens.getFirst();
    BpeModel model =
        new BpeModel(
            vocabulary,
            merges(vocabulary, tokens, scores),
            new BpeModel.Options(0, unk, "", "", false, true, false, false));
    Decoder steps =
        new Decoder.Chain(
            List.of(new Decoder.ByteFallback(), new Decoder.Fuse(), new Decoder.Strip(' ', 1, 0)));
    Engine engine =
        Engine.of(
            new Engine.Parts(List.of(), true, new Prepend(" "), null, model, null, null, null),
            (added, m) -> new PieceDecoder(added, m, steps));
    Map<String, String> roles = new LinkedHashMap<>();
    put(roles, "bos_token", vocabulary.token(bos));
    put(roles, "eos_token", vocabulary.token(eos));
    put(roles, "unk_token", unk);
    return new Loaded(engine, roles);
  }

  private static void put(Map<String, String> roles, String role, @Nullable String token) {
    if (token != null) {
      roles.put(role, token);
    }
  }

  // Any two neighbours merge that together are a token, the best score first, then the leftmost:
  // tokens of equal score have equal rank.
  private static MergeTable merges(Vocabulary vocabulary, List<String> tokens, List<Float> scores) {
    List<Float> order = scores.stream().distinct().sorted((a, b) -> Float.compare(b, a)).toList();
    Map<Float, Integer> ranks = new LinkedHashMap<>();
    for (Float score : order) {
      ranks.put(score, ranks.size());
    }
    MergeTable table = new MergeTable(tokens.size() * 2);
    for (int id = 0; id < tokens.size(); id++) {
      String token = tokens.get(id);
      if (vocabulary.id(token) != id) {
        continue;
      }
      for (int cut = 1; cut < token.length(); cut++) {
        int left = vocabulary.id(token.substring(0, cut));
        int right = left < 0 ? -1 : vocabulary.id(token.substring(cut));
        if (left >= 0 && right >= 0) {
          table.put(left, right, ranks.getOrDefault(scores.get(id), 0), id);
        }
      }
    }
    return table;
  }
}
