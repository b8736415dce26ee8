package dev.sconce.cli;

import dev.sconce.base.InvalidInputException;
import dev.sconce.base.TemplateException;
import dev.sconce.base.json.Json;
import dev.sconce.base.json.JsonArray;
import dev.sconce.base.json.JsonBool;
import dev.sconce.base.json.JsonNull;
import dev.sconce.base.json.JsonObject;
import dev.sconce.base.json.JsonString;
import dev.sconce.base.json.JsonValue;
import dev.sconce.cli.internal.Console;
import dev.sconce.cli.internal.JsonLines;
import dev.sconce.cli.internal.JsonOption;
import dev.sconce.text.template.ChatTemplate;
import dev.sconce.text.template.ChatTemplateOptions;
import dev.sconce.text.template.ChatTemplates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Renders conversations with a checkpoint's chat template. */
@Command(
    name = "chat-template",
    description = "Render a conversation as the prompt that a model was trained on.")
final class ChatTemplateCommand implements Callable<Integer> {

  private final Console console;

  @Parameters(
      index = "0",
      paramLabel = "DIR",
      description = "A checkpoint directory, or a file with a template.")
  private Path source = Path.of("");

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "MESSAGES",
      description =
          "A JSON file: an array of messages, or an object with messages, tools, documents,"
              + " add_generation_prompt and any other variable of the template.")
  private @Nullable Path messages;

  @Option(names = "--name", description = "The template's name, if the checkpoint has several.")
  private @Nullable String name;

  @Option(
      names = "--generation-prompt",
      description = "End with the opening of the assistant's next message.")
  private boolean generationPrompt;

  @Option(
      names = "--json-lines",
      description =
          "Read one object a line from standard input and answer each with an object on a line;"
              + " the member chat_template replaces the template.")
  private boolean jsonLines;

  @Mixin private JsonOption json = new JsonOption();

  ChatTemplateCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    ChatTemplates templates = load();
    if (jsonLines) {
      JsonLines.answer(System.in, console, line -> answer(templates, line));
      return ExitCode.OK;
    }
    if (messages == null) {
      throw new InvalidInputException(
          "chat-template", "MESSAGES", "a file, or --json-lines", "neither");
    }
    JsonObject request = request(Json.parse(messages.toString(), Files.readString(messages)));
    if (!request.has("messages")) {
      throw new InvalidInputException(
          messages.toString(),
          "messages",
          "an array of messages or an object with messages",
          "an object with " + request.members().keySet());
    }
    String text = render(templates, request);
    if (json.wanted()) {
      console.json(JsonObject.builder().put("text", text).build());
    } else {
      console.out().print(text);
      console.out().flush();
    }
    return ExitCode.OK;
  }

  private ChatTemplates load() throws IOException {
    return Files.isDirectory(source)
        ? ChatTemplates.load(source)
        : ChatTemplates.of(ChatTemplate.of(source.toString(), Files.readString(source), Map.of()));
  }

  private JsonObject answer(ChatTemplates templates, JsonValue line) {
    try {
      return JsonObject.builder().put("text", render(templates, request(line))).build();
    } catch (TemplateException e) {
      return JsonObject.builder()
          .put("error", e.kind())
          .put("message", e.reason())
          .put("line", e.line())
          .build();
    }
  }

  private JsonObject request(JsonValue value) {
    return switch (value) {
      case JsonArray array ->
          JsonObject.builder()
              .put("messages", array)
              .put("add_generation_prompt", generationPrompt)
              .build();
      case JsonObject object -> object;
      default ->
          throw new InvalidInputException(
              "chat-template",
              "messages",
              "an array of messages or an object with messages",
              "a value of kind " + value.kind());
    };
  }

  private String render(ChatTemplates templates, JsonObject request) {
    JsonArray conversation = array(request, "messages");
    JsonArray tools =
        request.get("tools").filter(t -> t != JsonNull.NULL).isPresent()
            ? array(request, "tools")
            : null;
    ChatTemplate template = name == null ? templates.choose(tools != null) : templates.get(name);
    ChatTemplateOptions options =
        ChatTemplateOptions.defaults()
            .withAddGenerationPrompt(generationPrompt || flag(request, "add_generation_prompt"))
            .withContinueFinalMessage(flag(request, "continue_final_message"));
    for (Map.Entry<String, JsonValue> member : request.members().entrySet()) {
      switch (member.getKey()) {
        case "messages", "tools", "add_generation_prompt", "continue_final_message" -> {}
        case "documents" -> {
          if (member.getValue() != JsonNull.NULL) {
            options = options.withDocuments(array(request, "documents"));
          }
        }
        case "chat_template" -> {
          if (!(member.getValue() instanceof JsonString own)) {
            throw wrong("chat_template", "a string", member.getValue());
          }
          template = ChatTemplate.of("chat_template", own.value(), template.variables());
        }
        default -> options = options.withVariable(member.getKey(), member.getValue());
      }
    }
    return template.render(conversation, tools, options);
  }

  private static JsonArray array(JsonObject request, String member) {
    JsonValue value = request.get(member).orElse(new JsonArray(List.of()));
    if (value instanceof JsonArray array) {
      return array;
    }
    throw wrong(member, "an array", value);
  }

  private static boolean flag(JsonObject request, String member) {
    JsonValue value = request.get(member).orElse(JsonBool.FALSE);
    if (value instanceof JsonBool bool) {
      return bool.value();
    }
    throw wrong(member, "true or false", value);
  }

  private static InvalidInputException wrong(String member, String expected, JsonValue found) {
    return new InvalidInputException(
        "chat-template", member, expected, "a value of kind " + found.kind());
  }
}
