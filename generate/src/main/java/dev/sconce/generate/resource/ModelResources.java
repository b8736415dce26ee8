package dev.sconce.generate.resource;

import dev.sconce.base.InvalidInputException;
import dev.sconce.base.json.Json;
import dev.sconce.base.json.JsonObject;
import dev.sconce.runtime.PteModule;
import dev.sconce.text.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;

/**
 * What lies in a program beside its weights, read on demand from its constant methods.
 *
 * <p>A program of another exporter has little of it; what it does not have is empty.
 */
public final class ModelResources {

  private final String program;
  private final Getters getters;

  private ModelResources(String program, Getters getters) {
    this.program = program;
    this.getters = getters;
  }

  /** Returns the resources of a program, which stays the caller's and must stay open. */
  public static ModelResources of(PteModule module) {
    return new ModelResources(module.program().name(), new Getters(module));
  }

  /** Returns the reader of single constant methods. */
  public Getters getters() {
    return getters;
  }

  /**
   * Returns the tokenizer's files by the names they had in the checkpoint, the vocabulary first;
   * none if the program carries no tokenizer.
   */
  public SequencedMap<String, byte[]> tokenizerFiles() {
    return named(ResourceNames.TOKENIZER_BLOB, ResourceNames.TOKENIZER_FILES, "tokenizer");
  }

  /**
   * Returns the tokenizer, if the program carries one.
   *
   * @throws dev.sconce.base.MalformedFileException if its files are malformed
   */
  public Optional<Tokenizer> tokenizer() {
    SequencedMap<String, byte[]> files = tokenizerFiles();
    if (files.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        getters.has(ResourceNames.TOKENIZER_FILES)
            ? Tokenizer.read(program, files)
            : Tokenizer.read(program, files.firstEntry().getValue()));
  }

  /** Returns the sources of the chat templates by name, the default first. */
  public SequencedMap<String, String> chatTemplates() {
    SequencedMap<String, String> sources = new LinkedHashMap<>();
    named(ResourceNames.CHAT_TEMPLATE_BLOB, ResourceNames.CHAT_TEMPLATE_NAMES, "default")
        .forEach((name, bytes) -> sources.put(name, new String(bytes, StandardCharsets.UTF_8)));
    return Collections.unmodifiableSequencedMap(sources);
  }

  private SequencedMap<String, byte[]> named(String blobs, String names, String onlyName) {
    List<byte[]> contents = getters.blobs(blobs);
    List<String> all = getters.has(names) ? getters.strings(names) : List.of(onlyName);
    if (!contents.isEmpty() && contents.size() != all.size()) {
      throw new InvalidInputException(
          program + ", method '" + names + "'",
          "outputs",
          "as many as " + blobs + " has, " + contents.size(),
          "" + all.size());
    }
    SequencedMap<String, byte[]> map = new LinkedHashMap<>();
    for (int i = 0; i < contents.size(); i++) {
      map.put(all.get(i), contents.get(i));
    }
    return Collections.unmodifiableSequencedMap(map);
  }

  /** Returns the settings of {@code generation_config.json}. */
  public Optional<JsonObject> generationConfig() {
    return json(ResourceNames.GENERATION_CONFIG_BLOB);
  }

  /** Returns where the program comes from: checkpoint, exporter, content hashes. */
  public Optional<JsonObject> provenance() {
    return json(ResourceNames.PROVENANCE_BLOB);
  }

  /** Returns what the embedded generation program can do. */
  public Optional<JsonObject> generationProgram() {
    return json(ResourceNames.ET_GEN_INFO);
  }

  private Optional<JsonObject> json(String name) {
    List<byte[]> blobs = getters.blobs(name);
    return blobs.isEmpty()
        ? Optional.empty()
        : Optional.of(Json.parseObject(name, new String(blobs.getFirst(), StandardCharsets.UTF_8)));
  }

  /** Returns the tokens that end a text, by either name that exporters use for them. */
  public List<Integer> endTokens() {
    List<Integer> ids = getters.integers(ResourceNames.EOS_IDS);
    return ids.isEmpty() ? getters.integers(ResourceNames.EOS_ID) : ids;
  }

  /** Returns the token that begins a text. */
  public OptionalInt beginToken() {
    return getters.integer(ResourceNames.BOS_ID);
  }

  /** Returns the token that fills rows. */
  public OptionalInt padToken() {
    return getters.integer(ResourceNames.PAD_ID);
  }

  /** Returns the token that a decoder beside an encoder starts with. */
  public OptionalInt decoderStartToken() {
    return getters.integer(ResourceNames.DECODER_START_ID);
  }

  /** Returns a classifier's labels by their ids. */
  public Map<Integer, String> labels() {
    List<Integer> ids = getters.integers(ResourceNames.LABEL_IDS);
    List<String> names = getters.strings(ResourceNames.LABEL_NAMES);
    if (ids.size() != names.size()) {
      throw new InvalidInputException(
          program, ResourceNames.LABEL_NAMES, ids.size() + " names", names.size() + " names");
    }
    Map<Integer, String> labels = new LinkedHashMap<>();
    for (int i = 0; i < ids.size(); i++) {
      labels.put(ids.get(i), names.get(i));
    }
    return Collections.unmodifiableMap(labels);
  }
}
