package dev.sconce.generate.runner;

import dev.sconce.base.InvalidInputException;
import dev.sconce.generate.GenerationConfig;
import dev.sconce.generate.runner.internal.EmbeddedProgram;
import dev.sconce.generate.runner.internal.Seq2SeqMethods;
import dev.sconce.text.Tokenizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Generates text from a source text with an encoder-decoder program: translation, summaries.
 *
 * <p>Sources of a request go through the encoder in as few calls as the program has room for; rows
 * and beams of one source share its keys and values; what exceeds the program's own batch and beams
 * runs in states of its own. Programs of optimum-executorch run as well, one source at a time.
 *
 * <p>Tokens are handed out as they are chosen, with beams when the search is over. Every request
 * begins anew.
 */
public final class Seq2SeqRunner implements Runner {

  private final Path path;
  private final RunnerOptions options;
  private final AtomicBoolean stopped = new AtomicBoolean();
  private final boolean shares;
  private @Nullable Seq2SeqModel loaded;
  private @Nullable Seq2SeqMethods methods;
  private @Nullable EmbeddedProgram embedded;
  private @Nullable TokenStream stream;
  private Stats stats = Stats.none();
  private boolean closed;

  private Seq2SeqRunner(Path path, RunnerOptions options, @Nullable Seq2SeqModel shared) {
    this.path = path;
    this.options = options;
    this.loaded = shared;
    this.shares = shared != null;
  }

  /** Returns a runner that loads its program when it is first needed. */
  public static Seq2SeqRunner of(Path path, RunnerOptions options) {
    return new Seq2SeqRunner(path, options, null);
  }

  /** Loads a program that carries its tokenizer. */
  public static Seq2SeqRunner load(Path path) {
    return load(path, RunnerOptions.defaults());
  }

  /**
   * Loads a program.
   *
   * @throws UncheckedIOException if a file cannot be read
   * @throws dev.sconce.base.MalformedFileException if a file is not well-formed
   * @throws InvalidInputException if it is no encoder-decoder program
   */
  public static Seq2SeqRunner load(Path path, RunnerOptions options) {
    Seq2SeqRunner runner = of(path, options);
    runner.load();
    return runner;
  }

  /**
   * Returns another runner over the same weights, for another thread; close it before this one. One
   * caller at a time holds for each of them.
   */
  public Seq2SeqRunner newRunner() {
    return new Seq2SeqRunner(path, options, loaded());
  }

  @Override
  public boolean isLoaded() {
    return loaded != null;
  }

  @Override
  public void load() {
    loaded();
  }

  private Seq2SeqModel loaded() {
    if (closed) {
      throw new InvalidInputException(path.toString(), "runner", "an open runner", "a closed one");
    }
    Seq2SeqModel known = loaded;
    if (known == null) {
      try {
        known = Seq2SeqModel.load(path, options);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      loaded = known;
    }
    return known;
  }

  private Seq2SeqMethods methods() {
    Seq2SeqMethods known = methods;
    if (known == null) {
      known = new Seq2SeqMethods(loaded().program());
      methods = known;
    }
    return known;
  }

  private EmbeddedProgram embedded() {
    EmbeddedProgram known = embedded;
    if (known == null) {
      known = loaded().newEmbedded();
      embedded = known;
    }
    return known;
  }

  /** Returns the settings of the program, to lay others over; loads it. */
  @Override
  public GenerationConfig defaults() {
    return loaded().defaults();
  }

  /** Returns the tokenizer: the one given, else the one in the program. */
  public Optional<Tokenizer> tokenizer() {
    return loaded().tokenizer();
  }

  @Override
  public GenerationResult generate(GenerationRequest request) {
    try (TokenStream tokens = stream(request)) {
      return tokens.finish();
    }
  }

  /** As {@link #generate}, one token after another; the next request ends it. */
  @Override
  public TokenStream stream(GenerationRequest request) {
    Seq2SeqModel model = loaded();
    if (stream != null) {
      stream.close();
      stream = null;
    }
    try {
      GenerationConfig config = request.config().orElse(model.defaults());
      PromptedSource sources =
          new PromptedSource(
              model, methods(), request, config, this::embedded, counted -> stats = counted);
      TokenStream made = new Generation(sources, request, config, model.clock(), stopped);
      stream = made;
      return made;
    } catch (RuntimeException e) {
      stopped.set(false);
      throw e;
    }
  }

  /** Refuses: a source stands between the tokens of one request and those of the next. */
  @Override
  public int prefill(GenerationRequest request) {
    throw new InvalidInputException(
        "prefill",
        "program",
        "a decoder alone; the decoder's first tokens go into GenerationRequest.withDecoderIds",
        "an encoder-decoder program");
  }

  @Override
  public void stop() {
    stopped.set(true);
  }

  @Override
  public void reset() {
    stopped.set(false);
    stats = Stats.none();
  }

  @Override
  public void warmup(GenerationRequest request) {
    generate(request.onToken(_ -> {}).onStats(_ -> {}));
    reset();
  }

  @Override
  public Stats stats() {
    return stats;
  }

  @Override
  public void close() {
    closed = true;
    if (stream != null) {
      stream.close();
      stream = null;
    }
    if (embedded != null) {
      embedded.close();
      embedded = null;
    }
    if (methods != null) {
      methods.close();
      methods = null;
    }
    if (loaded != null && !shares) {
      loaded.close();
    }
    loaded = null;
  }
}
