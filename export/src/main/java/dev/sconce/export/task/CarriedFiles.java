package dev.sconce.export.task;

import dev.sconce.base.json.JsonObject;
import dev.sconce.export.checkpoint.Checkpoint;
import dev.sconce.generate.resource.ResourceNames;
import dev.sconce.graph.emit.ConstantMethod;
import dev.sconce.text.Tokenizer;
import dev.sconce.text.template.ChatTemplates;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * The files of a checkpoint that go into a program as they are: tokenizer, chat templates and
 * generation settings.
 *
 * @param tokenizerFiles the tokenizer's files by name; none if the checkpoint has no tokenizer
 * @param chatTemplates the sources of the chat templates by name
 * @param generationConfig {@code generation_config.json}, if there is one
 */
public record CarriedFiles(
    SequencedMap<String, byte[]> tokenizerFiles,
    SequencedMap<String, String> chatTemplates,
    Optional<byte[]> generationConfig) {

  /**
   * Reads the files of a checkpoint.
   *
   * @param settings the settings that go before the checkpoint's own, if there are any
   * @throws IOException if one cannot be read
   */
  public static CarriedFiles of(Checkpoint checkpoint, Optional<JsonObject> settings)
      throws IOException {
    return new CarriedFiles(
        Tokenizer.files(checkpoint.folder()),
        ChatTemplates.sources(checkpoint.folder()),
        settings
            .or(checkpoint::generationConfig)
            .map(config -> config.toString().getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * Returns the tokenizer that they hold.
   *
   * @throws dev.sconce.base.MalformedFileException if the files are no tokenizer that is known
   */
  public Optional<Tokenizer> tokenizer() {
    return tokenizerFiles.isEmpty()
        ? Optional.empty()
        : Optional.of(Tokenizer.read("tokenizer", tokenizerFiles));
  }

  /** Returns the constant methods that carry them. */
  public List<ConstantMethod> methods() {
    List<ConstantMethod> methods = new ArrayList<>();
    if (!tokenizerFiles.isEmpty()) {
      methods.add(
          ConstantMethod.of(
              ResourceNames.TOKENIZER_FILES, List.copyOf(tokenizerFiles.sequencedKeySet())));
      methods.add(
          ConstantMethod.ofBlobs(ResourceNames.TOKENIZER_BLOB, tokenizerFiles.sequencedValues()));
    }
    if (!chatTemplates.isEmpty()) {
      methods.add(
          ConstantMethod.of(
              ResourceNames.CHAT_TEMPLATE_NAMES, List.copyOf(chatTemplates.sequencedKeySet())));
      methods.add(
          ConstantMethod.ofBlobs(
              ResourceNames.CHAT_TEMPLATE_BLOB,
              chatTemplates.sequencedValues().stream()
                  .map(source -> source.getBytes(StandardCharsets.UTF_8))
                  .toList()));
    }
    generationConfig.ifPresent(
        json -> methods.add(ConstantMethod.of(ResourceNames.GENERATION_CONFIG_BLOB, json)));
    return methods;
  }
}
