package dev.sconce.text.template;

import dev.sconce.base.InvalidInputException;
import dev.sconce.base.TemplateException;
import dev.sconce.base.json.JsonArray;
import dev.sconce.base.json.JsonBool;
import dev.sconce.base.json.JsonNull;
import dev.sconce.base.json.JsonObject;
import dev.sconce.base.json.JsonValue;
import dev.sconce.text.internal.jinja.eval.Template;
import dev.sconce.text.internal.jinja.python.Budget;
import dev.sconce.text.internal.jinja.python.PyError;
import dev.sconce.text.internal.jinja.python.PyValue;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * A chat template: the Jinja program that turns a conversation into a prompt.
 *
 * <p>It runs as in {@code transformers}: the same dialect, the same sandbox, the same text.
 * Immutable and safe for any number of threads.
 */
public final class ChatTemplate {

  private final String name;
  private final String source;
  private final Template template;
  private final SequencedMap<String, JsonValue> variables;

  private ChatTemplate(
      String name, String source, Template template, SequencedMap<String, JsonValue> variables) {
    this.name = name;
    this.source = source;
    this.template = template;
    this.variables = variables;
  }

  /**
   * Parses a template.
   *
   * @throws TemplateException if it is not well-formed
   */
  public static ChatTemplate of(String source) {
    return of("chat template", source, Map.of());
  }

  /**
   * Parses a template.
   *
   * @param name the name that errors show
   * @param variables what the template always sees, such as {@code bos_token}
   * @throws TemplateException if it is not well-formed
   */
  public static ChatTemplate of(
      String name, String source, Map<String, ? extends JsonValue> variables) {
    try {
      return new ChatTemplate(
          name,
          source,
          Template.parse(source),
          Collections.unmodifiableSequencedMap(new LinkedHashMap<>(variables)));
    } catch (PyError e) {
      throw exception(name, e);
    }
  }

  /**
   * Loads the default template of a checkpoint directory, with its special tokens; {@link
   * ChatTemplates} loads all of them.
   *
   * @throws TemplateException if it is not well-formed
   */
  public static ChatTemplate load(Path directory) {
    return ChatTemplates.load(directory).get("default");
  }

  /** Returns the name that errors show. */
  public String name() {
    return name;
  }

  /** Returns the source of the template. */
  public String source() {
    return source;
  }

  /** Returns what the template always sees, such as {@code bos_token}. */
  public Map<String, JsonValue> variables() {
    return variables;
  }

  /**
   * Renders a conversation.
   *
   * @throws TemplateException if the template fails on it or refuses it
   */
  public String render(List<ChatMessage> messages, ChatTemplateOptions options) {
    return render(
        new JsonArray(messages.stream().<JsonValue>map(ChatMessage::toJson).toList()),
        null,
        options);
  }

  /**
   * Renders a conversation.
   *
   * @param messages the messages, as the template wants them: usually objects with {@code role} and
   *     {@code content}
   * @param tools the JSON schemas of the tools, or null for none
   * @throws TemplateException if the template fails on it or refuses it
   */
  public String render(JsonArray messages, @Nullable JsonArray tools, ChatTemplateOptions options) {
    if (!options.continueFinalMessage()) {
      return renderVariables(messages, tools, options);
    }
    if (options.addGenerationPrompt()) {
      throw new InvalidInputException(
          "ChatTemplate.render",
          "continueFinalMessage",
          "no generation prompt together with it",
          "both");
    }
    FinalMessage last = FinalMessage.of(messages, source);
    return last.cut(renderVariables(last.marked(), tools, options));
  }

  private String renderVariables(
      JsonArray messages, @Nullable JsonArray tools, ChatTemplateOptions options) {
    Map<String, JsonValue> all = new LinkedHashMap<>(variables);
    all.putAll(options.variables());
    all.put("messages", messages);
    all.put("tools", tools == null ? JsonNull.NULL : tools);
    all.put("documents", documents(options));
    all.put("add_generation_prompt", JsonBool.of(options.addGenerationPrompt()));
    return renderWith(all, options);
  }

  private static JsonValue documents(ChatTemplateOptions options) {
    if (options.documents().isEmpty()) {
      return JsonNull.NULL;
    }
    for (JsonValue document : options.documents().get()) {
      if (!(document instanceof JsonObject)) {
        throw new InvalidInputException(
            "ChatTemplate.render",
            "documents",
            "objects with title and text",
            "a value of kind " + document.kind());
      }
    }
    return options.documents().get();
  }

  /**
   * Renders the template with exactly the given variables; nothing of a conversation is added.
   *
   * @throws TemplateException if the template fails
   */
  public String renderWith(Map<String, ? extends JsonValue> all, ChatTemplateOptions options) {
    TemplateLimits limits = options.limits();
    try {
      Map<String, PyValue> values = new LinkedHashMap<>();
      all.forEach((key, value) -> values.put(key, JsonToPython.convert(value)));
      return template.render(
          values, options.clock(), new Budget(limits.maxWork(), limits.maxLength()));
    } catch (PyError e) {
      throw exception(name, e);
    }
  }

  private static TemplateException exception(String name, PyError error) {
    return new TemplateException(name, error.line(), error.kind().className(), error.text());
  }
}
