package dev.sconce.generate.internal.search;

import dev.sconce.base.InvalidInputException;
import dev.sconce.generate.CombinedGenerator;
import dev.sconce.generate.FinishReason;
import dev.sconce.generate.GeneratedSequence;
import dev.sconce.generate.GenerationConfig;
import dev.sconce.generate.LogitsRule;
import dev.sconce.generate.SearchRun;
import dev.sconce.generate.Setting;
import dev.sconce.generate.StepFunction;
import dev.sconce.generate.StopRule;
import dev.sconce.generate.TokenEvent;
import dev.sconce.generate.TokenRow;
import dev.sconce.generate.TokenScore;
import dev.sconce.generate.internal.rule.Scores;
import dev.sconce.generate.internal.stop.Reasons;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Greedy search and sampling: one token a row and step; finished rows leave the batch. */
public final class TokenSearch {

  private final StepFunction model;
  private final GenerationConfig config;
  private final List<LogitsRule> rules;
  private final List<StopRule> stops;

  /** Creates a search. */
  public TokenSearch(
      StepFunction model, GenerationConfig config, List<LogitsRule> rules, List<StopRule> stops) {
    this.model = model;
    this.config = config;
    this.rules = rules;
    this.stops = stops;
  }

  private static final class Row {
    private final int number;
    private final TokenRow tokens;
    private final CombinedGenerator generator;
    private float[] scores = new float[16];
    private int made;
    private FinishReason reason = FinishReason.CANCELLED;

    Row(int number, TokenRow tokens, CombinedGenerator generator) {
      this.number = number;
      this.tokens = tokens;
      this.generator = generator;
    }

    void add(int token, float score) {
      if (made == scores.length) {
        scores = Arrays.copyOf(scores, made * 2);
      }
      scores[made++] = score;
      tokens.append(token);
    }

    GeneratedSequence result() {
      float[] each = Arrays.copyOf(scores, made);
      double sum = 0;
      for (float score : each) {
        sum += score;
      }
      return new GeneratedSequence(
          tokens.prompt(), tokens.toArray(tokens.size() - made), each, sum, reason);
    }
  }

  /**
   * Starts to generate from prompts of one length.
   *
   * @param cancelled ends the search when it holds
   * @param listener is told of every token
   */
  public SearchRun start(
      int[][] prompts, BooleanSupplier cancelled, Consumer<TokenEvent> listener) {
    return new Run(prompts, cancelled, listener);
  }

  private final class Run implements SearchRun {
    private final BooleanSupplier cancelled;
    private final Consumer<TokenEvent> listener;
    private final List<Row> all = new ArrayList<>();
    private final int alternatives = config.count(Setting.LOGPROBS, 0);
    private List<Row> live;
    private int[][] ids;
    private int position;
    private int @Nullable [] origin;

    Run(int[][] prompts, BooleanSupplier cancelled, Consumer<TokenEvent> listener) {
      this.cancelled = cancelled;
      this.listener = listener;
      ids = new int[prompts.length * config.returnSequences()][];
      for (int r = 0; r < ids.length; r++) {
        int prompt = r / config.returnSequences();
        ids[r] = prompts[prompt];
        all.add(
            new Row(
                r, TokenRow.of(prompt, prompts[prompt]), new CombinedGenerator(config.seed(), r)));
      }
      live = new ArrayList<>(all);
    }

    @Override
    public boolean advance() {
      if (live.isEmpty() || cancelled.getAsBoolean()) {
        return false;
      }
      float[][] scores = model.step(ids, position, origin);
      position += ids[0].length;
      List<Row> next = new ArrayList<>();
      int[] from = new int[live.size()];
      for (int r = 0; r < live.size(); r++) {
        if (!extend(live.get(r), scores[r])) {
          from[next.size()] = r;
          next.add(live.get(r));
        }
      }
      origin = Arrays.copyOf(from, next.size());
      live = next;
      ids = new int[live.size()][];
      for (int r = 0; r < ids.length; r++) {
        ids[r] = new int[] {live.get(r).tokens.last()};
      }
      return !live.isEmpty();
    }

    @Override
    public List<GeneratedSequence> results() {
      return all.stream().map(Row::result).toList();
    }

    /** Adds a token and returns whether the row is finished. */
    private boolean extend(Row row, float[] scores) {
      for (LogitsRule rule : rules) {
        rule.apply(row.tokens, scores);
      }
      int token = config.sampling() ? draw(row, scores) : Scores.argmax(scores);
      Scores.Mass mass = Scores.mass(scores);
      float score = mass.logProbability(scores[token]);
      row.add(token, score);
      boolean finished = stops.stream().anyMatch(stop -> stop.stops(row.tokens));
      if (finished) {
        row.reason = Reasons.of(row.tokens, stops, FinishReason.STOP);
      }
      listener.accept(
          new TokenEvent(
              row.number,
              row.made - 1,
              new TokenScore(token, score),
              likeliest(scores, mass),
              finished ? Optional.of(row.reason) : Optional.empty()));
      return finished;
    }

    private static int draw(Row row, float[] scores) {
      float max = Scores.max(scores);
      if (!Float.isFinite(max)) {
        throw new InvalidInputException(
            "generate",
            "row " + row.number,
            "a token with a probability, to draw token " + row.made,
            "the largest score is " + max + ": rules forbid every token, or the model is broken");
      }
      return row.generator.draw(Scores.probabilities(scores));
    }

    private List<TokenScore> likeliest(float[] scores, Scores.Mass mass) {
      return alternatives == 0
          ? List.of()
          : Arrays.stream(Scores.best(scores, alternatives))
              .mapToObj(id -> new TokenScore(id, mass.logProbability(scores[id])))
              .toList();
    }
  }
}
