package dev.sconce.text.template;

import dev.sconce.base.InvalidInputException;
import dev.sconce.base.MalformedFileException;
import dev.sconce.base.json.Json;
import dev.sconce.base.json.JsonArray;
import dev.sconce.base.json.JsonLimits;
import dev.sconce.base.json.JsonObject;
import dev.sconce.base.json.JsonString;
import dev.sconce.base.json.JsonValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The chat templates of a checkpoint, by name: one called {@code default}, and perhaps others for
 * tools or retrieval.
 *
 * <p>As in {@code transformers}: {@code chat_template.jinja} and the files of {@code
 * additional_chat_templates/} come first; without them, {@code chat_template.json} and the {@code
 * chat_template} of {@code tokenizer_config.json}, which is one template or a list of named ones.
 */
public final class ChatTemplates {

  private static final int MAX_FILE_BYTES = 1 << 24;
  private static final String DEFAULT = "default";
  private static final String SUFFIX = ".jinja";

  /** The roles of the special tokens that templates see, as the configuration names them. */
  public static final List<String> SPECIAL_TOKENS =
      List.of(
          "bos_token",
          "eos_token",
          "unk_token",
          "sep_token",
          "pad_token",
          "cls_token",
          "mask_token");

  private final Map<String, ChatTemplate> templates;

  private ChatTemplates(Map<String, ChatTemplate> templates) {
    this.templates = templates;
  }

  /**
   * Loads the templates of a checkpoint directory.
   *
   * @throws InvalidInputException if the directory has none
   * @throws MalformedFileException if a configuration file is malformed
   * @throws dev.sconce.base.TemplateException if a template is not well-formed
   */
  public static ChatTemplates load(Path directory) {
    try {
      Optional<JsonObject> config = object(directory.resolve("tokenizer_config.json"));
      Map<String, JsonValue> variables = new LinkedHashMap<>();
      object(directory.resolve("special_tokens_map.json"))
          .ifPresent(tokens -> specialTokens(tokens, variables));
      config.ifPresent(tokens -> specialTokens(tokens, variables));
      Map<String, String> sources = sources(directory, config);
      if (sources.isEmpty()) {
        throw new InvalidInputException(
            "ChatTemplates.load",
            directory.toString(),
            "chat_template.jinja, or chat_template in tokenizer_config.json",
            "neither");
      }
      return of(sources, variables);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Returns the sources of the templates of a checkpoint directory by name, the default first; none
   * if it has no templates.
   *
   * @throws IOException if a file cannot be read
   * @throws MalformedFileException if a configuration file is malformed
   */
  public static SequencedMap<String, String> sources(Path directory) throws IOException {
    LinkedHashMap<String, String> sources =
        new LinkedHashMap<>(sources(directory, object(directory.resolve("tokenizer_config.json"))));
    String first = sources.get(DEFAULT);
    if (first != null) {
      sources.putFirst(DEFAULT, first);
    }
    return sources;
  }

  /** Returns a set of one template, the default. */
  public static ChatTemplates of(ChatTemplate template) {
    return new ChatTemplates(Map.of(DEFAULT, template));
  }

  /**
   * Returns a set of templates.
   *
   * @param sources the templates by name; one is called {@code default}
   * @param variables what the templates always see, such as {@code bos_token}
   * @throws dev.sconce.base.TemplateException if a template is not well-formed
   */
  public static ChatTemplates of(
      Map<String, String> sources, Map<String, ? extends JsonValue> variables) {
    Map<String, ChatTemplate> templates = new LinkedHashMap<>();
    sources.forEach(
        (name, source) ->
            templates.put(
                name, ChatTemplate.of("chat template '" + name + "'", source, variables)));
    return new ChatTemplates(templates);
  }

  /** Returns the names of the templates, in the order in which they were found. */
  public Set<String> names() {
    return Collections.unmodifiableSet(new LinkedHashSet<>(templates.keySet()));
  }

  /**
   * Returns a template by name.
   *
   * @throws InvalidInputException if there is none of this name
   */
  public ChatTemplate get(String name) {
    ChatTemplate template = templates.get(name);
    if (template == null) {
      throw new InvalidInputException(
          "ChatTemplates.get", "name", "one of " + templates.keySet(), name);
    }
    return template;
  }

  /**
   * Returns the template for a conversation: {@code tool_use} if there are tools, or the default.
   */
  public ChatTemplate choose(boolean withTools) {
    return withTools && templates.containsKey("tool_use") ? get("tool_use") : get(DEFAULT);
  }

  private static Map<String, String> sources(Path directory, Optional<JsonObject> config)
      throws IOException {
    Map<String, String> sources = new LinkedHashMap<>();
    Path file = directory.resolve("chat_template.jinja");
    if (Files.isRegularFile(file)) {
      sources.put(DEFAULT, text(file));
    }
    Path more = directory.resolve("additional_chat_templates");
    if (Files.isDirectory(more)) {
      try (Stream<Path> files = Files.list(more)) {
        for (Path other : files.sorted().toList()) {
          String name = other.getFileName().toString();
          if (name.endsWith(SUFFIX)) {
            sources.put(name.substring(0, name.length() - SUFFIX.length()), text(other));
          }
        }
      }
    }
    if (sources.isEmpty()) {
      Path json = directory.resolve("chat_template.json");
      Optional<JsonObject> object = object(json);
      if (object.isPresent()) {
        configured("chat_template.json", object.get(), sources);
      }
    }
    if (sources.isEmpty() && config.isPresent()) {
      configured("tokenizer_config.json", config.get(), sources);
    }
    return sources;
  }

  private static void configured(String file, JsonObject config, Map<String, String> sources) {
    Optional<JsonValue> value = config.get("chat_template");
    if (value.isEmpty()) {
      return;
    }
    switch (value.get()) {
      case JsonString source -> sources.put(DEFAULT, source.value());
      case JsonArray list -> {
        for (int i = 0; i < list.size(); i++) {
          if (!(list.get(i) instanceof JsonObject entry)
              || entry.string("name").isEmpty()
              || entry.string("template").isEmpty()) {
            throw new MalformedFileException(
                file,
                -1,
                "chat_template[" + i + "]",
                "an object with name and template",
                "a value of kind " + list.get(i).kind());
          }
          sources.put(entry.string("name").orElseThrow(), entry.string("template").orElseThrow());
        }
      }
      case JsonObject named ->
          named
              .members()
              .forEach(
                  (name, source) -> {
                    if (source instanceof JsonString text) {
                      sources.put(name, text.value());
                    }
                  });
      case dev.sconce.base.json.JsonNull _ -> {}
      default ->
          throw new MalformedFileException(
              file,
              -1,
              "chat_template",
              "a template or a list of named templates",
              "a value of kind " + value.get().kind());
    }
  }

  /** Takes the special tokens of a configuration: strings, or objects with their content. */
  private static void specialTokens(JsonObject config, Map<String, JsonValue> variables) {
    for (String name : SPECIAL_TOKENS) {
      config.string(name).ifPresent(token -> variables.put(name, new JsonString(token)));
      config
          .object(name)
          .flatMap(token -> token.string("content"))
          .ifPresent(token -> variables.put(name, new JsonString(token)));
    }
  }

  private static Optional<JsonObject> object(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    String name = file.getFileName().toString();
    JsonValue value = Json.parse(name, bytes(file), JsonLimits.defaults());
    if (value instanceof JsonObject object) {
      return Optional.of(object);
    }
    throw new MalformedFileException(name, 0, "", "an object", "a value of kind " + value.kind());
  }

  private static String text(Path file) throws IOException {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(bytes(file)))
          .toString();
    } catch (CharacterCodingException e) {
      throw new MalformedFileException(
          file.getFileName().toString(), -1, "", "UTF-8", "other bytes");
    }
  }

  private static byte[] bytes(Path file) throws IOException {
    long size = Files.size(file);
    if (size > MAX_FILE_BYTES) {
      throw new MalformedFileException(
          file.getFileName().toString(),
          -1,
          "",
          "at most " + MAX_FILE_BYTES + " bytes",
          size + " bytes");
    }
    return Files.readAllBytes(file);
  }
}
