package dev.sconce.text.template;

import dev.sconce.base.InvalidInputException;
import dev.sconce.base.json.JsonArray;
import dev.sconce.base.json.JsonObject;
import dev.sconce.base.json.JsonString;
import dev.sconce.base.json.JsonValue;
import dev.sconce.text.internal.jinja.python.StrSplit;
import java.util.ArrayList;
import java.util.List;

/**
 * The last message of a conversation that the model shall go on with: a mark behind its text shows
 * where the rendered prompt has to stop.
 *
 * @param marked the conversation with the mark
 * @param text the text of the last message
 */
record FinalMessage(JsonArray marked, String text) {

  private static final String MARK = "CONTINUE_FINAL_MESSAGE_TAG ";
  private static final String CONTENT = "content";

  static FinalMessage of(JsonArray messages, String template) {
    if (messages.size() == 0
        || !(messages.get(messages.size() - 1) instanceof JsonObject last)
        || last.get(CONTENT).isEmpty()) {
      throw invalid("a last message with content", "none");
    }
    if (!template.contains(CONTENT)) {
      throw invalid("a template that uses the content of messages", "one that does not");
    }
    JsonValue content = last.get(CONTENT).get();
    String text;
    JsonValue newContent;
    switch (content) {
      case JsonString string -> {
        text = string.value();
        newContent = new JsonString(text + MARK);
      }
      case JsonArray parts -> {
        int part = lastText(parts);
        JsonObject textPart = (JsonObject) parts.get(part);
        text = textPart.string("text").orElse("");
        List<JsonValue> all = new ArrayList<>(parts.values());
        all.set(part, with(textPart, "text", new JsonString(text + MARK)));
        newContent = new JsonArray(all);
      }
      default -> throw invalid("a last message with text", "content of kind " + content.kind());
    }
    List<JsonValue> all = new ArrayList<>(messages.values());
    all.set(all.size() - 1, with(last, CONTENT, newContent));
    return new FinalMessage(new JsonArray(all), text);
  }

  private static int lastText(JsonArray parts) {
    for (int i = parts.size() - 1; i >= 0; i--) {
      if (parts.get(i) instanceof JsonObject part && part.string("text").isPresent()) {
        return i;
      }
    }
    throw invalid("a part with text in the last message", "none");
  }

  private static JsonObject with(JsonObject object, String name, JsonValue value) {
    JsonObject.Builder copy = JsonObject.builder();
    object.members().forEach(copy::put);
    return copy.put(name, value).build();
  }

  private static InvalidInputException invalid(String expected, String found) {
    return new InvalidInputException(
        "ChatTemplate.render", "continueFinalMessage", expected, found);
  }

  /** Returns the rendered prompt up to the mark. */
  String cut(String rendered) {
    String mark = MARK.strip();
    int at = rendered.lastIndexOf(mark);
    if (at < 0 || !rendered.contains(StrSplit.strip(text, null, true, true))) {
      throw invalid(
          "a template that renders the last message as it is", "one that changes or drops it");
    }
    String prompt = rendered.substring(0, at);
    // A template that trims the message has taken the mark's space too: then the text was trimmed.
    return rendered.startsWith(MARK, at) ? prompt : StrSplit.strip(prompt, null, false, true);
  }
}
