package dev.sconce.generate.internal.search;

import dev.sconce.generate.CombinedGenerator;
import dev.sconce.generate.FinishReason;
import dev.sconce.generate.GeneratedSequence;
import dev.sconce.generate.GenerationConfig;
import dev.sconce.generate.LogitsRule;
import dev.sconce.generate.StepFunction;
import dev.sconce.generate.StopRule;
import dev.sconce.generate.TokenRow;
import dev.sconce.generate.internal.rule.Scores;
import dev.sconce.generate.internal.stop.Reasons;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

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
    private final TokenRow tokens;
    private final CombinedGenerator generator;
    private float[] scores = new float[16];
    private int made;
    private FinishReason reason = FinishReason.STOP;

    Row(TokenRow tokens, CombinedGenerator generator) {
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

  /** Generates from prompts of one length. */
  public List<GeneratedSequence> run(int[][] prompts) {
    List<Row> all = new ArrayList<>();
    int[][] ids = new int[prompts.length * config.returnSequences()][];
    for (int r = 0; r < ids.length; r++) {
      int prompt = r / config.returnSequences();
      ids[r] = prompts[prompt];
      all.add(
          new Row(TokenRow.of(prompt, prompts[prompt]), new CombinedGenerator(config.seed(), r)));
    }
    List<Row> live = new ArrayList<>(all);
    int position = 0;
    int[] origin = null;
    while (!live.isEmpty()) {
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
    }
    return all.stream().map(Row::result).toList();
  }

  /** Adds a token and returns whether the row is finished. */
  private boolean extend(Row row, float[] scores) {
    for (LogitsRule rule : rules) {
      rule.apply(row.tokens, scores);
    }
    int token =
        config.sampling()
            ? row.generator.draw(Scores.probabilities(scores))
            : Scores.argmax(scores);
    double norm = Scores.logSumExp(scores, 0, scores.length);
    row.add(token, (float) (scores[token] - norm));
    boolean finished = stops.stream().anyMatch(stop -> stop.stops(row.tokens));
    if (finished) {
      row.reason = Reasons.of(row.tokens, stops);
    }
    return finished;
  }
}
