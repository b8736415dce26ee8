package dev.sconce.generate.runner;

import dev.sconce.base.InvalidInputException;
import dev.sconce.generate.GeneratedSequence;
import dev.sconce.generate.GenerationConfig;
import dev.sconce.generate.Search;
import dev.sconce.generate.SearchRun;
import dev.sconce.generate.TokenEvent;
import dev.sconce.generate.runner.internal.EmbeddedRequest;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A generation in progress: a search over rows, whose tokens become text. */
final class Generation implements TokenStream, EmbeddedRequest.Observer {

  private final PromptedModel model;
  private final GenerationRequest request;
  private final GenerationConfig config;
  private final AtomicBoolean stopped;
  private final StatsClock clock;
  private final TokenDelivery delivery;
  private final Search search;
  private final SearchRun run;
  private @Nullable GenerationResult result;
  private boolean begun;
  private boolean over;
  private boolean handedBack;

  /**
   * Creates a generation; nothing is computed before the first token is asked for.
   *
   * @param stopped ends it when set; cleared at the end
   * @throws InvalidInputException if the request does not suit the model
   */
  Generation(
      PromptedModel model,
      GenerationRequest request,
      GenerationConfig config,
      StatsClock clock,
      AtomicBoolean stopped) {
    this.model = model;
    this.request = request;
    this.config = config;
    this.stopped = stopped;
    this.clock = clock;
    int[][] prompts = model.prompts();
    int sequences = prompts.length * config.returnSequences();
    this.delivery = new TokenDelivery(request, model.tokenizer(), sequences, clock);
    List<byte[]> texts = config.stopStrings().isEmpty() ? List.of() : model.tokenTexts();
    this.search =
        Search.over(this::step, config)
            .context(model.context())
            .encoderInputs(model.encoderInputs())
            .tokenTexts(texts)
            .rules(request.rules())
            .stops(request.stops())
            .cancelledWhen(stopped::get)
            .onToken(delivery::chosen);
    // Made in any case, since it checks the request.
    SearchRun host = search.start(prompts);
    this.run = request.embedded() ? model.embedded(texts, stopped::get, this) : host;
    clock.promptTokens(model.promptTokens());
  }

  private float[][] step(int[][] ids, int position, int @Nullable [] rows) {
    executionStarts();
    float[][] scores = model.step(ids, position, rows);
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
      if (!begun) {
        begun = true;
        model.begins();
      }
      over = !run.advance();
      if (over) {
        end();
      }
      complete = true;
    } finally {
      if (!complete) {
        over = true;
        handBack(List.of(), clock.end(0));
      }
    }
  }

  private void end() {
    List<GeneratedSequence> sequences = run.results();
    if (config.beams() > 1) {
      delivery.found(sequences);
    }
    List<Completion> completions = TokenDelivery.completions(sequences, model.tokenizer());
    Stats stats = clock.end(sequences.size());
    handBack(sequences, stats);
    result =
        new GenerationResult(completions, List.of(search.rows(model.prompts(), sequences)), stats);
    request.onStats().accept(stats);
  }

  /** Gives the model back what it is made of, once. */
  private void handBack(List<GeneratedSequence> sequences, Stats stats) {
    if (!handedBack) {
      handedBack = true;
      stopped.set(false);
      model.ended(sequences, stats);
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

  /** Ends a generation that nobody reads any more; what was made of it stands. */
  @Override
  public void close() {
    if (!over) {
      over = true;
      List<GeneratedSequence> sequences = run.results();
      handBack(sequences, clock.end(sequences.size()));
    }
    delivery.ready().clear();
  }
}
