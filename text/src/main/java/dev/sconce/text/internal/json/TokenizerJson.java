package dev.sconce.text.internal.json;

import dev.sconce.base.MalformedFileException;
import dev.sconce.base.json.JsonLimits;
import dev.sconce.base.json.JsonObject;
import dev.sconce.base.json.JsonReader;
import dev.sconce.base.json.JsonString;
import dev.sconce.base.json.JsonValue;
import dev.sconce.text.AddedToken;
import dev.sconce.text.Padding;
import dev.sconce.text.Truncation;
import dev.sconce.text.internal.Engine;
import dev.sconce.text.internal.decoder.Decoder;
import dev.sconce.text.internal.decoder.PieceDecoder;
import dev.sconce.text.internal.model.Model;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads {@code tokenizer.json}. */
public final class TokenizerJson {

  private static final int MAX_DEPTH = 64;

  private TokenizerJson() {}

  /**
   * Reads a file.
   *
   * @throws MalformedFileException if it is not a tokenizer.json, or contradicts itself
   */
  public static Engine read(String file, byte[] utf8) {
    JsonReader in = JsonReader.of(file, utf8, JsonLimits.defaults().withMaxDepth(MAX_DEPTH));
    JsonObject.Builder small = JsonObject.builder();
    Model model = null;
    in.beginObject();
    while (in.hasNext()) {
      String name = in.nextName();
      if (name.equals("model")) {
        model = ModelJson.read(file, in);
      } else {
        small.put(name, in.nextValue());
      }
    }
    in.end();
    if (model == null) {
      throw new MalformedFileException(file, -1, "model", "a model", "nothing");
    }
    Fields f =
        new Fields(file, "", small.build())
            .only(
                "version",
                "truncation",
                "padding",
                "added_tokens",
                "normalizer",
                "pre_tokenizer",
                "post_processor",
                "decoder");
    if (f.has("version") && !f.string("version").equals("1.0")) {
      throw f.error("version", "1.0", f.string("version"));
    }
    Decoder steps = part(f, "decoder", DecoderJson::read);
    return Engine.of(
        new Engine.Parts(
            f.has("added_tokens") ? addedTokens(f) : List.of(),
            false,
            part(f, "normalizer", NormalizerJson::read),
            part(f, "pre_tokenizer", PreTokenizerJson::read),
            model,
            part(f, "post_processor", PostProcessorJson::read),
            part(f, "truncation", TokenizerJson::truncation),
            part(f, "padding", TokenizerJson::padding)),
        (added, m) -> new PieceDecoder(added, m, steps));
  }

  private static <T> @Nullable T part(Fields f, String name, Function<Fields, T> read) {
    return f.has(name) ? read.apply(f.object(name)) : null;
  }

  private static List<AddedToken> addedTokens(Fields f) {
    List<AddedToken> tokens = new ArrayList<>();
    Map<Integer, String> byId = new HashMap<>();
    for (Fields token : f.objects("added_tokens")) {
      token.only("id", "content", "single_word", "lstrip", "rstrip", "normalized", "special");
      AddedToken added =
          new AddedToken(
              token.integer("id", 0, Integer.MAX_VALUE),
              token.string("content"),
              token.bool("single_word"),
              token.bool("lstrip"),
              token.bool("rstrip"),
              token.bool("normalized"),
              token.bool("special"));
      String other = byId.put(added.id(), added.content());
      if (other != null && !other.equals(added.content())) {
        throw token.error(
            "id", "an id of its own", "the id " + added.id() + ", which '" + other + "' has");
      }
      tokens.add(added);
    }
    return tokens;
  }

  private static Truncation truncation(Fields f) {
    f.only("direction", "max_length", "strategy", "stride");
    return new Truncation(
        f.integer("max_length", 0, Integer.MAX_VALUE),
        f.integer("stride", 0, Integer.MAX_VALUE),
        f.oneOf(
            "strategy",
            Truncation.Strategy.class,
            List.of("LongestFirst", "OnlyFirst", "OnlySecond")),
        f.has("direction")
            ? f.oneOf("direction", Truncation.Direction.class, List.of("Left", "Right"))
            : Truncation.Direction.RIGHT);
  }

  private static Padding padding(Fields f) {
    f.only("strategy", "direction", "pad_to_multiple_of", "pad_id", "pad_type_id", "pad_token");
    JsonValue strategy = f.get("strategy", "BatchLongest or Fixed");
    Optional<Integer> length;
    if (strategy instanceof JsonString(String name)) {
      if (!name.equals("BatchLongest")) {
        throw f.error("strategy", "BatchLongest or Fixed", "'" + name + "'");
      }
      length = Optional.empty();
    } else {
      length =
          Optional.of(f.object("strategy").only("Fixed").integer("Fixed", 0, Integer.MAX_VALUE));
    }
    return new Padding(
        length,
        f.integer("pad_to_multiple_of", 0, Integer.MAX_VALUE, 0),
        f.oneOf("direction", Padding.Direction.class, List.of("Left", "Right")),
        f.integer("pad_id", 0, Integer.MAX_VALUE),
        f.integer("pad_type_id", 0, Integer.MAX_VALUE),
        f.string("pad_token"));
  }
}
