package dev.sconce.generate.runner;

import dev.sconce.base.InvalidInputException;
import dev.sconce.generate.GeneratedSequence;
import dev.sconce.generate.GenerationConfig;
import dev.sconce.generate.Search;
import dev.sconce.generate.SearchRun;
import dev.sconce.generate.TokenEvent;
import dev.sconce.generate.runner.internal.EmbeddedRequest;
import dev.sconce.generate.runner.internal.SourceGroups;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A generation from sources in progress: a search over the decoder's rows. */
final class SourceGeneration implements TokenStream, EmbeddedRequest.Observer {

  private final Seq2SeqModel model;
  private final GenerationRequest request;
  private final GenerationConfig config;
  private final Sources sources;
  private final int[][] targets;
  private final StatsClock clock;
  private final TokenDelivery delivery;
  private final Search search;
  private final SearchRun run;
  private final AtomicBoolean stopped;
  private final Consumer<Stats> ended;
  private @Nullable SourceGroups groups;
  private @Nullable GenerationResult result;
  private boolean over;

  /**
   * Creates a generation; nothing is computed before the first token is asked for.
   *
   * @param stopped ends it when set; cleared at the end
   * @param ended takes counts and times at the end
   */
  SourceGeneration(
      Seq2SeqModel model,
      GenerationRequest request,
      GenerationConfig config,
      AtomicBoolean stopped,
      Consumer<Stats> ended) {
    this.model = model;
    this.request = request;
    this.config = config;
    this.stopped = stopped;
    this.ended = ended;
    this.clock = model.clock();
    this.sources = Sources.of(request, model.program(), model.tokenizer(), config.padToken());
    this.targets = model.targets(request, config);
    int sequences = targets.length * config.returnSequences();
    this.delivery = new TokenDelivery(request, model.tokenizer(), sequences, clock);
    this.search =
        Search.over(this::step, config)
            .context(model.program().context())
            .encoderInputs(sources.ids())
            .rules(request.rules())
            .stops(request.stops())
            .cancelledWhen(stopped::get)
            .onToken(delivery::chosen);
    List<byte[]> texts = config.stopStrings().isEmpty() ? List.of() : model.tokenTexts();
    search.tokenTexts(texts);
    // Made in any case, since it checks the request.
    SearchRun host = search.start(targets);
    this.run = request.embedded() ? inside(texts) : host;
    clock.promptTokens(sources.count());
  }

  /** Has the program's own generation make the tokens. */
  private SearchRun inside(List<byte[]> texts) {
    EmbeddedRequest asked =
        EmbeddedRequest.of(
            request, config, sources.ids(), sources.masks(), texts, stopped::get, this);
    return model.embedded().start(asked.withTargets(targets));
  }

  private float[][] step(int[][] ids, int position, int @Nullable [] rows) {
    executionStarts();
    SourceGroups all = groups;
    if (all == null) {
      int most = Math.max(config.beams(), config.returnSequences());
      all = new SourceGroups(model.program(), sources.ids(), sources.masks(), most);
      groups = all;
    }
    float[][] scores = all.step(ids, position, rows);
    executionEnds();
    return scores;
  }

  @Override
  public void executionStarts() {
    clock.executionStarts();
  }

  @Override
  public void executionEnds() {
    clock.executionEnds();
  }

  @Override
  public void chosen(TokenEvent event) {
    delivery.chosen(event);
  }

  @Override
  public boolean hasNext() {
    while (delivery.ready().isEmpty() && !over) {
      advance();
    }
    return !delivery.ready().isEmpty();
  }

  private void advance() {
    boolean complete = false;
    try {
      if (!run.advance()) {
        end();
        release();
      }
      complete = true;
    } finally {
      if (!complete) {
        release();
      }
    }
  }

  private void end() {
    List<GeneratedSequence> sequences = run.results();
    if (config.beams() > 1) {
      delivery.found(sequences);
    }
    Stats stats = clock.end(sequences.size());
    result =
        new GenerationResult(
            TokenDelivery.completions(sequences, model.tokenizer()),
            List.of(search.rows(targets, sequences)),
            stats);
    ended.accept(stats);
    request.onStats().accept(stats);
  }

  private void release() {
    over = true;
    stopped.set(false);
    if (groups != null) {
      groups.close();
      groups = null;
    }
  }

  @Override
  public GeneratedToken next() {
    if (!hasNext()) {
      throw new NoSuchElementException("the generation is over");
    }
    return delivery.ready().remove();
  }

  @Override
  public GenerationResult finish() {
    while (!over) {
      advance();
    }
    delivery.ready().clear();
    GenerationResult whole = result;
    if (whole == null) {
      throw new InvalidInputException(
          "TokenStream", "finish", "a generation that goes on", "one that was closed or failed");
    }
    return whole;
  }

  @Override
  public void close() {
    if (!over) {
      release();
    }
    delivery.ready().clear();
  }
}
