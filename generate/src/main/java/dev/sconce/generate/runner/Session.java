package dev.sconce.generate.runner;

import dev.sconce.base.InvalidInputException;
import dev.sconce.generate.GenerationConfig;
import dev.sconce.generate.Setting;
import dev.sconce.generate.internal.rule.Scores;
import dev.sconce.generate.runner.internal.EmbeddedProgram;
import dev.sconce.generate.runner.internal.RowState;
import dev.sconce.generate.runner.internal.RowStates;
import dev.sconce.generate.runner.internal.StateFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One conversation with a model: the tokens so far, and what the program keeps of them.
 *
 * <p>Every prompt continues what went before, the model's own answers included, until {@link
 * #reset}. Several sessions share one set of weights and go on in parallel, one thread each; only
 * {@link #stop} may come from any thread.
 *
 * <p>What a prompt has in common with what the program keeps is never computed again: after {@link
 * #rewind} or {@link #reset} to a conversation that begins the same way, only the rest is.
 */
public final class Session implements AutoCloseable {

  private final TextModel model;
  private final AtomicBoolean stopped;
  private int[] history = {};
  private @Nullable RowState state;
  private float @Nullable [] scores;
  private @Nullable Generation active;
  private @Nullable EmbeddedProgram embedded;
  private Stats stats = Stats.none();
  private boolean closed;

  Session(TextModel model, AtomicBoolean stopped) {
    this.model = model;
    this.stopped = stopped;
  }

  /** Returns the settings of the program, to lay others over. */
  public GenerationConfig defaults() {
    return model.defaults();
  }

  /** Loads the program's methods, which otherwise the first prompt does. */
  public void open() {
    requireIdle();
    if (state == null) {
      state = model.program().newState();
    }
  }

  /**
   * Generates what follows the conversation and a prompt. The conversation goes on with the first
   * sequence if there is one prompt, and stays as it is if there are several.
   *
   * @throws InvalidInputException if the request does not suit the program; nothing is changed then
   */
  public GenerationResult generate(GenerationRequest request) {
    try (TokenStream tokens = stream(request)) {
      return tokens.finish();
    }
  }

  /**
   * As {@link #generate}, one token at a time as the caller asks for it.
   *
   * @return the tokens; close it if it is not read to its end
   */
  public TokenStream stream(GenerationRequest request) {
    requireIdle();
    GenerationConfig config = configOf(request);
    StatsClock clock = new StatsClock(model.loadStart(), model.loadEnd());
    Prompts prompts = Prompts.of(model, request, config, history);
    Generation generation =
        new Generation(
            new PromptedText(this, model, request, config, prompts),
            request,
            config,
            clock,
            stopped);
    active = generation;
    return generation;
  }

  /** Returns the settings of a request; special tokens it does not set are the program's. */
  private GenerationConfig configOf(GenerationRequest request) {
    return request
        .config()
        .map(
            config ->
                config
                    .withDefault(Setting.EOS_TOKEN_ID, model.defaults())
                    .withDefault(Setting.PAD_TOKEN_ID, model.defaults()))
        .orElse(model.defaults());
  }

  /**
   * Passes a prompt without generating.
   *
   * @return the most likely next token
   * @throws InvalidInputException if there is not exactly one prompt, or no room for it
   */
  public int prefill(GenerationRequest request) {
    requireIdle();
    if (request.rows() != 1) {
      throw new InvalidInputException("prefill", "prompts", "one", "" + request.rows());
    }
    Prompts prompts = Prompts.of(model, request, configOf(request), history);
    int[] all = prompts.row(0);
    try (RowStates rows = rows(prompts)) {
      float[] next = rows.step(prompts.ids(), 0, null)[0];
      history = all;
      state = rows.detach(all);
      scores = next;
      return Scores.argmax(next);
    }
  }

  /**
   * Passes tokens and returns the scores of the next one: the low level, for callers who choose
   * tokens themselves.
   *
   * @param tokens at least one
   * @return a score for each token of the vocabulary; the caller's
   * @throws InvalidInputException if there is no room for the tokens, or one does not exist
   */
  public float[] feed(int... tokens) {
    requireIdle();
    int[] all = Arrays.copyOf(history, history.length + tokens.length);
    System.arraycopy(tokens, 0, all, history.length, tokens.length);
    RowState kept = state;
    if (kept == null) {
      kept = model.program().newState();
      state = kept;
    }
    if (kept.length() != history.length || !Arrays.equals(kept.tokens(), history)) {
      int common = Math.max(0, Arrays.mismatch(kept.tokens(), history));
      int held = kept.rewind(Math.min(common, history.length));
      if (held < history.length) {
        kept.feed(Arrays.copyOfRange(history, held, history.length));
      }
    }
    float[] next = kept.feed(tokens);
    history = all;
    scores = null;
    return next;
  }

  /** Returns rows that start from what this session keeps. */
  RowStates rows(Prompts prompts) {
    RowStates rows = new RowStates(model.program()::newState, prompts.masks());
    RowState kept = state;
    if (kept != null && prompts.ids().length > 1 && history.length > 0) {
      // Several rows part ways; the conversation stays where it is.
      RowState copy = model.program().newState();
      copy.copyFrom(kept);
      return rows.startingFrom(copy, scores == null ? null : scores.clone());
    }
    if (kept != null) {
      rows.startingFrom(kept, scores);
      state = null;
      scores = null;
    }
    return rows;
  }

  /** Returns the generation inside the program, with state of this session's own. */
  EmbeddedProgram embedded() {
    EmbeddedProgram known = embedded;
    if (known == null) {
      known = EmbeddedProgram.require(model.module());
      embedded = known;
    }
    return known;
  }

  /** Takes back what a generation leaves. */
  void finished(RowStates rows, int @Nullable [] continued, Stats counts) {
    active = null;
    stats = counts;
    if (continued != null) {
      history = continued;
    }
    if (state == null) {
      state = rows.detach(history);
    }
    rows.close();
  }

  private void requireIdle() {
    if (closed) {
      throw new InvalidInputException("session", "session", "an open session", "a closed one");
    }
    if (active != null) {
      throw new InvalidInputException(
          "session",
          "generation",
          "one at a time",
          "another one that is neither read to its end nor closed");
    }
  }

  /**
   * Ends the generation in progress after its current token, or the next one before its first token
   * if there is none; any thread may call it.
   */
  public void stop() {
    stopped.set(true);
  }

  /** Forgets the conversation, and a stop that no generation has seen. */
  public void reset() {
    requireIdle();
    stopped.set(false);
    scores = null;
    history = new int[0];
    if (state != null) {
      state.rewind(0);
    }
    stats = Stats.none();
  }

  /** Returns the tokens of the conversation so far. */
  public int[] tokens() {
    return history.clone();
  }

  /** Returns how many tokens the conversation has. */
  public int length() {
    return history.length;
  }

  /**
   * Forgets the conversation from a position on.
   *
   * @throws InvalidInputException if it is not so long
   */
  public void rewind(int length) {
    requireIdle();
    if (length < 0 || length > history.length) {
      throw new InvalidInputException(
          "Session.rewind", "length", "0 to " + history.length, "" + length);
    }
    if (length < history.length) {
      scores = null;
      history = Arrays.copyOf(history, length);
    }
  }

  /** Returns another session that goes on from here. */
  public Session fork() {
    requireIdle();
    Session fork = new Session(model, new AtomicBoolean());
    fork.history = history.clone();
    fork.scores = scores == null ? null : scores.clone();
    if (state != null) {
      fork.state = model.program().newState();
      fork.state.copyFrom(state);
    }
    return fork;
  }

  /**
   * Writes the conversation, with what the program keeps of it, to a file that {@link #load} reads;
   * the file appears when it is complete.
   *
   * @throws UncheckedIOException if it cannot be written
   */
  public void save(Path file) {
    requireIdle();
    try (RowStates rows = new RowStates(model.program()::newState, new int[0][])) {
      RowState kept = state == null ? model.program().newState() : state;
      rows.startingFrom(kept, scores);
      state = null;
      scores = null;
      try {
        catchUp(rows, kept);
        StateFile.save(file, model.path(), kept);
      } finally {
        state = rows.detach(history);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Has a state hold exactly the tokens of the conversation. */
  private void catchUp(RowStates rows, RowState kept) {
    if (history.length == 0) {
      kept.rewind(0);
    } else if (!Arrays.equals(kept.tokens(), history)) {
      rows.step(new int[][] {history}, 0, null);
    }
  }

  /**
   * Continues the conversation that a file holds instead of this one.
   *
   * @throws UncheckedIOException if the file cannot be read
   * @throws dev.sconce.base.MalformedFileException if it is no state of a conversation
   * @throws InvalidInputException if it is one of another program; in all cases this conversation
   *     is over
   */
  public void load(Path file) {
    reset();
    RowState kept = state == null ? model.program().newState() : state;
    state = null;
    boolean complete = false;
    try {
      StateFile.load(
          file, model.path(), kept, model.program().vocabulary(), model.program().context());
      state = kept;
      history = kept.tokens();
      complete = true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      if (!complete) {
        kept.close();
      }
    }
  }

  /** Returns the counts and times of the last generation. */
  public Stats stats() {
    return stats;
  }

  /** Gives the memory back. Idempotent. */
  @Override
  public void close() {
    Generation running = active;
    if (running != null) {
      running.close();
    }
    closed = true;
    if (embedded != null) {
      embedded.close();
      embedded = null;
    }
    if (state != null) {
      state.close();
      state = null;
    }
  }
}
