package dev.sconce.text;

import dev.sconce.base.InvalidInputException;
import dev.sconce.base.json.Json;
import dev.sconce.base.json.JsonArray;
import dev.sconce.base.json.JsonBool;
import dev.sconce.base.json.JsonNull;
import dev.sconce.base.json.JsonNumber;
import dev.sconce.base.json.JsonObject;
import dev.sconce.base.json.JsonString;
import dev.sconce.base.json.JsonValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Runs the vectors of one tokenizer folder and collects what differs. */
final class Vectors {

  private final JsonObject vectors;
  private final List<String> texts = new ArrayList<>();
  // The file by itself is the tokenizers library's, the folder is transformers'.
  private final Tokenizer tokenizer;
  private final Tokenizer wrapped;
  private final List<String> failures = new ArrayList<>();
  private int cases;

  Vectors(Path folder) {
    try {
      vectors = Json.readObject(folder.resolve("vectors.json"));
      JsonObject file = Json.readObject(folder.resolve(vectors.string("texts").orElseThrow()));
      for (JsonValue text : file.array("texts").orElseThrow()) {
        texts.add(string(text));
      }
      wrapped = Tokenizer.load(folder);
      Path json = folder.resolve("tokenizer.json");
      tokenizer = Files.exists(json) ? Tokenizer.load(json) : wrapped;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<Path> folders(Path root) {
    try (var list = Files.list(root)) {
      return list.filter(p -> Files.exists(p.resolve("vectors.json"))).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<String> run() {
    switch (vectors.string("kind").orElse("json")) {
      case "marian" -> marian();
      case "tiktoken", "tekken" -> tiktoken();
      case "sentencepiece" -> sentencePiece();
      default -> json();
    }
    if (cases < 50) {
      failures.add("only " + cases + " cases were run");
    }
    return failures;
  }

  private void json() {
    each("encode", this::encode);
    each(
        "tokens",
        e ->
            compare(
                "tokens",
                e,
                e.get(1).toString(),
                strings(tokenizer.encode(text(e, 0), false).tokens())));
    each("encode_special", this::encodeSpecial);
    each("pairs", this::pair);
    each("decode", this::decode);
    each("stream", this::stream);
    each("transformers", this::transformers);
    for (JsonValue value : vectors.array("batch").orElseThrow()) {
      cases++;
      batch((JsonObject) value);
    }
  }

  private void sentencePiece() {
    each(
        "encode",
        e ->
            compare(
                "encode", e, e.get(1).toString(), ints(tokenizer.encode(text(e, 0), false).ids())));
    each(
        "tokens",
        e ->
            compare(
                "tokens",
                e,
                e.get(1).toString(),
                strings(tokenizer.encode(text(e, 0), false).tokens())));
    each(
        "decode",
        e -> compare("decode", e, string(e.get(1)), tokenizer.decode(intArray(e.get(0)), true)));
    each(
        "special",
        e -> {
          String[] roles = {"bos_token", "eos_token", "unk_token", "pad_token"};
          int[] ids = new int[4];
          for (int i = 0; i < 4; i++) {
            ids[i] = tokenizer.specialTokenId(roles[i]).orElse(-1);
          }
          compare("special", e, e.toString(), ints(ids));
        });
  }

  private void tiktoken() {
    each(
        "encode",
        e ->
            compare(
                "encode",
                e,
                e.get(1).toString(),
                ints(tokenizer.withSpecialTokensAsText(true).encode(text(e, 0), false).ids())));
    each(
        "encode_allow_special",
        e ->
            compare(
                "allow",
                e,
                e.get(1).toString(),
                ints(
                    tokenizer
                        .withSpecialTokensAsText(false)
                        .encode(string(e.get(0)), false)
                        .ids())));
    each(
        "decode_bytes",
        e -> compare("decode", e, string(e.get(2)), tokenizer.decode(intArray(e.get(0)), false)));
  }

  private void marian() {
    each(
        "encode_special",
        e ->
            compare(
                "encode_special",
                e,
                e.get(1).toString(),
                ints(tokenizer.encode(text(e, 0), true).ids())));
    each(
        "target",
        e ->
            compare(
                "target",
                e,
                e.get(1).toString(),
                ints(tokenizer.forTarget().encode(text(e, 0), true).ids())));
    each(
        "language_prefix",
        e ->
            compare(
                "language",
                e,
                e.get(1).toString(),
                ints(tokenizer.encode(string(e.get(0)), true).ids())));
    each("decode", this::decode);
  }

  private void each(String name, java.util.function.Consumer<JsonArray> check) {
    Optional<JsonArray> entries = vectors.array(name);
    if (entries.isEmpty()) {
      return;
    }
    for (JsonValue entry : entries.get()) {
      cases++;
      try {
        check.accept((JsonArray) entry);
      } catch (RuntimeException e) {
        failures.add(
            name
                + " "
                + entry
                + ": "
                + e
                + " at "
                + Arrays.toString(e.getStackTrace()).substring(0, 200));
      }
    }
  }

  private void encode(JsonArray e) {
    String text = text(e, 0);
    Encoding encoding = tokenizer.encode(text, false);
    compare("ids of '" + text + "'", e, e.get(1).toString(), ints(encoding.ids()));
    compare("offsets of '" + text + "'", e, e.get(2).toString(), offsets(encoding, text, ""));
  }

  private void encodeSpecial(JsonArray e) {
    String text = text(e, 0);
    Encoding encoding = tokenizer.encode(text, true);
    compare("special ids of '" + text + "'", e, e.get(1).toString(), ints(encoding.ids()));
    compare("special types", e, e.get(2).toString(), ints(encoding.typeIds()));
    compare(
        "special offsets of '" + text + "'", e, e.get(3).toString(), offsets(encoding, text, ""));
    compare("special mask", e, e.get(4).toString(), ints(encoding.specialTokensMask()));
  }

  private void pair(JsonArray e) {
    String a = text(e, 0);
    String b = text(e, 1);
    Encoding encoding = tokenizer.encode(a, b, true);
    compare("pair ids of '" + a + "', '" + b + "'", e, e.get(2).toString(), ints(encoding.ids()));
    compare("pair types", e, e.get(3).toString(), ints(encoding.typeIds()));
    compare("pair offsets", e, e.get(4).toString(), offsets(encoding, a, b));
  }

  private void decode(JsonArray e) {
    int[] ids = intArray(e.get(0));
    compare("decode", e, string(e.get(1)), tokenizer.decode(ids, false));
    compare("decode skip", e, string(e.get(2)), tokenizer.decode(ids, true));
  }

  private void stream(JsonArray e) {
    DecodeStream stream = tokenizer.decodeStream(e.get(1) == JsonBool.TRUE);
    List<JsonValue> got = new ArrayList<>();
    JsonArray want = (JsonArray) e.get(2);
    for (int id : intArray(e.get(0))) {
      try {
        String piece = stream.step(id);
        got.add(piece.isEmpty() ? JsonNull.NULL : new JsonString(piece));
      } catch (InvalidInputException _) {
        got.add(
            want.size() > got.size() && want.get(got.size()) instanceof JsonObject o
                ? o
                : new JsonString("refused"));
        break;
      }
    }
    compare("stream", e, want.toString(), new JsonArray(got).toString());
  }

  private void transformers(JsonArray e) {
    int[] ids = intArray(e.get(1));
    compare(
        "transformers ids", e, e.get(1).toString(), ints(wrapped.encode(text(e, 0), true).ids()));
    compare(
        "transformers decode",
        e,
        string(e.get(2)),
        wrapped.decode(ids, DecodeOptions.ofTransformers(wrapped)));
    compare(
        "transformers clean",
        e,
        string(e.get(3)),
        wrapped.decode(ids, new DecodeOptions(true, true)));
    compare(
        "transformers plain",
        e,
        string(e.get(4)),
        wrapped.decode(ids, new DecodeOptions(true, false)));
  }

  private void batch(JsonObject b) {
    Tokenizer t = tokenizer.withoutPadding().withoutTruncation();
    JsonObject truncation = b.object("truncation").orElse(null);
    try {
      if (truncation != null) {
        t =
            t.withTruncation(
                new Truncation(
                    (int) truncation.integer("max_length").orElseThrow(),
                    (int) truncation.integer("stride").orElse(0),
                    Truncation.Strategy.valueOf(
                        truncation
                            .string("strategy")
                            .orElse("longest_first")
                            .toUpperCase(java.util.Locale.ROOT)),
                    truncation.string("direction").orElse("right").equals("left")
                        ? Truncation.Direction.LEFT
                        : Truncation.Direction.RIGHT));
      }
      JsonObject padding = b.object("padding").orElse(null);
      if (padding != null) {
        t =
            t.withPadding(
                new Padding(
                    padding.integer("length").isPresent()
                        ? Optional.of((int) padding.integer("length").getAsLong())
                        : Optional.empty(),
                    (int) padding.integer("pad_to_multiple_of").orElse(0),
                    padding.string("direction").orElse("right").equals("left")
                        ? Padding.Direction.LEFT
                        : Padding.Direction.RIGHT,
                    (int) padding.integer("pad_id").orElse(0),
                    0,
                    Objects.requireNonNullElse(padding.string("pad_token").orElse(null), "")));
      }
      List<Encoding> encodings;
      if (b.has("pair")) {
        int[] pair = intArray(b.array("pair").orElseThrow());
        encodings = List.of(t.encode(texts.get(pair[0]), texts.get(pair[1]), true));
      } else {
        encodings =
            t.encodeBatch(
                Arrays.stream(intArray(b.array("texts").orElseThrow()))
                    .mapToObj(texts::get)
                    .toList(),
                true);
      }
      if (b.has("error")) {
        failures.add("no error in batch " + b);
        return;
      }
      JsonArray none = new JsonArray(List.of());
      compare(
          "batch ids",
          none,
          b.array("ids").orElseThrow() + "",
          list(encodings, e -> ints(e.ids())));
      compare(
          "batch types",
          none,
          b.array("type_ids").orElseThrow() + "",
          list(encodings, e -> ints(e.typeIds())));
      if (b.has("attention_mask")) {
        compare(
            "batch attention",
            none,
            b.array("attention_mask").orElseThrow() + "",
            list(encodings, e -> ints(e.attentionMask())));
      }
      compare(
          "batch overflowing " + b.object("truncation"),
          none,
          b.array("overflowing").orElseThrow() + "",
          list(encodings, e -> list(e.overflowing(), o -> ints(o.ids()))));
    } catch (InvalidInputException e) {
      if (!b.has("error")) {
        failures.add("error in batch " + b + ": " + e);
      }
    }
  }

  private static <T> String list(List<T> items, java.util.function.Function<T, String> form) {
    return "[" + String.join(",", items.stream().map(form).toList()) + "]";
  }

  private void compare(String what, JsonArray entry, String want, String got) {
    if (!want.equals(got)) {
      failures.add(
          what
              + " of "
              + (entry.size() > 0 ? entry.get(0) : "")
              + "\n  want "
              + want
              + "\n  got  "
              + got);
    }
  }

  private String text(JsonArray e, int index) {
    return texts.get((int) ((JsonNumber) e.get(index)).asLong().orElseThrow());
  }

  private static String string(JsonValue value) {
    return ((JsonString) value).value();
  }

  private static int[] intArray(JsonValue value) {
    return ((JsonArray) value)
        .values().stream().mapToInt(v -> (int) ((JsonNumber) v).asLong().orElseThrow()).toArray();
  }

  private static String ints(int[] values) {
    return Arrays.toString(values).replace(" ", "");
  }

  private static String strings(List<String> values) {
    return new JsonArray(values.stream().map(v -> (JsonValue) new JsonString(v)).toList())
        .toString();
  }

  private static String offsets(Encoding encoding, String a, String b) {
    int[] flat = new int[encoding.size() * 2];
    int[] sequences = encoding.sequenceIds();
    for (int i = 0; i < encoding.size(); i++) {
      String text = sequences[i] == 1 ? b : a;
      flat[2 * i] = text.codePointCount(0, encoding.start(i));
      flat[2 * i + 1] = text.codePointCount(0, encoding.end(i));
    }
    return ints(flat);
  }
}
