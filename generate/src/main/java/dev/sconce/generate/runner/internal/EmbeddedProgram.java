package dev.sconce.generate.runner.internal;

import dev.sconce.base.InvalidInputException;
import dev.sconce.base.json.JsonObject;
import dev.sconce.base.json.JsonValue;
import dev.sconce.generate.EmbeddedSetting;
import dev.sconce.generate.GenerationConfig;
import dev.sconce.generate.Setting;
import dev.sconce.generate.resource.ModelResources;
import dev.sconce.runtime.EValue;
import dev.sconce.runtime.Method;
import dev.sconce.runtime.PteModule;
import dev.sconce.runtime.Tensor;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * The method {@code generate} of a program, and what the program says of it
 * (docs/formats/et_gen.md).
 */
public final class EmbeddedProgram {

  private static final String METHOD = "generate";

  /** Settings that the driver heeds: by lengths, by end tokens, between calls. */
  private static final Set<Setting> OF_THE_DRIVER =
      EnumSet.of(
          Setting.MAX_NEW_TOKENS,
          Setting.MAX_LENGTH,
          Setting.EOS_TOKEN_ID,
          Setting.IGNORE_EOS,
          Setting.SEED,
          Setting.MAX_TIME,
          Setting.STOP_STRINGS);

  private final String program;
  private final Method method;
  private final GenerationConfig defaults;
  private final int batch;
  private final int context;

  private EmbeddedProgram(
      String program, Method method, GenerationConfig defaults, int batch, int context) {
    this.program = program;
    this.method = method;
    this.defaults = defaults;
    this.batch = batch;
    this.context = context;
  }

  /** Returns the embedded generation of a program; empty if it has none. */
  public static Optional<EmbeddedProgram> of(PteModule module) {
    Optional<JsonObject> info = ModelResources.of(module).generationProgram();
    if (info.isEmpty() || !module.methodNames().contains(METHOD)) {
      return Optional.empty();
    }
    String name = module.program().name();
    JsonObject limits =
        info.get().object("limits").orElseThrow(() -> malformed(name, "limits", info.get()));
    JsonObject config =
        info.get().object("config").orElseThrow(() -> malformed(name, "config", info.get()));
    return Optional.of(
        new EmbeddedProgram(
            name,
            module.loadMethod(METHOD),
            GenerationConfig.of(config),
            number(name, limits, "batch"),
            number(name, limits, "context")));
  }

  private static int number(String program, JsonObject limits, String member) {
    long value = limits.integer(member).orElseThrow(() -> malformed(program, member, limits));
    return Math.toIntExact(Math.clamp(value, 0, Integer.MAX_VALUE));
  }

  private static InvalidInputException malformed(String program, String member, JsonObject found) {
    return new InvalidInputException(
        program + ", method 'et_gen_info'",
        "output",
        "a member '" + member + "'",
        found.toString());
  }

  /** Returns the settings that the program has by default, its lists included. */
  public GenerationConfig defaults() {
    return defaults;
  }

  /** Returns how many tokens of a row the cache holds. */
  public int context() {
    return context;
  }

  /**
   * Checks that the program holds what is asked of it.
   *
   * @throws InvalidInputException if it does not; the message names the flag of the export that
   *     would change that
   */
  public void check(GenerationConfig config, int rows) {
    if (rows > batch) {
      throw missing("rows", "at most " + batch, "" + rows, "--batch " + rows);
    }
    if (config.beams() > 1) {
      throw missing(
          "num_beams", "1 for generate", "" + config.beams(), "--beams " + config.beams());
    }
    for (Setting setting : Setting.values()) {
      Optional<JsonValue> asked = config.toJson().get(setting.jsonName());
      Optional<JsonValue> held = defaults.toJson().get(setting.jsonName());
      boolean free = OF_THE_DRIVER.contains(setting) || EmbeddedSetting.of(setting).isPresent();
      if (!free && !asked.equals(held)) {
        throw missing(
            setting.jsonName(),
            held.map(value -> value + ", as it stands in the file").orElse("none, as in the file"),
            asked.map(JsonValue::toString).orElse("none"),
            "--generation-config FILE");
      }
    }
  }

  private InvalidInputException missing(
      String argument, String expected, String found, String flag) {
    return new InvalidInputException(
        program + ", generate inside the program",
        argument,
        expected + "; export with " + flag + " for other values",
        found);
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
   * @param ids the tokens that the cache does not hold yet, all rows equally many
   * @param masks 0 where an id is padding
   * @param position 0 to begin; otherwise where the call before ended
   * @param maxLength the greatest length of a row, prompt included
   * @param steps how many tokens to make at most
   */
  public Step call(
      int[][] ids,
      int[][] masks,
      long position,
      GenerationConfig config,
      int maxLength,
      int steps) {
    EValue[] out =
        method.execute(
            EValue.from(matrix(ids)),
            EValue.from(matrix(masks)),
            EValue.from(Tensor.of(new long[] {position})),
            EValue.from(settings(config, maxLength)),
            EValue.from(vector(config.endTokens())),
            EValue.from(Tensor.of(new long[] {config.seed()})),
            EValue.from(Tensor.of(new long[] {steps})));
    Tensor tokens = out[0].toTensor();
    int made = Math.toIntExact(tokens.size(1));
    long[] flat = tokens.toLongArray();
    float[] scores = out[2].toTensor().toFloatArray();
    int[][] rows = new int[ids.length][made];
    float[][] rowScores = new float[ids.length][made];
    for (int i = 0; i < flat.length; i++) {
      rows[i / made][i % made] = Math.toIntExact(flat[i]);
      rowScores[i / made][i % made] = scores[i];
    }
    return new Step(
        rows, out[1].toTensor().toLongArray(), rowScores, out[3].toTensor().toLongArray()[0]);
  }

  /** What equals the file's default is left to the file, whose defaults are not rounded. */
  private Tensor settings(GenerationConfig config, int maxLength) {
    float[] vector = new float[EmbeddedSetting.values().length];
    for (EmbeddedSetting setting : EmbeddedSetting.values()) {
      double asked = setting.of(config);
      vector[setting.index()] = asked == setting.of(defaults) ? Float.NaN : (float) asked;
    }
    vector[EmbeddedSetting.MAX_LENGTH.index()] = maxLength;
    return Tensor.of(vector, vector.length);
  }

  private static Tensor vector(int[] values) {
    return Tensor.of(Arrays.stream(values).asLongStream().toArray(), values.length);
  }

  private static Tensor matrix(int[][] rows) {
    long[] flat = Arrays.stream(rows).flatMapToInt(Arrays::stream).asLongStream().toArray();
    return Tensor.of(flat, rows.length, rows[0].length);
  }
}
