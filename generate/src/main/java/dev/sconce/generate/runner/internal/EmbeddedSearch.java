package dev.sconce.generate.runner.internal;

import dev.sconce.base.InvalidInputException;
import dev.sconce.generate.FinishReason;
import dev.sconce.generate.GeneratedSequence;
import dev.sconce.generate.GenerationConfig;
import dev.sconce.generate.Setting;
import dev.sconce.generate.StopRule;
import dev.sconce.generate.StopRules;
import dev.sconce.generate.TokenRow;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A search that the program makes: one token of every row a call, so that receivers see tokens as
 * they come, and stop strings and times, which are not in the program, can end it between calls.
 */
public final class EmbeddedSearch {

  /** Hears of tokens. */
  @FunctionalInterface
  public interface Receiver {

    /** Called for every token of a row that goes on. */
    void chosen(int row, int index, int token, float logprob, Optional<FinishReason> reason);
  }

  private final EmbeddedProgram program;
  private final GenerationConfig config;
  private final int[][] prompts;
  private final int maxLength;
  private final List<StopRule> words = new ArrayList<>();
  private final List<StopRule> times = new ArrayList<>();
  private final Receiver receiver;
  private final List<Row> rows = new ArrayList<>();
  private int[][] ids;
  private int[][] masks;
  private long position;
  private boolean over;

  /**
   * Starts a search.
   *
   * @param prompts the prompts, all equally long
   * @param masks 0 where a token of a prompt is padding
   * @param tokenTexts what each token adds to a text, for stop strings; empty without
   * @throws InvalidInputException if the program does not hold what is asked of it
   */
  public EmbeddedSearch(
      EmbeddedProgram program,
      GenerationConfig config,
      int[][] prompts,
      int[][] masks,
      List<byte[]> tokenTexts,
      InstantSource clock,
      Receiver receiver) {
    int copies = config.returnSequences();
    program.check(config, prompts.length * copies);
    this.program = program;
    this.config = config;
    this.receiver = receiver;
    this.prompts = repeated(prompts, copies);
    this.ids = this.prompts;
    this.masks = repeated(masks, copies);
    this.maxLength = config.maxLength(prompts[0].length, program.context());
    for (int r = 0; r < this.prompts.length; r++) {
      rows.add(new Row(TokenRow.of(r / copies, this.prompts[r])));
    }
    addStops(tokenTexts, clock);
  }

  private void addStops(List<byte[]> tokenTexts, InstantSource clock) {
    boolean timed = config.isSet(Setting.MAX_TIME);
    boolean worded = !config.stopStrings().isEmpty();
    if ((timed || worded) && rows.size() > 1) {
      throw new InvalidInputException(
          "generate inside the program",
          timed ? Setting.MAX_TIME.jsonName() : Setting.STOP_STRINGS.jsonName(),
          "one row: the program ends rows by end tokens and lengths only",
          rows.size() + " rows");
    }
    if (timed) {
      times.add(
          StopRules.maxTime(
              Duration.ofNanos((long) (config.number(Setting.MAX_TIME, 0) * 1e9)), clock));
    }
    if (worded) {
      words.add(StopRules.stopStrings(config.stopStrings(), tokenTexts));
    }
  }

  private static int[][] repeated(int[][] rows, int copies) {
    int[][] all = new int[rows.length * copies][];
    Arrays.setAll(all, r -> rows[r / copies]);
    return all;
  }

  private static final class Row {
    private final TokenRow tokens;
    private final List<Float> scores = new ArrayList<>();
    private Optional<FinishReason> reason = Optional.empty();

    Row(TokenRow tokens) {
      this.tokens = tokens;
    }
  }

  /** Makes the next token of every row that goes on; returns whether any does. */
  public boolean advance() {
    if (over) {
      return false;
    }
    EmbeddedProgram.Step step = program.call(ids, masks, position, config, maxLength, 1);
    boolean full = step.tokens()[0].length == 0;
    position = step.position();
    int[][] next = new int[rows.size()][];
    boolean goesOn = false;
    for (int r = 0; r < rows.size(); r++) {
      if (full) {
        rows.get(r).reason = rows.get(r).reason.or(() -> Optional.of(FinishReason.LENGTH));
        continue;
      }
      next[r] = step.tokens()[r];
      take(r, step.tokens()[r][0], step.scores()[r][0], step.finished()[r]);
      goesOn |= rows.get(r).reason.isEmpty();
    }
    ids = next;
    masks = new int[rows.size()][1];
    Arrays.stream(masks).forEach(mask -> Arrays.fill(mask, 1));
    over = !goesOn;
    return goesOn;
  }

  private void take(int number, int token, float score, long finished) {
    Row row = rows.get(number);
    if (row.reason.isPresent()) {
      return;
    }
    row.tokens.append(token);
    row.scores.add(score);
    boolean ended = Arrays.stream(config.endTokens()).anyMatch(end -> end == token);
    if (ended || words.stream().anyMatch(stop -> stop.stops(row.tokens))) {
      row.reason = Optional.of(FinishReason.STOP);
    } else if (finished != 0) {
      row.reason = Optional.of(FinishReason.LENGTH);
    } else if (times.stream().anyMatch(stop -> stop.stops(row.tokens))) {
      row.reason = Optional.of(FinishReason.TIME);
    }
    receiver.chosen(number, row.scores.size() - 1, token, score, row.reason);
  }

  /** Returns the sequences so far. */
  public List<GeneratedSequence> results() {
    List<GeneratedSequence> results = new ArrayList<>();
    for (Row row : rows) {
      float[] scores = new float[row.scores.size()];
      double sum = 0;
      for (int i = 0; i < scores.length; i++) {
        scores[i] = row.scores.get(i);
        sum += scores[i];
      }
      int[] made = row.tokens.toArray(prompts[0].length);
      results.add(
          new GeneratedSequence(
              row.tokens.prompt(), made, scores, sum, row.reason.orElse(FinishReason.STOP)));
    }
    return results;
  }
}
