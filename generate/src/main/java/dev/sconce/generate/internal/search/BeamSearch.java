package dev.sconce.generate.internal.search;

import dev.sconce.generate.CombinedGenerator;
import dev.sconce.generate.EarlyStopping;
import dev.sconce.generate.FinishReason;
import dev.sconce.generate.GeneratedSequence;
import dev.sconce.generate.GenerationConfig;
import dev.sconce.generate.LogitsRule;
import dev.sconce.generate.SearchRun;
import dev.sconce.generate.Setting;
import dev.sconce.generate.StepFunction;
import dev.sconce.generate.StopRule;
import dev.sconce.generate.TokenRow;
import dev.sconce.generate.internal.rule.Scores;
import dev.sconce.generate.internal.stop.Reasons;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Beam search and beam sampling, as transformers does it since 4.50.
 *
 * <p>A prompt's beams stay in the batch until the search as a whole ends, because transformers lets
 * a finished prompt's results stand while others go on; only its rows' results are frozen.
 */
public final class BeamSearch {

  /** What transformers adds to the scores of beams that are out of the race. */
  private static final float DEAD = -1.0e9f;

  private final StepFunction model;
  private final GenerationConfig config;
  private final List<LogitsRule> rules;
  private final List<StopRule> stops;
  private final int maxLength;
  private final int beams;
  private final int candidates;
  private final double lengthPenalty;

  /** Creates a search. */
  public BeamSearch(
      StepFunction model,
      GenerationConfig config,
      List<LogitsRule> rules,
      List<StopRule> stops,
      int maxLength) {
    this.model = model;
    this.config = config;
    this.rules = rules;
    this.stops = stops;
    this.maxLength = maxLength;
    this.beams = config.beams();
    // So many that enough beams go on if every end token is among the best.
    this.candidates = Math.max(2, 1 + config.endTokens().length) * beams;
    this.lengthPenalty = config.number(Setting.LENGTH_PENALTY, 1);
  }

  /**
   * Returns what fills finished rows: the padding token, but an end token for a padding token 0.
   */
  public static int fill(GenerationConfig config) {
    int[] pad = config.tokens(Setting.PAD_TOKEN_ID);
    int[] end = config.tokens(Setting.EOS_TOKEN_ID);
    boolean usesPad = pad.length > 0 && pad[0] != 0;
    return end.length == 0 ? -1 : usesPad ? pad[0] : end[0];
  }

  /** A candidate or beam: tokens, score and the row of the model's state it continues. */
  private record Beam(TokenRow tokens, float score, int row, boolean finished) {}

  /** The beams of one prompt. */
  private final class Group {
    private final CombinedGenerator generator;
    private List<Beam> running = new ArrayList<>();
    private List<Beam> results = new ArrayList<>();
    private boolean canImprove = true;
    private boolean allHit;

    Group(int prompt, int[] ids) {
      generator = new CombinedGenerator(config.seed(), prompt);
      TokenRow tokens = TokenRow.of(prompt, ids);
      for (int k = 0; k < beams; k++) {
        // Only the first beam counts at first; the others would give the same tokens.
        running.add(new Beam(tokens, k == 0 ? 0 : DEAD, prompt * beams + k, false));
        results.add(new Beam(tokens, DEAD, 0, false));
      }
    }

    boolean full() {
      return results.stream().allMatch(Beam::finished);
    }

    void advance(float[][] scores, int base, int promptLength, int length) {
      List<Beam> best = candidates(scores, base);
      boolean[] hits = new boolean[best.size()];
      allHit = true;
      for (int i = 0; i < hits.length; i++) {
        TokenRow tokens = best.get(i).tokens;
        hits[i] = stops.stream().anyMatch(stop -> stop.stops(tokens));
        allHit &= hits[i];
      }
      running = new ArrayList<>();
      for (int i = 0; i < hits.length; i++) {
        Beam beam = best.get(i);
        running.add(new Beam(beam.tokens, beam.score + (hits[i] ? DEAD : 0), beam.row, false));
      }
      running = top(running, beams);
      finish(best, hits, length + 1 - promptLength);
      improve(length + 1, promptLength);
    }

    private List<Beam> candidates(float[][] scores, int base) {
      int vocabulary = scores[base].length;
      float[] total = new float[beams * vocabulary];
      for (int k = 0; k < beams; k++) {
        float[] row = scores[base + k];
        Scores.normalize(row);
        for (LogitsRule rule : rules) {
          rule.apply(running.get(k).tokens, row);
        }
        for (int t = 0; t < vocabulary; t++) {
          total[k * vocabulary + t] = row[t] + running.get(k).score;
        }
      }
      int[] chosen =
          config.sampling() ? drawn(total, generator, candidates) : Scores.best(total, candidates);
      List<Beam> made = new ArrayList<>();
      for (int index : chosen) {
        Beam parent = running.get(index / vocabulary);
        made.add(
            new Beam(
                parent.tokens.with(index % vocabulary),
                total[index],
                base + index / vocabulary,
                false));
      }
      return made;
    }

    private void finish(List<Beam> best, boolean[] hits, int length) {
      boolean closed = full() && config.earlyStopping() == EarlyStopping.TRUE;
      List<Beam> merged = new ArrayList<>(results);
      for (int i = 0; i < hits.length; i++) {
        boolean finished = hits[i] && i < beams;
        float score = best.get(i).score / power(length);
        score += closed ? DEAD : 0;
        score += canImprove ? 0 : DEAD;
        score += finished ? 0 : DEAD;
        merged.add(new Beam(best.get(i).tokens, score, 0, finished));
      }
      results = top(merged, beams);
    }

    private void improve(int length, int promptLength) {
      boolean optimistic = config.earlyStopping() == EarlyStopping.NEVER && lengthPenalty > 0;
      int hypothetical = (optimistic ? maxLength : length) - promptLength;
      float possible = running.getFirst().score / power(hypothetical);
      float worst = Float.POSITIVE_INFINITY;
      for (Beam result : results) {
        worst = Math.min(worst, result.score);
      }
      boolean improvable = false;
      for (Beam result : results) {
        improvable |= possible > (result.finished ? worst : DEAD);
      }
      canImprove &= improvable;
    }
  }

  /**
   * Starts to generate from prompts of one length.
   *
   * @param cancelled ends the search when it holds
   */
  public SearchRun start(int[][] prompts, BooleanSupplier cancelled) {
    return new Run(prompts, cancelled);
  }

  private final class Run implements SearchRun {
    private final int promptLength;
    private final BooleanSupplier cancelled;
    private final List<Group> groups = new ArrayList<>();
    private int[][] ids;
    private int position;
    private int @Nullable [] origin;
    private boolean over;
    private boolean stopped;

    Run(int[][] prompts, BooleanSupplier cancelled) {
      this.promptLength = prompts[0].length;
      this.cancelled = cancelled;
      this.ids = new int[prompts.length * beams][];
      for (int p = 0; p < prompts.length; p++) {
        groups.add(new Group(p, prompts[p]));
        Arrays.fill(ids, p * beams, (p + 1) * beams, prompts[p]);
      }
    }

    @Override
    public boolean advance() {
      stopped = !over && cancelled.getAsBoolean();
      if (over || stopped) {
        return false;
      }
      float[][] scores = model.step(ids, position, origin);
      position += ids[0].length;
      int[] from = new int[ids.length];
      int[][] next = new int[ids.length][];
      for (int p = 0; p < groups.size(); p++) {
        Group group = groups.get(p);
        group.advance(scores, p * beams, promptLength, position);
        for (int k = 0; k < beams; k++) {
          Beam beam = group.running.get(k);
          from[p * beams + k] = beam.row;
          next[p * beams + k] = new int[] {beam.tokens.last()};
        }
      }
      origin = from;
      ids = next;
      over = done(groups);
      return !over;
    }

    @Override
    public List<GeneratedSequence> results() {
      return BeamSearch.this.results(groups, promptLength, stopped);
    }
  }

  /** Returns what scores are divided by, rounded to float32 as torch does it before it divides. */
  private float power(int length) {
    return (float) Math.pow(length, lengthPenalty);
  }

  private boolean done(List<Group> groups) {
    boolean improvable = groups.stream().anyMatch(group -> group.canImprove);
    boolean open =
        config.earlyStopping() != EarlyStopping.TRUE || !groups.stream().allMatch(Group::full);
    boolean continuable = !groups.stream().allMatch(group -> group.allHit);
    return !(improvable && open && continuable);
  }

  private List<GeneratedSequence> results(List<Group> groups, int promptLength, boolean stopped) {
    List<GeneratedSequence> sequences = new ArrayList<>();
    for (Group group : groups) {
      List<Beam> best = stopped && !group.full() ? group.running : group.results;
      for (Beam beam : best.subList(0, config.returnSequences())) {
        TokenRow tokens = beam.tokens;
        sequences.add(
            new GeneratedSequence(
                tokens.prompt(),
                tokens.toArray(promptLength),
                new float[0],
                beam.score,
                stopped
                    ? FinishReason.CANCELLED
                    : Reasons.of(tokens, stops, FinishReason.UNFINISHED)));
      }
    }
    return sequences;
  }

  private static List<Beam> top(List<Beam> beams, int count) {
    List<Beam> sorted = new ArrayList<>(beams);
    sorted.sort(Comparator.comparingDouble((Beam beam) -> -beam.score));
    return new ArrayList<>(sorted.subList(0, count));
  }

  /** Draws indices without putting them back. */
  private static int[] drawn(float[] scores, CombinedGenerator generator, int count) {
    double[] weights = Scores.probabilities(scores);
    int[] drawn = new int[count];
    for (int i = 0; i < count; i++) {
      drawn[i] = generator.draw(weights);
      weights[drawn[i]] = 0;
    }
    return drawn;
  }
}
