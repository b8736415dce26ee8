package dev.sconce.generate.runner;

import dev.sconce.base.InvalidInputException;
import dev.sconce.generate.GenerationConfig;
import dev.sconce.generate.Setting;
import dev.sconce.generate.resource.ModelResources;
import dev.sconce.generate.runner.internal.EmbeddedProgram;
import dev.sconce.generate.runner.internal.Seq2SeqProgram;
import dev.sconce.generate.runner.internal.TokenTexts;
import dev.sconce.runtime.PteModule;
import dev.sconce.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A loaded encoder-decoder program with its tokenizer and settings, shared by the runners that run
 * it. Thread-safe once it is made.
 */
final class Seq2SeqModel implements AutoCloseable {

  private final PteModule module;
  private final Seq2SeqProgram program;
  private final Optional<Tokenizer> tokenizer;
  private final GenerationConfig defaults;
  private final OptionalInt start;
  private final long loadStart;
  private final long loadEnd;
  private @Nullable List<byte[]> tokenTexts;

  private Seq2SeqModel(PteModule module, RunnerOptions options, long loadStart) throws IOException {
    ModelResources resources = ModelResources.of(module);
    this.module = module;
    this.program = Seq2SeqProgram.of(module);
    this.tokenizer = TextModel.tokenizer(options, resources);
    this.defaults = TextModel.defaults(resources, tokenizer);
    this.start = resources.decoderStartToken();
    this.loadStart = loadStart;
    this.loadEnd = StatsClock.millis();
  }

  static Seq2SeqModel load(Path path, RunnerOptions options) throws IOException {
    long start = StatsClock.millis();
    PteModule module = PteModule.load(path, options.load());
    try {
      return new Seq2SeqModel(module, options, start);
    } catch (IOException | RuntimeException e) {
      module.close();
      throw e;
    }
  }

  Seq2SeqProgram program() {
    return program;
  }

  Optional<Tokenizer> tokenizer() {
    return tokenizer;
  }

  GenerationConfig defaults() {
    return defaults;
  }

  StatsClock clock() {
    return new StatsClock(loadStart, loadEnd);
  }

  /** Loads the methods of the program's own generation; the caller's. */
  EmbeddedProgram newEmbedded() {
    return EmbeddedProgram.require(module);
  }

  /** Returns what each token adds to a text, in UTF-8. */
  synchronized List<byte[]> tokenTexts() {
    List<byte[]> known = tokenTexts;
    if (known == null) {
      known =
          TokenTexts.of(
              tokenizer.orElseThrow(
                  () -> NoTokenizer.error(module.program().name(), "stop_strings")),
              program.vocabulary());
      tokenTexts = known;
    }
    return known;
  }

  /**
   * Returns what the decoder starts with: the request's tokens, and before them the start token if
   * no row begins with it, as transformers does.
   */
  int[][] targets(GenerationRequest request, GenerationConfig config) {
    int[] starts = starts(config, request.rows());
    int[][] given = request.decoderIds().toArray(int[][]::new);
    if (given.length == 0 && starts.length == 0) {
      throw new InvalidInputException(
          "generate",
          "decoder_start_token_id",
          "what the decoder starts with, since the program does not tell it; or decoderIds",
          "none");
    }
    if (given.length > 0 && (starts.length == 0 || anyBeginsWith(given, starts))) {
      return given;
    }
    int[][] targets = new int[request.rows()][];
    for (int r = 0; r < targets.length; r++) {
      int more = given.length == 0 ? 0 : given[r].length;
      targets[r] = new int[1 + more];
      targets[r][0] = starts[r];
      if (more > 0) {
        System.arraycopy(given[r], 0, targets[r], 1, more);
      }
    }
    return targets;
  }

  /** Returns the start token of each row; none if nobody tells it. */
  private int[] starts(GenerationConfig config, int rows) {
    int[] own = config.tokens(Setting.DECODER_START_TOKEN_ID);
    if (own.length > 1 && own.length != rows) {
      throw new InvalidInputException(
          "generate",
          Setting.DECODER_START_TOKEN_ID.jsonName(),
          "one token, or one for each of the " + rows + " rows",
          Arrays.toString(own));
    }
    if (own.length > 1) {
      return own;
    }
    if (own.length == 0 && start.isEmpty()) {
      return own;
    }
    int[] starts = new int[rows];
    Arrays.fill(starts, own.length == 1 ? own[0] : start.orElseThrow());
    return starts;
  }

  private static boolean anyBeginsWith(int[][] rows, int[] starts) {
    for (int r = 0; r < rows.length; r++) {
      if (rows[r].length > 0 && rows[r][0] == starts[r]) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void close() {
    module.close();
  }
}
