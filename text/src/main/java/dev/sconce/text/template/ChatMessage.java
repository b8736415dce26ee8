package dev.sconce.text.template;

import dev.sconce.base.json.JsonObject;
import dev.sconce.base.json.JsonString;
import dev.sconce.base.json.JsonValue;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * One message of a conversation.
 *
 * @param role who speaks: usually {@code system}, {@code user}, {@code assistant} or {@code tool}
 * @param content what is said: a string, or an array of parts for templates that know them
 * @param extra further members that the template may look at, such as {@code tool_calls}
 */
public record ChatMessage(String role, JsonValue content, SequencedMap<String, JsonValue> extra) {

  /** Creates a message; the further members are copied. */
  public ChatMessage {
    extra = java.util.Collections.unmodifiableSequencedMap(new LinkedHashMap<>(extra));
  }

  /** Returns a message of plain text. */
  public static ChatMessage of(String role, String text) {
    return new ChatMessage(role, new JsonString(text), new LinkedHashMap<>());
  }

  /** Returns a system message. */
  public static ChatMessage system(String text) {
    return of("system", text);
  }

  /** Returns a user message. */
  public static ChatMessage user(String text) {
    return of("user", text);
  }

  /** Returns a message of the assistant. */
  public static ChatMessage assistant(String text) {
    return of("assistant", text);
  }

  /** Returns this message with a further member. */
  public ChatMessage with(String name, JsonValue value) {
    SequencedMap<String, JsonValue> all = new LinkedHashMap<>(extra);
    all.put(name, value);
    return new ChatMessage(role, content, all);
  }

  /** Returns the message as the object that templates see. */
  public JsonObject toJson() {
    JsonObject.Builder json = JsonObject.builder().put("role", role).put("content", content);
    extra.forEach(json::put);
    return json.build();
  }
}
