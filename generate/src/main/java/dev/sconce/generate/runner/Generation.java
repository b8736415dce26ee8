package dev.sconce.generate.runner;

import dev.sconce.base.InvalidInputException;
import dev.sconce.generate.GeneratedSequence;
import dev.sconce.generate.GenerationConfig;
import dev.sconce.generate.Search;
import dev.sconce.generate.SearchRun;
import dev.sconce.generate.Setting;
import dev.sconce.generate.TokenEvent;
import dev.sconce.generate.runner.internal.EmbeddedRequest;
import dev.sconce.generate.runner.internal.RowStates;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A generation in progress: a search over rows, whose tokens become text. */
final class Generation implements TokenStream {

  private final Session session;
  private final TextModel model;
  private final GenerationRequest request;
  private final GenerationConfig config;
  private final Prompts prompts;
  private final StatsClock clock;
  private final Search search;
  private final SearchRun run;
  private final TokenDelivery delivery;
  private @Nullable RowStates rows;
  private @Nullable GenerationResult result;
  private boolean over;
  private boolean handedBack;

  Generation(
      Session session,
      TextModel model,
      GenerationRequest request,
      GenerationConfig config,
      Prompts prompts,
      StatsClock clock,
      AtomicBoolean stopped) {
    this.session = session;
    this.model = model;
    this.request = request;
    this.config = config;
    this.prompts = prompts;
    this.clock = clock;
    this.delivery =
        new TokenDelivery(
            request, model.tokenizer(), prompts.ids().length * config.returnSequences(), clock);
    this.search =
        Search.over(this::step, config)
            .context(model.program().context())
            .rules(request.rules())
            .stops(request.stops())
            .cancelledWhen(stopped::get)
            .onToken(delivery::chosen);
    if (!config.stopStrings().isEmpty()) {
      search.tokenTexts(model.tokenTexts());
    }
    if (config.flag(Setting.ECHO) && request.texts().isEmpty()) {
      model.requireTokenizer("echo");
    }
    // Made in any case, since it checks the request.
    SearchRun host = search.start(prompts.ids());
    this.run = request.embedded() ? session.embedded().start(embedded(stopped)) : host;
    clock.promptTokens(prompts.count());
  }

  private EmbeddedRequest embedded(AtomicBoolean stopped) {
    return EmbeddedRequest.of(
        request,
        config,
        prompts.ids(),
        prompts.masks(),
        config.stopStrings().isEmpty() ? List.of() : model.tokenTexts(),
        stopped::get,
        new EmbeddedRequest.Observer() {
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
        });
  }

  private float[][] step(int[][] ids, int position, int @Nullable [] origin) {
    RowStates all = rows;
    if (all == null) {
      all = session.rows(prompts);
      rows = all;
    }
    clock.executionStarts();
    float[][] scores = all.step(ids, position, origin);
    clock.executionEnds();
    return scores;
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
      if (rows == null && config.flag(Setting.ECHO)) {
        echo();
      }
      over = !run.advance();
      if (over) {
        end();
      }
      complete = true;
    } finally {
      if (!complete) {
        abandon(false);
      }
    }
  }

  private void echo() {
    String text =
        request.texts().isEmpty()
            ? model.requireTokenizer("echo").decode(prompts.row(0))
            : request.texts().getFirst();
    if (!text.isEmpty()) {
      request.onText().accept(text);
    }
  }

  private void end() {
    List<GeneratedSequence> sequences = run.results();
    if (config.beams() > 1) {
      delivery.found(sequences);
    }
    List<Completion> completions = TokenDelivery.completions(sequences, model.tokenizer());
    Stats stats = clock.end(sequences.size());
    handBack(stats, Optional.of(sequences.getFirst().tokens()));
    result =
        new GenerationResult(completions, List.of(search.rows(prompts.ids(), sequences)), stats);
    request.onStats().accept(stats);
  }

  /** Gives the session its state back, one prompt continued by its first sequence. */
  private void handBack(Stats stats, Optional<int[]> tokens) {
    handedBack = true;
    RowStates all = rows == null ? session.rows(prompts) : rows;
    int[] continued = null;
    if (prompts.ids().length == 1 && tokens.isPresent()) {
      int[] prompt = prompts.row(0);
      continued = Arrays.copyOf(prompt, prompt.length + tokens.get().length);
      System.arraycopy(tokens.get(), 0, continued, prompt.length, tokens.get().length);
    }
    session.finished(all, continued, stats);
  }

  /**
   * Ends a generation that nobody reads any more, or that failed: that one is as if it never was.
   */
  private void abandon(boolean kept) {
    over = true;
    if (result == null && !handedBack) {
      List<GeneratedSequence> sequences = run.results();
      Stats stats = clock.end(sequences.size());
      handBack(stats, kept ? Optional.of(sequences.getFirst().tokens()) : Optional.empty());
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
      abandon(true);
    }
    delivery.ready().clear();
  }
}
