package dev.sconce.text.template;

import dev.sconce.base.TemplateException;
import dev.sconce.base.json.Json;
import dev.sconce.base.json.JsonArray;
import dev.sconce.base.json.JsonBool;
import dev.sconce.base.json.JsonObject;
import dev.sconce.base.json.JsonValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Cases made by transformers: templates with conversations and what becomes of them. */
final class ChatFixtures {

  private ChatFixtures() {}

  /** Compares every template folder with its expectations; returns what differs. */
  static List<String> templateDifferences(Path folder) throws IOException {
    JsonObject cases = object(folder.resolve("cases.json"));
    Map<String, JsonValue> context = cases.object("context").orElseThrow().members();
    List<String> differences = new ArrayList<>();
    try (var templates = Files.list(folder)) {
      for (Path template : templates.filter(Files::isDirectory).sorted().toList()) {
        JsonArray expected =
            object(template.resolve("expected.json")).array("results").orElseThrow();
        String source = Files.readString(template.resolve("chat_template.jinja"));
        for (JsonValue want : expected) {
          String id = ((JsonObject) want).string("case").orElseThrow();
          JsonObject one = byId(cases.array("cases").orElseThrow(), id);
          compare(
              template.getFileName() + "/" + id,
              (JsonObject) want,
              () -> render(source, context, one),
              differences);
        }
      }
    }
    return differences;
  }

  /** Compares every snippet with its expectation; returns what differs. */
  static List<String> snippetDifferences(Path file) throws IOException {
    List<String> differences = new ArrayList<>();
    for (JsonValue value : object(file).array("snippets").orElseThrow()) {
      JsonObject snippet = (JsonObject) value;
      String source = snippet.string("template").orElseThrow();
      compare(
          source,
          snippet,
          () ->
              ChatTemplate.of(source)
                  .renderWith(
                      snippet.object("context").orElseThrow().members(),
                      ChatTemplateOptions.defaults()),
          differences);
    }
    return differences;
  }

  private interface Rendering {
    String run();
  }

  private static void compare(
      String name, JsonObject want, Rendering rendering, List<String> differences) {
    String found;
    try {
      found = "text: " + rendering.run();
    } catch (TemplateException e) {
      found = "error: " + e.kind() + ": " + e.reason();
    }
    String expected =
        want.string("text")
            .map(text -> "text: " + text)
            .orElseGet(
                () ->
                    "error: "
                        + want.string("error").orElseThrow()
                        + ": "
                        + want.string("message").orElseThrow());
    if (!found.equals(expected)) {
      differences.add(name + "\n  expected " + expected + "\n  found    " + found);
    }
  }

  private static String render(
      String source, Map<String, JsonValue> context, JsonObject conversation) {
    ChatTemplateOptions options = ChatTemplateOptions.defaults();
    for (Map.Entry<String, JsonValue> member : conversation.members().entrySet()) {
      options =
          switch (member.getKey()) {
            case "id", "messages", "tools" -> options;
            case "documents" -> options.withDocuments((JsonArray) member.getValue());
            case "add_generation_prompt" ->
                options.withAddGenerationPrompt(member.getValue() == JsonBool.TRUE);
            default -> options.withVariable(member.getKey(), member.getValue());
          };
    }
    return ChatTemplate.of("template", source, context)
        .render(
            conversation.array("messages").orElseThrow(),
            conversation.array("tools").orElse(null),
            options);
  }

  private static JsonObject byId(JsonArray cases, String id) {
    for (JsonValue value : cases) {
      if (value instanceof JsonObject one && one.string("id").orElse("").equals(id)) {
        return one;
      }
    }
    throw new AssertionError("no case " + id);
  }

  private static JsonObject object(Path file) throws IOException {
    return (JsonObject) Json.parse(file.toString(), Files.readString(file));
  }
}
