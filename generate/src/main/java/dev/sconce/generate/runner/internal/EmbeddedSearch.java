package dev.sconce.generate.runner.internal;

import dev.sconce.generate.FinishReason;
import dev.sconce.generate.GeneratedSequence;
import dev.sconce.generate.SearchRun;
import dev.sconce.generate.StopRule;
import dev.sconce.generate.TokenEvent;
import dev.sconce.generate.TokenRow;
import dev.sconce.generate.TokenScore;
import dev.sconce.generate.internal.stop.Reasons;
import dev.sconce.generate.internal.stop.Stops;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Greedy search and sampling inside a program: one token of every row a call, so that receivers see
 * tokens as they come, and stopping rules that are not in the program can end rows between calls.
 * What the program makes of a row after such an end is left out.
 */
final class EmbeddedSearch implements SearchRun {

  private final EmbeddedProgram program;
  private final EmbeddedRequest request;
  private final int promptLength;
  private final int maxLength;
  private final List<StopRule> stops;
  private final List<Row> rows = new ArrayList<>();
  private EmbeddedProgram.Prompt next;
  private long position;
  private boolean over;

  EmbeddedSearch(EmbeddedProgram program, EmbeddedRequest request) {
    this.program = program;
    this.request = request;
    int[][] prompts = request.prompts();
    this.promptLength = prompts[0].length;
    this.maxLength = request.config().maxLength(promptLength, program.context());
    this.stops =
        Stops.of(
            request.config(), maxLength, request.tokenTexts(), request.clock(), request.stops());
    int copies = request.config().returnSequences();
    this.next =
        new EmbeddedProgram.Prompt(
            repeated(request.ids(), copies),
            repeated(request.masks(), copies),
            request.targets().map(targets -> repeated(targets, copies)));
    for (int r = 0; r < next.ids().length; r++) {
      rows.add(new Row(r, TokenRow.of(r / copies, prompts[r / copies])));
    }
  }

  private static int[][] repeated(int[][] rows, int copies) {
    int[][] all = new int[rows.length * copies][];
    Arrays.setAll(all, r -> rows[r / copies]);
    return all;
  }

  private static final class Row {
    private final int number;
    private final TokenRow tokens;
    private final List<Float> scores = new ArrayList<>();
    private Optional<FinishReason> reason = Optional.empty();

    Row(int number, TokenRow tokens) {
      this.number = number;
      this.tokens = tokens;
    }
  }

  @Override
  public boolean advance() {
    if (over || request.cancelled().getAsBoolean()) {
      return false;
    }
    request.observer().executionStarts();
    EmbeddedProgram.Step step = program.call(next, position, request.config(), maxLength, 1);
    request.observer().executionEnds();
    position = step.position();
    boolean full = step.tokens()[0].length == 0;
    for (Row row : rows) {
      if (row.reason.isEmpty() && full) {
        row.reason = Optional.of(FinishReason.LENGTH);
      } else if (row.reason.isEmpty()) {
        take(row, step);
      }
    }
    over = rows.stream().allMatch(row -> row.reason.isPresent());
    next = next.followedBy(step.tokens());
    return !over;
  }

  private void take(Row row, EmbeddedProgram.Step step) {
    int token = step.tokens()[row.number][0];
    float score = step.scores()[row.number][0];
    row.tokens.append(token);
    row.scores.add(score);
    if (stops.stream().anyMatch(stop -> stop.stops(row.tokens))) {
      row.reason = Optional.of(Reasons.of(row.tokens, stops, FinishReason.STOP));
    } else if (step.finished()[row.number] != 0) {
      row.reason = Optional.of(FinishReason.LENGTH);
    }
    request
        .observer()
        .chosen(
            new TokenEvent(
                row.number,
                row.scores.size() - 1,
                new TokenScore(token, score),
                List.of(),
                row.reason));
  }

  @Override
  public List<GeneratedSequence> results() {
    List<GeneratedSequence> results = new ArrayList<>();
    for (Row row : rows) {
      float[] scores = new float[row.scores.size()];
      double sum = 0;
      for (int i = 0; i < scores.length; i++) {
        scores[i] = row.scores.get(i);
        sum += scores[i];
      }
      results.add(
          new GeneratedSequence(
              row.tokens.prompt(),
              row.tokens.toArray(promptLength),
              scores,
              sum,
              row.reason.orElse(FinishReason.CANCELLED)));
    }
    return results;
  }
}
