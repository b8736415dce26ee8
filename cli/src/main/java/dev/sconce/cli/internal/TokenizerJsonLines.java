package dev.sconce.cli.internal;

import dev.sconce.base.InvalidInputException;
import dev.sconce.base.SconceException;
import dev.sconce.base.json.Json;
import dev.sconce.base.json.JsonArray;
import dev.sconce.base.json.JsonBool;
import dev.sconce.base.json.JsonNull;
import dev.sconce.base.json.JsonNumber;
import dev.sconce.base.json.JsonObject;
import dev.sconce.base.json.JsonString;
import dev.sconce.base.json.JsonValue;
import dev.sconce.text.DecodeOptions;
import dev.sconce.text.DecodeStream;
import dev.sconce.text.Encoding;
import dev.sconce.text.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Answers requests to a tokenizer, one JSON value each; offsets are in code points. */
public final class TokenizerJsonLines {

  private static final Set<String> ENCODE =
      Set.of("text", "pair", "add_special_tokens", "special_tokens_as_text");
  private static final Set<String> DECODE =
      Set.of("ids", "skip_special_tokens", "clean_up_tokenization_spaces", "stream");

  private final Tokenizer tokenizer;

  /** Creates an answerer. */
  public TokenizerJsonLines(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  /** Returns the answer to a request; a wrong one is answered by an {@code error}. */
  public JsonObject answer(String line) {
    try {
      return switch (Json.parse("standard input", line)) {
        case JsonString(String text) -> encode(text, JsonObject.builder().build());
        case JsonObject request when request.has("ids") -> decode(only(request, DECODE));
        case JsonObject request ->
            encode(
                request.string("text").orElseThrow(() -> wrong("text", "a string", "none")),
                only(request, ENCODE));
        case JsonValue other -> throw wrong("the line", "a string or an object", other.kind());
      };
    } catch (SconceException e) {
      return JsonObject.builder().put("error", String.valueOf(e.getMessage())).build();
    }
  }

  private static InvalidInputException wrong(String argument, String expected, String found) {
    return new InvalidInputException("tokenize --json-lines", argument, expected, found);
  }

  private static JsonObject only(JsonObject request, Set<String> known) {
    for (String name : request.members().keySet()) {
      if (!known.contains(name)) {
        throw wrong(name, "one of " + known.stream().sorted().toList(), "an unknown member");
      }
    }
    return request;
  }

  private static boolean flag(JsonObject request, String name, boolean fallback) {
    JsonValue value = request.get(name).orElse(JsonNull.NULL);
    return switch (value) {
      case JsonBool bool -> bool.value();
      case JsonNull _ -> fallback;
      default -> throw wrong(name, "true or false", value.kind());
    };
  }

  private JsonObject encode(String text, JsonObject request) {
    boolean special = flag(request, "add_special_tokens", true);
    Tokenizer t =
        request.has("special_tokens_as_text")
            ? tokenizer.withSpecialTokensAsText(flag(request, "special_tokens_as_text", false))
            : tokenizer;
    JsonValue pair = request.get("pair").orElse(JsonNull.NULL);
    return switch (pair) {
      case JsonString(String second) -> describe(t.encode(text, second, special), text, second);
      case JsonNull _ -> describe(t.encode(text, special), text, "");
      default -> throw wrong("pair", "a string", pair.kind());
    };
  }

  /** Describes an encoding; offsets are pairs of code point indices. */
  public static JsonObject describe(Encoding encoding, String text, String pair) {
    CodePointIndex[] indices = {new CodePointIndex(text), new CodePointIndex(pair)};
    int[] sequences = encoding.sequenceIds();
    List<JsonValue> offsets = new ArrayList<>();
    for (int i = 0; i < encoding.size(); i++) {
      CodePointIndex index = indices[Math.max(sequences[i], 0)];
      offsets.add(
          new JsonArray(
              List.of(
                  JsonNumber.of(index.of(encoding.start(i))),
                  JsonNumber.of(index.of(encoding.end(i))))));
    }
    JsonObject.Builder answer =
        JsonObject.builder()
            .put("ids", numbers(encoding.ids()))
            .put("tokens", strings(encoding.tokens()))
            .put("offsets", new JsonArray(offsets))
            .put("type_ids", numbers(encoding.typeIds()))
            .put("attention_mask", numbers(encoding.attentionMask()))
            .put("special_tokens_mask", numbers(encoding.specialTokensMask()))
            .put("word_ids", numbersOrNull(encoding.wordIds()))
            .put("sequence_ids", numbersOrNull(sequences));
    if (!encoding.overflowing().isEmpty()) {
      answer.put(
          "overflowing",
          new JsonArray(
              encoding.overflowing().stream()
                  .<JsonValue>map(part -> describe(part, text, pair))
                  .toList()));
    }
    return answer.build();
  }

  private JsonObject decode(JsonObject request) {
    List<JsonValue> values =
        request.array("ids").orElseThrow(() -> wrong("ids", "an array", "another value")).values();
    int[] ids = new int[values.size()];
    for (int i = 0; i < ids.length; i++) {
      long id =
          values.get(i) instanceof JsonNumber number
              ? number.asLong().orElseThrow(() -> wrong("ids", "integers", number.literal()))
              : fail(values.get(i));
      // What no int can hold is no token either.
      ids[i] = id >= 0 && id <= Integer.MAX_VALUE ? (int) id : -1;
    }
    boolean skip = flag(request, "skip_special_tokens", true);
    if (flag(request, "stream", false)) {
      return stream(ids, skip);
    }
    boolean clean = flag(request, "clean_up_tokenization_spaces", false);
    return JsonObject.builder()
        .put("text", tokenizer.decode(ids, new DecodeOptions(skip, clean)))
        .build();
  }

  private static long fail(JsonValue value) {
    throw wrong("ids", "integers", value.kind());
  }

  private JsonObject stream(int[] ids, boolean skip) {
    DecodeStream stream = tokenizer.decodeStream(skip);
    List<JsonValue> pieces = new ArrayList<>();
    for (int id : ids) {
      String piece = stream.step(id);
      pieces.add(piece.isEmpty() ? JsonNull.NULL : new JsonString(piece));
    }
    return JsonObject.builder().put("pieces", new JsonArray(pieces)).build();
  }

  private static JsonArray numbers(int[] values) {
    List<JsonValue> list = new ArrayList<>(values.length);
    for (int value : values) {
      list.add(JsonNumber.of(value));
    }
    return new JsonArray(list);
  }

  private static JsonArray numbersOrNull(int[] values) {
    return new JsonArray(
        Arrays.stream(values)
            .<JsonValue>mapToObj(value -> value < 0 ? JsonNull.NULL : JsonNumber.of(value))
            .toList());
  }

  private static JsonArray strings(List<String> values) {
    return new JsonArray(values.stream().<JsonValue>map(JsonString::new).toList());
  }

  /** Turns UTF-16 indices into code point indices. */
  private static final class CodePointIndex {
    private final int[] codePoints;

    private CodePointIndex(String text) {
      codePoints = new int[text.length() + 1];
      int n = 0;
      for (int i = 0; i < text.length(); n++) {
        int next = i + Character.charCount(text.codePointAt(i));
        for (; i < next; i++) {
          codePoints[i] = n;
        }
      }
      codePoints[text.length()] = n;
    }

    private int of(int unit) {
      return codePoints[unit];
    }
  }
}
