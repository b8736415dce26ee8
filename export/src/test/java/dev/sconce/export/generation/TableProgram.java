package dev.sconce.export.generation;

import dev.sconce.export.block.BlockOptions;
import dev.sconce.export.recipe.Recipes;
import dev.sconce.generate.EmbeddedSetting;
import dev.sconce.generate.GeneratedSequence;
import dev.sconce.generate.GenerationConfig;
import dev.sconce.generate.Search;
import dev.sconce.generate.StepFunction;
import dev.sconce.graph.Graph;
import dev.sconce.graph.emit.ProgramEmitter;
import dev.sconce.runtime.EValue;
import dev.sconce.runtime.PteModule;
import dev.sconce.runtime.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** A model of two tables, as a program with {@code generate} inside and for host code. */
final class TableProgram implements AutoCloseable {

  private final int vocabulary;
  private final int capacity;
  private final float[] a;
  private final float[] b;
  private final GenerationConfig baked;
  private final PteModule module;

  TableProgram(
      Path file, int vocabulary, int capacity, int batch, long seed, GenerationConfig baked)
      throws IOException {
    this(file, "portable", vocabulary, capacity, batch, seed, baked);
  }

  TableProgram(
      Path file,
      String recipe,
      int vocabulary,
      int capacity,
      int batch,
      long seed,
      GenerationConfig baked)
      throws IOException {
    this.vocabulary = vocabulary;
    this.capacity = capacity;
    this.baked = baked;
    Random random = new Random(seed);
    this.a = table(random, vocabulary);
    this.b = table(random, vocabulary);
    Graph graph =
        GenerateMethod.write(
            TableStep.of(a, b, vocabulary, capacity), BlockOptions.plain(), baked, batch);
    Graph lowered = StepCap.fill(Recipes.named(recipe).lower(graph).graph());
    ProgramEmitter.write(List.of(lowered), List.of(), file, (_, _, _) -> {});
    this.module = PteModule.load(file);
  }

  private static float[] table(Random random, int size) {
    float[] values = new float[size * size];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (2 * random.nextGaussian());
    }
    return values;
  }

  /** What a call returned. */
  @SuppressWarnings("ArrayRecordComponent") // read once
  record Made(List<List<Integer>> tokens, List<Long> finished, float[] scores, long position) {

    /** Returns the tokens of the only row. */
    List<Integer> row() {
      return tokens.getFirst();
    }
  }

  /** A call; what is not set has a value that asks for nothing special. */
  @SuppressWarnings("ArrayRecordComponent") // passed on at once
  record Call(
      int[][] ids,
      int[][] mask,
      long position,
      float[] settings,
      long[] end,
      long seed,
      long steps) {

    static Call of(int[]... ids) {
      int[][] mask = new int[ids.length][ids[0].length];
      Arrays.stream(mask).forEach(row -> Arrays.fill(row, 1));
      return new Call(ids, mask, 0, new float[0], new long[] {-1}, 1, 1);
    }

    Call at(long newPosition) {
      return new Call(ids, mask, newPosition, settings, end, seed, steps);
    }

    Call masked(int[]... newMask) {
      return new Call(ids, newMask, position, settings, end, seed, steps);
    }

    Call making(long count) {
      return new Call(ids, mask, position, settings, end, seed, count);
    }

    Call ending(long... tokens) {
      return new Call(ids, mask, position, settings, tokens, seed, steps);
    }

    Call with(float... vector) {
      return new Call(ids, mask, position, vector, end, seed, steps);
    }

    /** Returns the call that asks for what a configuration does. */
    Call asking(GenerationConfig config, GenerationConfig baked) {
      float[] vector = new float[EmbeddedSetting.values().length];
      for (EmbeddedSetting setting : EmbeddedSetting.values()) {
        boolean same = setting.of(config) == setting.of(baked);
        vector[setting.index()] = same ? Float.NaN : (float) setting.of(config);
      }
      int length = config.maxLength(ids[0].length, Integer.MAX_VALUE);
      vector[EmbeddedSetting.MAX_LENGTH.index()] = length;
      long[] tokens = Arrays.stream(config.endTokens()).asLongStream().toArray();
      int made = length - ids[0].length;
      return new Call(ids, mask, position, vector, tokens, config.seed(), made);
    }
  }

  Made run(Call call) {
    EValue[] out =
        module.execute(
            "generate",
            EValue.from(matrix(call.ids())),
            EValue.from(matrix(call.mask())),
            EValue.from(Tensor.of(new long[] {call.position()})),
            EValue.from(Tensor.of(call.settings(), call.settings().length)),
            EValue.from(Tensor.of(call.end(), call.end().length)),
            EValue.from(Tensor.of(new long[] {call.seed()})),
            EValue.from(Tensor.of(new long[] {call.steps()})));
    long[] flat = out[0].toTensor().toLongArray();
    int made = (int) out[0].toTensor().size(1);
    List<List<Integer>> rows = new ArrayList<>();
    for (int r = 0; r < call.ids().length; r++) {
      rows.add(
          Arrays.stream(
                  flat,
                  (long) r * made < flat.length ? r * made : 0,
                  made == 0 ? 0 : (r + 1) * made)
              .mapToObj(id -> (int) id)
              .toList());
    }
    return new Made(
        rows,
        Arrays.stream(out[1].toTensor().toLongArray()).boxed().toList(),
        out[2].toTensor().toFloatArray(),
        out[3].toTensor().toLongArray()[0]);
  }

  /** Generates with host code; rows are filled to one length. */
  List<List<Integer>> host(GenerationConfig config, int[]... prompts) {
    int[][] last = {{}};
    StepFunction model =
        (ids, position, origin) -> {
          float[][] scores = new float[ids.length][];
          int[] next = new int[ids.length];
          for (int r = 0; r < ids.length; r++) {
            int n = ids[r].length;
            int previous =
                n > 1
                    ? ids[r][n - 2]
                    : position == 0 ? -1 : last[0][origin == null ? r : origin[r]];
            next[r] = ids[r][n - 1];
            scores[r] = Arrays.copyOfRange(a, next[r] * vocabulary, (next[r] + 1) * vocabulary);
            for (int t = 0; previous >= 0 && t < vocabulary; t++) {
              scores[r][t] += b[previous * vocabulary + t];
            }
          }
          last[0] = next;
          return scores;
        };
    Search search = Search.over(model, config).context(capacity);
    List<GeneratedSequence> made = search.run(prompts);
    return Arrays.stream(search.rows(prompts, made))
        .map(row -> Arrays.stream(row).skip(prompts[0].length).boxed().toList())
        .toList();
  }

  GenerationConfig baked() {
    return baked;
  }

  private static Tensor matrix(int[][] rows) {
    long[] flat = Arrays.stream(rows).flatMapToInt(Arrays::stream).asLongStream().toArray();
    return Tensor.of(flat, rows.length, rows[0].length);
  }

  @Override
  public void close() {
    module.close();
  }
}
