package dev.sconce.generate.runner.internal;

import dev.sconce.generate.FinishReason;
import dev.sconce.generate.GeneratedSequence;
import dev.sconce.generate.SearchRun;
import dev.sconce.generate.StopRule;
import dev.sconce.generate.TokenRow;
import dev.sconce.generate.internal.stop.Reasons;
import dev.sconce.generate.internal.stop.Stops;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Beam search inside a program: all of it is one call. */
final class EmbeddedBeams implements SearchRun {

  private final EmbeddedProgram program;
  private final EmbeddedRequest request;
  private final int maxLength;
  private EmbeddedProgram.@Nullable Beams found;

  EmbeddedBeams(EmbeddedProgram program, EmbeddedRequest request) {
    this.program = program;
    this.request = request;
    this.maxLength = request.config().maxLength(request.prompts()[0].length, program.context());
  }

  @Override
  public boolean advance() {
    if (found == null && !request.cancelled().getAsBoolean()) {
      request.observer().executionStarts();
      found =
          program.search(
              new EmbeddedProgram.Prompt(request.ids(), request.masks(), request.targets()),
              request.config(),
              maxLength);
      request.observer().executionEnds();
    }
    return false;
  }

  @Override
  public List<GeneratedSequence> results() {
    int[][] prompts = request.prompts();
    int count = request.config().returnSequences();
    EmbeddedProgram.Beams beams = found;
    List<StopRule> stops =
        Stops.of(request.config(), maxLength, List.of(), request.clock(), List.of());
    List<GeneratedSequence> results = new ArrayList<>();
    for (int i = 0; i < prompts.length * count; i++) {
      int[] prompt = prompts[i / count];
      if (beams == null) {
        results.add(
            new GeneratedSequence(i / count, new int[0], new float[0], 0, FinishReason.CANCELLED));
        continue;
      }
      int[] sequence = beams.sequences()[i];
      int[] made = Arrays.copyOfRange(sequence, prompt.length, sequence.length);
      TokenRow row = TokenRow.of(i / count, prompt);
      Arrays.stream(made).forEach(row::append);
      results.add(
          new GeneratedSequence(
              i / count,
              made,
              new float[0],
              beams.scores()[i],
              Reasons.of(row, stops, FinishReason.UNFINISHED)));
    }
    return results;
  }
}
