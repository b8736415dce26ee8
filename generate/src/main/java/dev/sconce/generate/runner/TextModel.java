package dev.sconce.generate.runner;

import dev.sconce.base.InvalidInputException;
import dev.sconce.base.json.JsonArray;
import dev.sconce.base.json.JsonNumber;
import dev.sconce.base.json.JsonString;
import dev.sconce.base.json.JsonValue;
import dev.sconce.generate.GenerationConfig;
import dev.sconce.generate.Setting;
import dev.sconce.generate.resource.ModelResources;
import dev.sconce.generate.resource.ResourceNames;
import dev.sconce.generate.runner.internal.DecoderProgram;
import dev.sconce.generate.runner.internal.TokenTexts;
import dev.sconce.runtime.PteModule;
import dev.sconce.text.Tokenizer;
import dev.sconce.text.template.ChatTemplates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * A loaded program with its tokenizer and settings, shared by the sessions that run it. Thread-safe
 * once it is made.
 */
final class TextModel implements AutoCloseable {

  private final Path path;
  private final PteModule module;
  private final ModelResources resources;
  private final DecoderProgram program;
  private final Optional<Tokenizer> tokenizer;
  private final Optional<Path> tokenizerPath;
  private final GenerationConfig defaults;
  private final long loadStart;
  private final long loadEnd;
  private @Nullable List<byte[]> tokenTexts;

  private TextModel(Path path, PteModule module, RunnerOptions options, long loadStart)
      throws IOException {
    this.path = path;
    this.module = module;
    this.loadStart = loadStart;
    this.resources = ModelResources.of(module);
    this.program = DecoderProgram.of(module, options.method(), options.ioManager());
    this.tokenizerPath = options.tokenizer();
    this.tokenizer = tokenizer(options, resources);
    this.defaults = defaults(resources, tokenizer);
    this.loadEnd = StatsClock.millis();
  }

  static TextModel load(Path path, RunnerOptions options) throws IOException {
    long start = StatsClock.millis();
    PteModule module = PteModule.load(path, options.load());
    try {
      return new TextModel(path, module, options, start);
    } catch (IOException | RuntimeException e) {
      module.close();
      throw e;
    }
  }

  static Optional<Tokenizer> tokenizer(RunnerOptions options, ModelResources resources)
      throws IOException {
    if (options.tokenizer().isPresent()) {
      return Optional.of(Tokenizer.load(options.tokenizer().get()));
    }
    return resources.tokenizer();
  }

  /**
   * Returns the settings of a program: its generation configuration, and the special tokens that it
   * or else the tokenizer names.
   */
  static GenerationConfig defaults(ModelResources resources, Optional<Tokenizer> tokenizer) {
    GenerationConfig config =
        resources
            .generationConfig()
            .map(GenerationConfig::ofCheckpoint)
            .orElse(GenerationConfig.defaults());
    if (!config.isSet(Setting.EOS_TOKEN_ID)) {
      List<Integer> ends = resources.endTokens();
      if (ends.isEmpty()) {
        ends = one(tokenizer.map(t -> t.specialTokenId("eos_token")).orElse(OptionalInt.empty()));
      }
      List<JsonValue> ids = ends.stream().<JsonValue>map(JsonNumber::of).toList();
      config = ids.isEmpty() ? config : config.with(Setting.EOS_TOKEN_ID, new JsonArray(ids));
    }
    if (!config.isSet(Setting.PAD_TOKEN_ID)) {
      List<Integer> pads = one(resources.padToken());
      if (pads.isEmpty()) {
        pads = one(tokenizer.map(t -> t.specialTokenId("pad_token")).orElse(OptionalInt.empty()));
      }
      config =
          pads.isEmpty()
              ? config
              : config.with(Setting.PAD_TOKEN_ID, JsonNumber.of(pads.getFirst()));
    }
    return config;
  }

  private static List<Integer> one(OptionalInt id) {
    return id.isPresent() ? List.of(id.getAsInt()) : List.of();
  }

  Path path() {
    return path;
  }

  ModelResources resources() {
    return resources;
  }

  DecoderProgram program() {
    return program;
  }

  PteModule module() {
    return module;
  }

  GenerationConfig defaults() {
    return defaults;
  }

  Optional<Tokenizer> tokenizer() {
    return tokenizer;
  }

  /** Returns the tokenizer, where a request cannot do without. */
  Tokenizer requireTokenizer(String argument) {
    return tokenizer.orElseThrow(() -> NoTokenizer.error(module.program().name(), argument));
  }

  /** Returns the chat templates: those beside the given tokenizer, else those in the program. */
  Optional<ChatTemplates> chatTemplates() {
    Optional<Path> directory =
        tokenizerPath.map(path -> Files.isDirectory(path) ? path : path.resolveSibling(""));
    if (directory.isPresent()) {
      try {
        return Optional.of(ChatTemplates.load(directory.get()));
      } catch (InvalidInputException e) {
        // The directory has none; the program may.
      }
    }
    SequencedMap<String, String> sources = resources.chatTemplates();
    if (sources.isEmpty()) {
      return Optional.empty();
    }
    Map<String, JsonValue> variables = new LinkedHashMap<>();
    for (String role : ChatTemplates.SPECIAL_TOKENS) {
      tokenizer
          .flatMap(t -> t.specialToken(role))
          .ifPresent(token -> variables.put(role, new JsonString(token)));
    }
    return Optional.of(ChatTemplates.of(sources, variables));
  }

  /** Returns what each token adds to a text, in UTF-8. */
  synchronized List<byte[]> tokenTexts() {
    List<byte[]> known = tokenTexts;
    if (known == null) {
      known = TokenTexts.of(requireTokenizer("stop_strings"), program.vocabulary());
      tokenTexts = known;
    }
    return known;
  }

  /**
   * Returns the tokens of a text.
   *
   * @param first whether it begins a conversation: then the tokenizer's own tokens go around it
   */
  int[] encode(String text, GenerationConfig config, boolean first) {
    Tokenizer t = requireTokenizer("prompt");
    boolean counted = config.isSet(Setting.NUM_BOS) || config.isSet(Setting.NUM_EOS);
    int[] ids = t.encode(text, first && !counted).ids();
    if (!counted) {
      return ids;
    }
    List<Integer> all = new ArrayList<>();
    repeat(all, config.count(Setting.NUM_BOS, 0), "bos_token", resources.beginToken());
    for (int id : ids) {
      all.add(id);
    }
    List<Integer> ends = resources.endTokens();
    OptionalInt end = ends.isEmpty() ? OptionalInt.empty() : OptionalInt.of(ends.getFirst());
    repeat(all, config.count(Setting.NUM_EOS, 0), "eos_token", end);
    return all.stream().mapToInt(Integer::intValue).toArray();
  }

  private void repeat(List<Integer> ids, int count, String role, OptionalInt ofProgram) {
    if (count == 0) {
      return;
    }
    OptionalInt own = requireTokenizer("prompt").specialTokenId(role);
    OptionalInt id = own.isPresent() ? own : ofProgram;
    int found =
        id.orElseThrow(
            () ->
                new InvalidInputException(
                    module.program().name(),
                    role.equals("bos_token") ? "num_bos" : "num_eos",
                    "a tokenizer with a "
                        + role
                        + ", or a program with "
                        + (role.equals("bos_token") ? ResourceNames.BOS_ID : ResourceNames.EOS_IDS),
                    "neither"));
    for (int i = 0; i < Math.min(count, program.context()); i++) {
      ids.add(found);
    }
  }

  long loadStart() {
    return loadStart;
  }

  long loadEnd() {
    return loadEnd;
  }

  @Override
  public void close() {
    module.close();
  }
}
