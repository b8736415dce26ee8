package dev.sconce.generate.runner;

import dev.sconce.base.InvalidInputException;
import dev.sconce.base.json.JsonArray;
import dev.sconce.base.json.JsonNumber;
import dev.sconce.base.json.JsonValue;
import dev.sconce.generate.FinishReason;
import dev.sconce.generate.GeneratedSequence;
import dev.sconce.generate.GenerationConfig;
import dev.sconce.generate.Search;
import dev.sconce.generate.SearchRun;
import dev.sconce.generate.Setting;
import dev.sconce.generate.StepFunction;
import dev.sconce.generate.StopRule;
import dev.sconce.generate.TokenEvent;
import dev.sconce.generate.resource.ModelResources;
import dev.sconce.generate.runner.internal.EmbeddedProgram;
import dev.sconce.generate.runner.internal.EmbeddedRequest;
import dev.sconce.generate.runner.internal.Seq2SeqProgram;
import dev.sconce.generate.runner.internal.SourceGroups;
import dev.sconce.runtime.PteModule;
import dev.sconce.text.DecodeStream;
import dev.sconce.text.Tokenizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
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
 * <p>Tokens are handed out when the search is over. Every request begins anew.
 */
public final class Seq2SeqRunner implements Runner {

  private final Path path;
  private final RunnerOptions options;
  private final AtomicBoolean stopped = new AtomicBoolean();
  private @Nullable Loaded loaded;
  private @Nullable EmbeddedProgram embedded;
  private Stats stats = Stats.none();
  private boolean closed;

  /** A program with what lies beside its weights. */
  private record Loaded(
      PteModule module,
      Seq2SeqProgram program,
      Optional<Tokenizer> tokenizer,
      GenerationConfig defaults,
      Optional<Integer> start,
      long startMs,
      long endMs) {}

  private Seq2SeqRunner(Path path, RunnerOptions options) {
    this.path = path;
    this.options = options;
  }

  /** Returns a runner that loads its program when it is first needed. */
  public static Seq2SeqRunner of(Path path, RunnerOptions options) {
    return new Seq2SeqRunner(path, options);
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

  @Override
  public boolean isLoaded() {
    return loaded != null;
  }

  @Override
  public void load() {
    loaded();
  }

  private Loaded loaded() {
    if (closed) {
      throw new InvalidInputException(path.toString(), "runner", "an open runner", "a closed one");
    }
    Loaded known = loaded;
    if (known == null) {
      try {
        known = open();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      loaded = known;
    }
    return known;
  }

  private Loaded open() throws IOException {
    long start = System.currentTimeMillis();
    PteModule module = PteModule.load(path, options.load());
    boolean complete = false;
    try {
      ModelResources resources = ModelResources.of(module);
      Optional<Tokenizer> tokenizer = tokenizer(resources);
      var first = resources.decoderStartToken();
      Loaded made =
          new Loaded(
              module,
              Seq2SeqProgram.of(module),
              tokenizer,
              defaults(resources),
              first.isPresent() ? Optional.of(first.getAsInt()) : Optional.empty(),
              start,
              System.currentTimeMillis());
      complete = true;
      return made;
    } finally {
      if (!complete) {
        module.close();
      }
    }
  }

  private Optional<Tokenizer> tokenizer(ModelResources resources) throws IOException {
    if (options.tokenizer().isPresent()) {
      return Optional.of(Tokenizer.load(options.tokenizer().get()));
    }
    var files = resources.tokenizerFiles();
    return files.isEmpty() ? Optional.empty() : Optional.of(Tokenizer.read(path.toString(), files));
  }

  /** The program's generation configuration; special tokens it does not name are its getters'. */
  private static GenerationConfig defaults(ModelResources resources) {
    GenerationConfig config =
        resources
            .generationConfig()
            .map(GenerationConfig::ofCheckpoint)
            .orElse(GenerationConfig.defaults());
    List<JsonValue> ends = resources.endTokens().stream().<JsonValue>map(JsonNumber::of).toList();
    if (!config.isSet(Setting.EOS_TOKEN_ID) && !ends.isEmpty()) {
      config = config.with(Setting.EOS_TOKEN_ID, new JsonArray(ends));
    }
    if (!config.isSet(Setting.PAD_TOKEN_ID) && resources.padToken().isPresent()) {
      config = config.with(Setting.PAD_TOKEN_ID, JsonNumber.of(resources.padToken().getAsInt()));
    }
    return config;
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
    Loaded all = loaded();
    GenerationConfig config = request.config().orElse(all.defaults());
    long began = System.currentTimeMillis();
    Sources sources = Sources.of(request, all.program(), all.tokenizer(), config.padToken());
    int[][] targets = targets(request, all);
    int rows = Math.max(config.beams(), config.returnSequences());
    try (SourceGroups groups =
        new SourceGroups(all.program(), sources.ids(), sources.masks(), rows)) {
      Timed timed = new Timed(groups);
      List<StopRule> stops = new ArrayList<>(request.stops());
      stops.add(_ -> stopped.get());
      Search search =
          Search.over(timed, config)
              .context(all.program().context())
              .encoderInputs(sources.ids())
              .rules(request.rules())
              .stops(stops);
      List<GeneratedSequence> found =
          request.embedded()
              ? inside(all, request, config, sources, targets, search, timed)
              : search.run(targets);
      GenerationResult result = result(all, search, targets, found, timed, began, sources);
      deliver(all, request, found);
      request.onStats().accept(result.stats());
      stats = result.stats();
      return result;
    } finally {
      stopped.set(false);
    }
  }

  /** Has the program's own generation make the tokens. */
  private List<GeneratedSequence> inside(
      Loaded all,
      GenerationRequest request,
      GenerationConfig config,
      Sources sources,
      int[][] targets,
      Search search,
      Timed timed) {
    search.start(targets); // checks the request; nothing is computed
    EmbeddedRequest asked =
        EmbeddedRequest.of(
            request, config, sources.ids(), sources.masks(), List.of(), stopped::get, timed);
    EmbeddedProgram program = embedded;
    if (program == null) {
      program = EmbeddedProgram.require(all.module());
      embedded = program;
    }
    SearchRun run = program.start(asked.withTargets(targets));
    boolean more = true;
    while (more) {
      more = run.advance();
    }
    return run.results();
  }

  private static int[][] targets(GenerationRequest request, Loaded all) {
    if (!request.decoderIds().isEmpty()) {
      return request.decoderIds().toArray(int[][]::new);
    }
    int start =
        all.start()
            .orElseThrow(
                () ->
                    new InvalidInputException(
                        "generate",
                        "decoderIds",
                        "what the decoder starts with, since the program does not tell it",
                        "none"));
    int[][] targets = new int[request.rows()][];
    Arrays.fill(targets, new int[] {start});
    return targets;
  }

  private static GenerationResult result(
      Loaded all,
      Search search,
      int[][] targets,
      List<GeneratedSequence> found,
      Timed timed,
      long began,
      Sources sources) {
    List<Completion> completions = new ArrayList<>();
    long made = 0;
    for (GeneratedSequence sequence : found) {
      made += sequence.tokens().length - 1;
      completions.add(
          new Completion(
              sequence.prompt(),
              sequence.tokens(),
              all.tokenizer().map(t -> t.decode(sequence.tokens(), true)).orElse(""),
              sequence.scores(),
              sequence.score(),
              sequence.reason()));
    }
    Stats counted =
        timed.stats(all.startMs(), all.endMs(), began, sources.count(), Math.max(0, made));
    return new GenerationResult(completions, List.of(search.rows(targets, found)), counted);
  }

  private static void deliver(
      Loaded all, GenerationRequest request, List<GeneratedSequence> found) {
    for (int r = 0; r < found.size(); r++) {
      int[] tokens = found.get(r).tokens();
      float[] scores = found.get(r).scores();
      DecodeStream text = all.tokenizer().map(t -> t.decodeStream(true)).orElse(null);
      for (int i = 0; i < tokens.length; i++) {
        boolean last = i == tokens.length - 1;
        String piece = text == null ? "" : text.step(tokens[i]) + (last ? text.flush() : "");
        Optional<FinishReason> reason =
            last ? Optional.of(found.get(r).reason()) : Optional.empty();
        float score = i < scores.length ? scores[i] : Float.NaN;
        request
            .onToken()
            .accept(new GeneratedToken(r, i, tokens[i], piece, score, List.of(), reason));
        if (r == 0 && !piece.isEmpty()) {
          request.onText().accept(piece);
        }
      }
    }
  }

  /** As {@link #generate}; tokens are all there when the first is asked for. */
  @Override
  public TokenStream stream(GenerationRequest request) {
    return new Collected(request);
  }

  /** The tokens of a request that is run when the first is asked for. */
  private final class Collected implements TokenStream {
    private final GenerationRequest request;
    private final List<GeneratedToken> tokens = new ArrayList<>();
    private @Nullable GenerationResult result;
    private int next;
    private boolean over;

    Collected(GenerationRequest request) {
      this.request =
          request.onToken(
              token -> {
                tokens.add(token);
                request.onToken().accept(token);
              });
    }

    @Override
    public boolean hasNext() {
      return !over && run().completions() != null && next < tokens.size();
    }

    private GenerationResult run() {
      GenerationResult known = result;
      if (known == null) {
        known = generate(request);
        result = known;
      }
      return known;
    }

    @Override
    public GeneratedToken next() {
      if (!hasNext()) {
        throw new NoSuchElementException("the generation is over");
      }
      return tokens.get(next++);
    }

    @Override
    public GenerationResult finish() {
      GenerationResult whole = run();
      over = true;
      return whole;
    }

    @Override
    public void close() {
      over = true;
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
    if (embedded != null) {
      embedded.close();
      embedded = null;
    }
    if (loaded != null) {
      loaded.module().close();
      loaded = null;
    }
  }

  /** Takes the times of the steps of a search. */
  private static final class Timed implements StepFunction, EmbeddedRequest.Observer {
    private final StepFunction model;
    private long lastStart;
    private long lastEnd;
    private long firstEnd;
    private long begin;
    private long nanos;

    Timed(StepFunction model) {
      this.model = model;
    }

    @Override
    public float[][] step(int[][] ids, int position, int @Nullable [] rows) {
      executionStarts();
      float[][] scores = model.step(ids, position, rows);
      executionEnds();
      return scores;
    }

    @Override
    public void executionStarts() {
      lastStart = System.currentTimeMillis();
      begin = System.nanoTime();
    }

    @Override
    public void executionEnds() {
      nanos += System.nanoTime() - begin;
      lastEnd = System.currentTimeMillis();
      firstEnd = firstEnd == 0 ? lastEnd : firstEnd;
    }

    @Override
    public void chosen(TokenEvent event) {
      // Tokens are handed out when the search is over.
    }

    Stats stats(long loadStart, long loadEnd, long began, long prompt, long made) {
      long end = System.currentTimeMillis();
      long executing = nanos / 1_000_000;
      return new Stats(
          loadStart,
          loadEnd,
          began,
          end,
          lastStart,
          lastEnd,
          firstEnd,
          firstEnd,
          Math.max(0, end - firstEnd - executing),
          executing,
          prompt,
          made);
    }
  }
}
