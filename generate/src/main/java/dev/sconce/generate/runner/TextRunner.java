package dev.sconce.generate.runner;

import dev.sconce.base.InvalidInputException;
import dev.sconce.base.json.JsonBool;
import dev.sconce.generate.GenerationConfig;
import dev.sconce.generate.Setting;
import dev.sconce.generate.resource.ModelResources;
import dev.sconce.text.Tokenizer;
import dev.sconce.text.template.ChatTemplates;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Generates text with a decoder-only program: ExecuTorch's {@code TextLLMRunner}.
 *
 * <pre>{@code
 * try (TextRunner llm = TextRunner.load(Path.of("smollm2.pte"))) {
 *   llm.generate(
 *       "Once upon a time", GenerationConfig.defaults().withMaxNewTokens(64), System.out::print);
 * }
 * }</pre>
 *
 * <p>A program that Sconce exported carries its tokenizer and settings; for others give a tokenizer
 * by {@link RunnerOptions#withTokenizer}. Without one, requests of token ids work all the same.
 */
public final class TextRunner implements Runner {

  private final Path path;
  private final RunnerOptions options;
  private final AtomicBoolean stopped = new AtomicBoolean();
  private @Nullable TextModel model;
  private @Nullable Session session;
  private boolean closed;

  private TextRunner(Path path, RunnerOptions options) {
    this.path = path;
    this.options = options;
  }

  /** Returns a runner that loads its program when it is first needed. */
  public static TextRunner of(Path path, RunnerOptions options) {
    return new TextRunner(path, options);
  }

  /**
   * Loads a program that carries its tokenizer.
   *
   * @throws UncheckedIOException if the file cannot be read
   * @throws dev.sconce.base.MalformedFileException if it is not a well-formed program
   * @throws dev.sconce.base.InvalidInputException if it is no program that maps tokens to scores
   */
  public static TextRunner load(Path path) {
    return load(path, RunnerOptions.defaults());
  }

  /**
   * Loads a program.
   *
   * @throws UncheckedIOException if a file cannot be read
   * @throws dev.sconce.base.MalformedFileException if a file is not well-formed
   * @throws dev.sconce.base.InvalidInputException if it is no program that maps tokens to scores
   */
  public static TextRunner load(Path path, RunnerOptions options) {
    TextRunner runner = of(path, options);
    runner.load();
    return runner;
  }

  @Override
  public boolean isLoaded() {
    return model != null;
  }

  @Override
  public void load() {
    model();
  }

  private TextModel model() {
    if (closed) {
      throw new InvalidInputException(path.toString(), "runner", "an open runner", "a closed one");
    }
    TextModel loaded = model;
    if (loaded == null) {
      try {
        loaded = TextModel.load(path, options);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      model = loaded;
    }
    return loaded;
  }

  private Session session() {
    Session current = session;
    if (current == null) {
      current = new Session(model(), stopped);
      session = current;
    }
    return current;
  }

  /** Returns a conversation of its own over the same weights; close it before this runner. */
  public Session newSession() {
    return new Session(model(), new AtomicBoolean());
  }

  @Override
  public GenerationConfig defaults() {
    return model().defaults();
  }

  /** Returns the tokenizer: the one given, else the one in the program. */
  public Optional<Tokenizer> tokenizer() {
    return model().tokenizer();
  }

  /** Returns the chat templates: those beside the tokenizer given, else those in the program. */
  public Optional<ChatTemplates> chatTemplates() {
    return model().chatTemplates();
  }

  /** Returns what the program carries beside its weights. */
  public ModelResources resources() {
    return model().resources();
  }

  /** Returns how many tokens a conversation can have. */
  public int contextLength() {
    return model().program().context();
  }

  /** Returns the size of the vocabulary. */
  public int vocabularySize() {
    return model().program().vocabulary();
  }

  @Override
  public GenerationResult generate(GenerationRequest request) {
    return session().generate(request);
  }

  @Override
  public TokenStream stream(GenerationRequest request) {
    return session().stream(request);
  }

  @Override
  public int prefill(GenerationRequest request) {
    return session().prefill(request);
  }

  @Override
  public void stop() {
    stopped.set(true);
  }

  @Override
  public void reset() {
    stopped.set(false);
    if (session != null) {
      session.reset();
    }
  }

  @Override
  public void warmup(GenerationRequest request) {
    GenerationConfig config =
        request.config().orElse(defaults()).with(Setting.ECHO, JsonBool.FALSE);
    session().generate(request.with(config));
    reset();
  }

  @Override
  public Stats stats() {
    return session == null ? Stats.none() : session.stats();
  }

  @Override
  public void close() {
    closed = true;
    if (session != null) {
      session.close();
      session = null;
    }
    if (model != null) {
      model.close();
      model = null;
    }
  }
}
