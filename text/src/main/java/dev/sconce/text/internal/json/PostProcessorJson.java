package dev.sconce.text.internal.json;

import dev.sconce.base.MalformedFileException;
import dev.sconce.base.json.JsonNumber;
import dev.sconce.base.json.JsonString;
import dev.sconce.base.json.JsonValue;
import dev.sconce.text.internal.postprocessor.Bracketing;
import dev.sconce.text.internal.postprocessor.ByteLevelProcessing;
import dev.sconce.text.internal.postprocessor.PostProcessor;
import dev.sconce.text.internal.postprocessor.TemplateProcessing;
import java.util.ArrayList;
import java.util.List;

/** Reads post-processors. */
final class PostProcessorJson {

  private PostProcessorJson() {}

  static PostProcessor read(Fields f) {
    String type = f.string("type");
    return switch (type) {
      case "BertProcessing" -> {
        f.only("type", "sep", "cls");
        yield new Bracketing(special(f, "cls"), special(f, "sep"), false, false, false);
      }
      case "RobertaProcessing" -> {
        f.only("type", "sep", "cls", "trim_offsets", "add_prefix_space");
        yield new Bracketing(
            special(f, "cls"),
            special(f, "sep"),
            true,
            f.bool("trim_offsets"),
            f.bool("add_prefix_space"));
      }
      case "ByteLevel" -> {
        f.only("type", "add_prefix_space", "trim_offsets", "use_regex");
        yield new ByteLevelProcessing(f.bool("trim_offsets"), f.bool("add_prefix_space"));
      }
      case "TemplateProcessing" -> {
        f.only("type", "single", "pair", "special_tokens");
        yield new TemplateProcessing(template(f, "single", 1), template(f, "pair", 2));
      }
      case "Sequence" ->
          new PostProcessor.Chain(
              f.only("type", "processors").objects("processors").stream()
                  .map(PostProcessorJson::read)
                  .toList());
      default -> throw f.error("type", "a known post-processor", "'" + type + "'");
    };
  }

  private static Bracketing.Special special(Fields f, String name) {
    List<JsonValue> pair = f.array(name);
    if (pair.size() == 2
        && pair.get(0) instanceof JsonString(String token)
        && pair.get(1) instanceof JsonNumber id
        && id.asLong().orElse(-1) >= 0
        && id.asLong().orElse(-1) <= Integer.MAX_VALUE) {
      return new Bracketing.Special(token, (int) id.asLong().orElse(-1));
    }
    throw f.error(name, "a token and its id", f.get(name, "").toString());
  }

  private static List<TemplateProcessing.Item> template(Fields f, String name, int texts) {
    List<TemplateProcessing.Item> items = new ArrayList<>();
    for (Fields piece : f.objects(name)) {
      piece.only("Sequence", "SpecialToken");
      if (piece.has("Sequence")) {
        Fields sequence = piece.object("Sequence").only("id", "type_id");
        int index = List.of("A", "B").indexOf(sequence.string("id"));
        if (index < 0 || index >= texts) {
          throw sequence.error(
              "id", texts == 1 ? "A" : "A or B", "'" + sequence.string("id") + "'");
        }
        items.add(new TemplateProcessing.Text(index, typeId(sequence)));
      } else {
        items.add(specialTokens(f, piece.object("SpecialToken").only("id", "type_id")));
      }
    }
    return items;
  }

  private static int typeId(Fields f) {
    return f.integer("type_id", 0, Integer.MAX_VALUE);
  }

  private static TemplateProcessing.Special specialTokens(Fields f, Fields piece) {
    String id = piece.string("id");
    Fields all = f.object("special_tokens");
    if (!all.has(id)) {
      throw piece.error("id", "one of the special_tokens", "'" + id + "'");
    }
    Fields special = all.object(id).only("id", "ids", "tokens");
    List<Integer> ids = new ArrayList<>();
    List<String> tokens = new ArrayList<>();
    for (JsonValue value : special.array("ids")) {
      long n = value instanceof JsonNumber number ? number.asLong().orElse(-1) : -1;
      if (n < 0 || n > Integer.MAX_VALUE) {
        throw special.error("ids", "ids", Fields.describe(value));
      }
      ids.add((int) n);
    }
    for (JsonValue value : special.array("tokens")) {
      if (!(value instanceof JsonString(String token))) {
        throw special.error("tokens", "strings", Fields.describe(value));
      }
      tokens.add(token);
    }
    if (ids.size() != tokens.size()) {
      throw new MalformedFileException(
          f.file(),
          -1,
          special.path("tokens"),
          "as many tokens as ids: " + ids.size(),
          Integer.toString(tokens.size()));
    }
    return new TemplateProcessing.Special(ids, tokens, typeId(piece));
  }
}
