package dev.sconce.generate.runner;

import dev.sconce.base.InvalidInputException;
import dev.sconce.generate.FinishReason;
import dev.sconce.generate.GeneratedSequence;
import dev.sconce.generate.GenerationConfig;
import dev.sconce.generate.Search;
import dev.sconce.generate.SearchRun;
import dev.sconce.generate.Setting;
import dev.sconce.generate.TokenEvent;
import dev.sconce.generate.TokenScore;
import dev.sconce.generate.runner.internal.EmbeddedRequest;
import dev.sconce.generate.runner.internal.RowStates;
import dev.sconce.text.DecodeStream;
import dev.sconce.text.Tokenizer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
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
  private final Deque<GeneratedToken> ready = new ArrayDeque<>();
  private final List<@Nullable DecodeStream> texts = new ArrayList<>();
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
    this.search =
        Search.over(this::step, config)
            .context(model.program().context())
            .rules(request.rules())
            .stops(request.stops())
            .cancelledWhen(stopped::get)
            .onToken(this::chosen);
    if (!config.stopStrings().isEmpty()) {
      search.tokenTexts(model.tokenTexts());
    }
    if (config.flag(Setting.ECHO) && request.texts().isEmpty()) {
      model.requireTokenizer("echo");
    }
    // Made in any case, since it checks the request.
    SearchRun host = search.start(prompts.ids());
    this.run = request.embedded() ? session.embedded().start(embedded(stopped)) : host;
    int sequences = prompts.ids().length * config.returnSequences();
    for (int r = 0; r < sequences; r++) {
      texts.add(model.tokenizer().map(t -> t.decodeStream(true)).orElse(null));
    }
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
            Generation.this.chosen(event);
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

  private void chosen(TokenEvent event) {
    clock.tokenChosen();
    deliver(event);
    clock.receiversDone();
  }

  private void deliver(TokenEvent event) {
    DecodeStream stream = texts.get(event.row());
    String text = "";
    if (stream != null) {
      text = stream.step(event.chosen().id());
      text += event.reason().isPresent() ? stream.flush() : "";
    }
    GeneratedToken token =
        new GeneratedToken(
            event.row(),
            event.index(),
            event.chosen().id(),
            text,
            event.chosen().logprob(),
            event.alternatives(),
            event.reason());
    ready.add(token);
    request.onToken().accept(token);
    if (event.row() == 0 && !text.isEmpty()) {
      request.onText().accept(text);
    }
  }

  @Override
  public boolean hasNext() {
    while (ready.isEmpty() && !over) {
      advance();
    }
    return !ready.isEmpty();
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
      deliverBeams(sequences);
    }
    List<Completion> completions = new ArrayList<>();
    for (GeneratedSequence sequence : sequences) {
      completions.add(
          new Completion(
              sequence.prompt(),
              sequence.tokens(),
              model.tokenizer().map(t -> text(t, sequence.tokens())).orElse(""),
              sequence.scores(),
              sequence.score(),
              sequence.reason()));
    }
    Stats stats = clock.end(sequences.size());
    handBack(stats, Optional.of(sequences.getFirst().tokens()));
    result =
        new GenerationResult(completions, List.of(search.rows(prompts.ids(), sequences)), stats);
    request.onStats().accept(stats);
  }

  private static String text(Tokenizer tokenizer, int[] tokens) {
    return tokenizer.decode(tokens, true);
  }

  private void deliverBeams(List<GeneratedSequence> sequences) {
    for (int r = 0; r < sequences.size(); r++) {
      int[] tokens = sequences.get(r).tokens();
      for (int i = 0; i < tokens.length; i++) {
        Optional<FinishReason> reason =
            i == tokens.length - 1 ? Optional.of(sequences.get(r).reason()) : Optional.empty();
        clock.tokenChosen();
        deliver(new TokenEvent(r, i, new TokenScore(tokens[i], Float.NaN), List.of(), reason));
        clock.receiversDone();
      }
    }
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
    return ready.remove();
  }

  @Override
  public GenerationResult finish() {
    while (!over) {
      advance();
    }
    ready.clear();
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
    ready.clear();
  }
}
