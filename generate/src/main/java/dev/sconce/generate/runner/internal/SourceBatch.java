package dev.sconce.generate.runner.internal;

import dev.sconce.generate.StepFunction;
import dev.sconce.runtime.Method;
import dev.sconce.runtime.Tensor;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The rows of several sources in one decoder, which reorders them itself.
 *
 * <p>The decoder wants equally many rows for each source. Rows of one source that bring the same
 * first tokens are one row in the first call; where sources later have rows of different number,
 * those with fewer repeat one; a source without rows leaves.
 */
final class SourceBatch implements StepFunction, AutoCloseable {

  private final Seq2SeqMethods methods;
  private final Seq2SeqProgram program;
  private final Method decoder;
  private EncodedSource source;
  // Of every row after the last step: its source, and its row in the decoder.
  private int[] sources = {};
  private int[] places = {};

  SourceBatch(Seq2SeqMethods methods, EncodedSource source) {
    this.methods = methods;
    this.program = methods.program();
    this.source = source;
    this.decoder = methods.takeDecoder();
  }

  @Override
  public float[][] step(int[][] ids, int position, int @Nullable [] rows) {
    return rows == null ? first(ids, position) : next(ids, position, rows);
  }

  private float[][] first(int[][] ids, int position) {
    int copies = ids.length / source.rows();
    int[][] one = new int[source.rows()][];
    sources = new int[ids.length];
    for (int r = 0; r < ids.length; r++) {
      sources[r] = r / copies;
      one[sources[r]] = ids[r];
    }
    places = sources.clone();
    int[] themselves = IntStream.range(0, one.length).toArray();
    return scores(program.decode(decoder, source, one, position, themselves));
  }

  private float[][] next(int[][] ids, int position, int[] rows) {
    int[] from = new int[rows.length];
    int[] of = new int[rows.length];
    for (int r = 0; r < rows.length; r++) {
      from[r] = places[rows[r]];
      of[r] = sources[rows[r]];
    }
    sources = of;
    dropFinished();
    int[] counts = new int[source.rows()];
    for (int s : sources) {
      counts[s]++;
    }
    int each = Arrays.stream(counts).max().orElseThrow();
    int[][] tokens = new int[source.rows() * each][];
    int[] continued = new int[tokens.length];
    int[] filled = new int[source.rows()];
    places = new int[rows.length];
    for (int r = 0; r < rows.length; r++) {
      int place = sources[r] * each + filled[sources[r]]++;
      places[r] = place;
      tokens[place] = ids[r];
      continued[place] = from[r];
    }
    for (int s = 0; s < source.rows(); s++) {
      for (int k = filled[s]; k < each; k++) {
        tokens[s * each + k] = tokens[s * each];
        continued[s * each + k] = continued[s * each];
      }
    }
    return scores(program.decode(decoder, source, tokens, position, continued));
  }

  /** Takes sources out that have no rows any more, so that nothing is computed for them. */
  private void dropFinished() {
    int[] left = Arrays.stream(sources).distinct().sorted().toArray();
    if (left.length == source.rows()) {
      return;
    }
    source = source.select(left);
    for (int r = 0; r < sources.length; r++) {
      sources[r] = Arrays.binarySearch(left, sources[r]);
    }
  }

  private float[][] scores(Tensor logits) {
    float[][] scores = new float[places.length][];
    for (int r = 0; r < scores.length; r++) {
      scores[r] = program.scores(logits, places[r]);
    }
    return scores;
  }

  @Override
  public void close() {
    methods.giveBack(decoder);
  }
}
