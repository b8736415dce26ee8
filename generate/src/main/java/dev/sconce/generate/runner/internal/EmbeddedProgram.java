package dev.sconce.generate.runner.internal;

import dev.sconce.base.InvalidInputException;
import dev.sconce.base.json.JsonObject;
import dev.sconce.generate.EmbeddedSetting;
import dev.sconce.generate.GenerationConfig;
import dev.sconce.generate.SearchRun;
import dev.sconce.generate.resource.ModelResources;
import dev.sconce.runtime.EValue;
import dev.sconce.runtime.Method;
import dev.sconce.runtime.PteModule;
import dev.sconce.runtime.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The methods {@code generate} and {@code generate_beam} of a program, with state of their own, and
 * what the program says of them (docs/formats/et_gen.md).
 */
public final class EmbeddedProgram implements AutoCloseable {

  private static final String GENERATE = "generate";
  private static final String BEAMS = "generate_beam";
  private static final String TARGETS = "decoder_input_ids";

  private final PteModule module;
  private final String name;
  private final JsonObject info;
  private final EmbeddedLimits limits;
  private @Nullable Method generate;
  private @Nullable Method beams;

  private EmbeddedProgram(PteModule module, JsonObject info) {
    this.module = module;
    this.name = module.program().name();
    this.info = info;
    this.limits = EmbeddedLimits.of(name, info);
  }

  /** Returns the embedded generation of a program; empty if it has none. */
  public static Optional<EmbeddedProgram> of(PteModule module) {
    return ModelResources.of(module)
        .generationProgram()
        .filter(_ -> module.methodNames().contains(GENERATE))
        .map(info -> new EmbeddedProgram(module, info));
  }

  /**
   * Returns the embedded generation of a program.
   *
   * @throws InvalidInputException if it has none
   */
  public static EmbeddedProgram require(PteModule module) {
    return of(module)
        .orElseThrow(
            () ->
                new InvalidInputException(
                    module.program().name(),
                    "embedded",
                    "a program with generate in it; export it with Sconce, without --no-embed",
                    "methods " + String.join(", ", module.methodNames())));
  }

  /** Returns the settings that the program has by default, its lists included. */
  public GenerationConfig defaults() {
    return limits.defaults();
  }

  /** Returns how many tokens of a row the cache holds. */
  public int context() {
    return limits.context();
  }

  /**
   * Starts a search; the program runs when it advances.
   *
   * @throws InvalidInputException if the program does not hold what is asked of it; the message
   *     names the flag of the export that would change that
   */
  public SearchRun start(EmbeddedRequest request) {
    check(request);
    return request.config().beams() > 1
        ? new EmbeddedBeams(this, request)
        : new EmbeddedSearch(this, request);
  }

  private void check(EmbeddedRequest request) {
    limits.check(request, module.methodNames().contains(BEAMS));
    String method = request.config().beams() > 1 ? BEAMS : GENERATE;
    boolean encoder = inputs(method).anyMatch(TARGETS::equals);
    if (encoder != request.targets().isPresent()) {
      throw new InvalidInputException(
          name + ", method '" + method + "'",
          TARGETS,
          encoder ? "what the decoder starts with" : "none, since the program has no encoder",
          encoder ? "none" : "some");
    }
  }

  private Stream<String> inputs(String method) {
    return info.object("methods").flatMap(all -> all.object(method)).stream()
        .flatMap(signature -> signature.array("inputs").stream())
        .flatMap(inputs -> inputs.values().stream())
        .filter(JsonObject.class::isInstance)
        .flatMap(input -> ((JsonObject) input).string("name").stream());
  }

  /**
   * The tokens of a call.
   *
   * @param ids the tokens that the cache does not hold yet, or what the encoder reads
   * @param masks 0 where an id is padding
   * @param targets with an encoder, the decoder's tokens that its cache does not hold yet
   */
  @SuppressWarnings("ArrayRecordComponent") // passed on at once; never compared or changed
  public record Prompt(int[][] ids, int[][] masks, Optional<int[][]> targets) {

    /** Returns a prompt of a decoder alone. */
    public static Prompt of(int[][] ids, int[][] masks) {
      return new Prompt(ids, masks, Optional.empty());
    }

    /** Returns the tokens of the call that goes on after one that made some. */
    Prompt followedBy(int[][] tokens) {
      int[][] ones = new int[tokens.length][1];
      Arrays.stream(ones).forEach(row -> row[0] = 1);
      // What the encoder read is in the cache: a column stands for it.
      return targets.isPresent()
          ? new Prompt(ones, ones, Optional.of(tokens))
          : Prompt.of(tokens, ones);
    }
  }

  /**
   * What a call made.
   *
   * @param tokens the new tokens of every row
   * @param finished 1 for rows that ended, 0 for others, -1 if the cache is full
   * @param scores the log-probabilities of the tokens
   * @param position where the next call goes on
   */
  @SuppressWarnings("ArrayRecordComponent") // passed on at once; never compared or changed
  public record Step(int[][] tokens, long[] finished, float[][] scores, long position) {}

  /**
   * Makes tokens.
   *
   * @param position 0 to begin; otherwise where the call before ended
   * @param maxLength the greatest length of a row, prompt included
   * @param steps how many tokens to make at most
   */
  public Step call(
      Prompt prompt, long position, GenerationConfig config, int maxLength, int steps) {
    Method method = generate;
    if (method == null) {
      method = module.program().loadMethod(GENERATE);
      generate = method;
    }
    List<EValue> inputs = inputs(prompt, position, config, maxLength);
    inputs.add(EValue.from(Tensor.of(new long[] {config.seed()})));
    inputs.add(EValue.from(Tensor.of(new long[] {steps})));
    EValue[] out = method.execute(inputs.toArray(EValue[]::new));
    Tensor tokens = out[0].toTensor();
    int made = Math.toIntExact(tokens.size(1));
    long[] flat = tokens.toLongArray();
    float[] scores = out[2].toTensor().toFloatArray();
    int[][] rows = new int[prompt.ids().length][made];
    float[][] rowScores = new float[rows.length][made];
    for (int i = 0; i < flat.length; i++) {
      rows[i / made][i % made] = Math.toIntExact(flat[i]);
      rowScores[i / made][i % made] = scores[i];
    }
    return new Step(
        rows, out[1].toTensor().toLongArray(), rowScores, out[3].toTensor().toLongArray()[0]);
  }

  /**
   * What a beam search found.
   *
   * @param sequences what was found for the first prompt, best first, then for the next, prompts
   *     included
   * @param scores the scores of the sequences
   */
  @SuppressWarnings("ArrayRecordComponent") // passed on at once; never compared or changed
  record Beams(int[][] sequences, float[] scores) {}

  /** Searches with beams. */
  Beams search(Prompt prompt, GenerationConfig config, int maxLength) {
    Method method = beams;
    if (method == null) {
      method = module.program().loadMethod(BEAMS);
      beams = method;
    }
    List<EValue> inputs = inputs(prompt, 0, config, maxLength);
    int before = prompt.targets().orElse(prompt.ids())[0].length;
    inputs.add(EValue.from(Tensor.of(new long[] {maxLength - before})));
    EValue[] out = method.execute(inputs.toArray(EValue[]::new));
    Tensor sequences = out[0].toTensor();
    int length = Math.toIntExact(sequences.size(2));
    long[] flat = sequences.toLongArray();
    long[] lengths = out[2].toTensor().toLongArray();
    int[][] rows = new int[lengths.length][];
    for (int r = 0; r < rows.length; r++) {
      rows[r] =
          Arrays.stream(flat, r * length, r * length + Math.toIntExact(lengths[r]))
              .mapToInt(Math::toIntExact)
              .toArray();
    }
    return new Beams(rows, out[1].toTensor().toFloatArray());
  }

  /** Returns the inputs that both methods have. */
  private List<EValue> inputs(
      Prompt prompt, long position, GenerationConfig config, int maxLength) {
    List<EValue> inputs = new ArrayList<>();
    inputs.add(matrix(prompt.ids()));
    inputs.add(matrix(prompt.masks()));
    prompt.targets().ifPresent(targets -> inputs.add(matrix(targets)));
    inputs.add(EValue.from(Tensor.of(new long[] {position})));
    inputs.add(EValue.from(settings(config, maxLength)));
    int[] ends = config.endTokens();
    inputs.add(EValue.from(Tensor.of(Arrays.stream(ends).asLongStream().toArray(), ends.length)));
    return inputs;
  }

  /**
   * What equals the file's default is left to the file, whose defaults are not rounded. A program
   * of an earlier contract has a shorter vector.
   */
  private Tensor settings(GenerationConfig config, int maxLength) {
    float[] vector = new float[limits.settings()];
    for (EmbeddedSetting setting : EmbeddedSetting.values()) {
      double asked = setting.of(config);
      if (limits.knows(setting)) {
        vector[setting.index()] = asked == setting.of(defaults()) ? Float.NaN : (float) asked;
      }
    }
    vector[EmbeddedSetting.MAX_LENGTH.index()] = maxLength;
    vector[EmbeddedSetting.NUM_BEAMS.index()] = config.beams();
    return Tensor.of(vector, vector.length);
  }

  private static EValue matrix(int[][] rows) {
    long[] flat = Arrays.stream(rows).flatMapToInt(Arrays::stream).asLongStream().toArray();
    return EValue.from(Tensor.of(flat, rows.length, rows[0].length));
  }

  /** Gives the memory of the methods back. */
  @Override
  public void close() {
    Stream.of(Optional.ofNullable(generate), Optional.ofNullable(beams))
        .flatMap(Optional::stream)
        .forEach(Method::close);
    generate = null;
    beams = null;
  }
}
