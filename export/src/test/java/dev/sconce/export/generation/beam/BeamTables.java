package dev.sconce.export.generation.beam;

import dev.sconce.base.json.JsonObject;
import dev.sconce.export.block.BlockOptions;
import dev.sconce.export.generation.TableStep;
import dev.sconce.export.recipe.Recipes;
import dev.sconce.generate.GenerationConfig;
import dev.sconce.generate.StepFunction;
import dev.sconce.graph.Graph;
import dev.sconce.graph.emit.ProgramEmitter;
import dev.sconce.runtime.EValue;
import dev.sconce.runtime.PteModule;
import dev.sconce.runtime.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Table models for the tests: the same scores on the host and in a program.
 *
 * @param vocabulary the number of tokens
 * @param current the scores after each token
 * @param before what the token before adds
 */
@SuppressWarnings("ArrayRecordComponent") // read in place
record BeamTables(int vocabulary, float[] current, float[] before) {

  static BeamTables random(Random random, int vocabulary, double spread) {
    return new BeamTables(
        vocabulary, table(random, vocabulary, spread), table(random, vocabulary, spread));
  }

  private static float[] table(Random random, int vocabulary, double spread) {
    float[] table = new float[vocabulary * vocabulary];
    for (int i = 0; i < table.length; i++) {
      table[i] = (float) (spread * random.nextGaussian());
    }
    return table;
  }

  /** Returns the model on the host. */
  StepFunction model() {
    int[][] last = {{}};
    return (ids, position, origin) -> {
      float[][] scores = new float[ids.length][];
      int[] newest = new int[ids.length];
      for (int r = 0; r < ids.length; r++) {
        int n = ids[r].length;
        int id = ids[r][n - 1];
        int previous =
            n > 1 ? ids[r][n - 2] : position == 0 ? -1 : last[0][origin == null ? r : origin[r]];
        scores[r] = Arrays.copyOfRange(current, id * vocabulary, (id + 1) * vocabulary);
        for (int t = 0; previous >= 0 && t < vocabulary; t++) {
          scores[r][t] += before[previous * vocabulary + t];
        }
        newest[r] = id;
      }
      last[0] = newest;
      return scores;
    };
  }

  /** Exports the model with {@code generate_beam}. */
  Program export(Path folder, JsonObject baked, int batch, int beams, int capacity)
      throws IOException {
    Graph graph =
        BeamMethod.write(
            TableStep.of(current, before, vocabulary, capacity),
            BlockOptions.plain(),
            GenerationConfig.of(baked),
            batch,
            beams);
    Path file = folder.resolve("tables.pte");
    ProgramEmitter.write(
        List.of(Recipes.named("portable").lower(graph).graph()), List.of(), file, (_, _, _) -> {});
    return new Program(PteModule.load(file), baked, batch, beams, capacity);
  }

  /** An exported model. */
  record Program(PteModule module, JsonObject baked, int batch, int beams, int capacity)
      implements AutoCloseable {

    Found search(int[][] prompts, float[] settings, long[] end, int steps) {
      long[] flat = Arrays.stream(prompts).flatMapToInt(Arrays::stream).asLongStream().toArray();
      long[] mask = new long[flat.length];
      Arrays.fill(mask, 1);
      EValue[] out =
          module.execute(
              BeamMethod.NAME,
              EValue.from(Tensor.of(flat, prompts.length, prompts[0].length)),
              EValue.from(Tensor.of(mask, prompts.length, prompts[0].length)),
              EValue.from(Tensor.of(new long[] {0})),
              EValue.from(Tensor.of(settings, settings.length)),
              EValue.from(Tensor.of(end, end.length)),
              EValue.from(Tensor.of(new long[] {steps})));
      return Found.of(out);
    }

    @Override
    public void close() {
      module.close();
    }
  }

  /** What a search found. */
  @SuppressWarnings("ArrayRecordComponent") // read in place
  record Found(long[][][] sequences, float[][] scores, int[][] lengths) {

    static Found of(EValue[] out) {
      Tensor tokens = out[0].toTensor();
      int rows = (int) tokens.size(0);
      int count = (int) tokens.size(1);
      int columns = (int) tokens.size(2);
      long[] flat = tokens.toLongArray();
      float[] flatScores = out[1].toTensor().toFloatArray();
      long[] flatLengths = out[2].toTensor().toLongArray();
      long[][][] sequences = new long[rows][count][];
      float[][] scores = new float[rows][];
      int[][] lengths = new int[rows][count];
      for (int row = 0; row < rows; row++) {
        for (int i = 0; i < count; i++) {
          int at = row * count + i;
          sequences[row][i] = Arrays.copyOfRange(flat, at * columns, (at + 1) * columns);
          lengths[row][i] = (int) flatLengths[at];
        }
        scores[row] = Arrays.copyOfRange(flatScores, row * count, (row + 1) * count);
      }
      return new Found(sequences, scores, lengths);
    }

    int[] generated(int row, int sequence, int prompt) {
      return Arrays.stream(sequences[row][sequence], prompt, lengths[row][sequence])
          .mapToInt(Math::toIntExact)
          .toArray();
    }
  }
}
