package dev.sconce.generate.runner.internal;

import dev.sconce.base.InvalidInputException;
import dev.sconce.generate.GenerationConfig;
import dev.sconce.generate.StopRule;
import dev.sconce.generate.TokenEvent;
import dev.sconce.generate.runner.GenerationRequest;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * What the generation inside a program is asked for.
 *
 * @param ids the prompts, or what the encoder reads; all rows equally long
 * @param masks 0 where an id is padding, else 1
 * @param targets with an encoder, what the decoder starts with; all rows equally long
 * @param tokenTexts what each token adds to a text, for stop strings; empty without
 * @param stops stopping rules of the caller's
 * @param cancelled ends the search when it holds
 */
@SuppressWarnings("ArrayRecordComponent") // passed on at once; never compared or changed
public record EmbeddedRequest(
    GenerationConfig config,
    int[][] ids,
    int[][] masks,
    Optional<int[][]> targets,
    List<byte[]> tokenTexts,
    List<StopRule> stops,
    InstantSource clock,
    BooleanSupplier cancelled,
    Observer observer) {

  /** Hears of what goes on. */
  public interface Observer {

    /** Called before the program runs. */
    void executionStarts();

    /** Called when the program has run. */
    void executionEnds();

    /** Called for every token of a row that goes on; never with beams. */
    void chosen(TokenEvent event);
  }

  /**
   * Returns a request.
   *
   * @throws InvalidInputException if the caller has rules of scores, which no program can call
   */
  public static EmbeddedRequest of(
      GenerationRequest request,
      GenerationConfig config,
      int[][] ids,
      int[][] masks,
      List<byte[]> tokenTexts,
      BooleanSupplier cancelled,
      Observer observer) {
    if (!request.rules().isEmpty()) {
      throw new InvalidInputException(
          "generate inside the program",
          "rules",
          "none of the caller's, which only host code can call",
          "" + request.rules().size());
    }
    return new EmbeddedRequest(
        config,
        ids,
        masks,
        Optional.empty(),
        tokenTexts,
        request.stops(),
        InstantSource.system(),
        cancelled,
        observer);
  }

  /**
   * Returns this request with tokens that the decoder of an encoder-decoder program starts with.
   */
  public EmbeddedRequest withTargets(int[][] rows) {
    return new EmbeddedRequest(
        config, ids, masks, Optional.of(rows), tokenTexts, stops, clock, cancelled, observer);
  }

  /** Returns what the rows of the answer continue. */
  public int[][] prompts() {
    return targets.orElse(ids);
  }
}
